"""Where imported tasks stand in their columns."""

from collections import defaultdict
from typing import Any

from doska.doors.desk import Desk
from doska.doors.model import Task
from doska.doors.moving import moved
from doska.doors.state import Row
from doska.ordering import between, spread


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
        places = [self._earlier(task, row) for task, row in tasks]
        wandering = moved(places)
        entering = [n for n, place in enumerate(places) if place is None or n in wandering]
        entering_ids = {tasks[n][1]["id"] for n in entering}
        final_columns = {row["id"]: row["column_id"] for _, row in tasks}
        staying = sorted(
            (row["rank"], row["id"])
            for row in self._standing[column_id]
            if row["id"] not in entering_ids
            and final_columns.get(row["id"], column_id) == column_id
        )
        if not entering:
            return
        order = [row_id for _, row_id in staying]
        ranks = {row_id: rank for rank, row_id in staying}
        _weave(order, [row["id"] for _, row in tasks], entering_ids)
        _rank(order, ranks)
        for _, row in (tasks[n] for n in entering):
            row["rank"] = ranks[row["id"]]

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


def _weave(order: list[str], source: list[str], entering: set[str]) -> None:
    """Put each that enters before the one after it in the source, the last ones at the bottom."""
    present = set(order)
    before: dict[str | None, list[str]] = defaultdict(list)
    following: str | None = None
    for row_id in reversed(source):
        if row_id in entering:
            before[following].append(row_id)
        elif row_id in present:
            following = row_id
    woven: list[str] = []
    for row_id in order:
        woven += [*reversed(before[row_id]), row_id]
    order[:] = [*woven, *reversed(before[None])]


def _rank(order: list[str], ranks: dict[str, str]) -> None:
    """Give ranks to those without one, between their neighbours."""
    low, place = None, 0
    while place < len(order):
        if order[place] in ranks:
            low, place = ranks[order[place]], place + 1
            continue
        end = place
        while end < len(order) and order[end] not in ranks:
            end += 1
        high = ranks[order[end]] if end < len(order) else None
        ranks |= zip(order[place:end], _dealt(end - place, low, high), strict=True)
        place = end


def _dealt(count: int, low: str | None, high: str | None) -> list[str]:
    """Give so many keys between two, none longer than it must be."""
    if high is None:
        return spread(count, low)
    if count == 0:
        return []
    middle = between(low, high)
    half = count // 2
    return [*_dealt(half, low, middle), middle, *_dealt(count - half - 1, middle, high)]
