"""Where imported tasks stand in their columns."""

from collections import defaultdict
from typing import Any

from doska.doors.desk import Desk
from doska.doors.model import Task
from doska.doors.order import placed
from doska.doors.state import Row


class Places:
    """Where tasks stand: the order of the source, as far as it has changed there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._n: dict[str, int] = {}
        counts: dict[str, int] = defaultdict(int)
        for task in desk.board.tasks:
            self._n[task.id] = counts[task.column or ""]
            counts[task.column or ""] += 1
        self._standing: dict[str, list[Row]] = defaultdict(list)
        for row in desk.state.rows["tasks"].values():
            if row["rank"] is not None:
                self._standing[row["column_id"]].append(row)

    def place_of(self, task: Task) -> int:
        """Tell which of its list a card is."""
        return self._n[task.id]

    def deal(self, rows: list[Any]) -> None:
        """Give ranks to those that are new in their column, or have moved in it."""
        columns: dict[str, list[tuple[Task, Row]]] = defaultdict(list)
        for task, row, *_ in rows:
            row["_n"] = self._n[task.id]
            is_ours = row.pop("_is_ours", False)  # somebody here has put it elsewhere
            if row["archived_at"] is None and not is_ours:
                columns[row["column_id"]].append((task, row))
        for column_id, tasks in columns.items():
            self._deal_column(column_id, tasks)

    def _deal_column(self, column_id: str, tasks: list[tuple[Task, Row]]) -> None:
        places = {row["id"]: self._earlier(task, row) for task, row in tasks}
        final_columns = {row["id"]: row["column_id"] for _, row in tasks}
        standing = [
            (row["rank"], row["id"])
            for row in self._standing[column_id]
            if final_columns.get(row["id"], column_id) == column_id
        ]
        before = {row_id: place for row_id, place in places.items() if place is not None}
        found = placed(standing, [*places], before, places.keys() - before.keys())
        for _, row in tasks:
            row["rank"] = found.ranks.get(row["id"], row["rank"])
            row["_is_kept"] = row["id"] in found.kept

    def _earlier(self, task: Task, row: Row) -> int | None:
        """Tell which of this column's cards it was before; None: it stands there anew."""
        before = row.get("_before")
        ref = self._desk.state.refs.get(("task", task.id))
        if before is None or ref is None or row["rank"] is None:
            return None
        if before["column_id"] != row["column_id"]:
            return None
        if ref.fields.get("list") != (task.column or ""):
            return self._n[task.id] if "column_id" not in row["_changed"] else None
        return ref.fields.get("n")
