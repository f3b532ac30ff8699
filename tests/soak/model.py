"""A board's order in plain Python, from its log: what each move did at the moment when it did it."""

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field

from calls import Json

Version = tuple[str, int]  # of a task


@dataclass(frozen=True)
class Move:
    """An acknowledged move: what was asked for, and the task as it was answered."""

    body: Json
    task: Json

    @property
    def version(self) -> Version:
        """Tell which version of which task it has led to, or has left alone."""
        return self.task["id"], self.task["version"]


@dataclass
class Model:
    """Columns of tasks, each in the order of its keys, after so many events."""

    columns: dict[str, list[tuple[bytes, str]]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, Json] = field(default_factory=dict)

    def apply(self, event: Json) -> None:
        """Do again what an event tells."""
        for change in event["changes"]:
            if change["table"] == "tasks":
                self._replace(change["id"], change["after"])

    def _replace(self, task: str, row: Json | None) -> None:
        if old := self.rows.pop(task, None):
            self.columns[old["column_id"]].remove((old["rank"].encode(), task))
        if row:
            self.rows[task] = row
            insort(self.columns[row["column_id"]], (row["rank"].encode(), task))

    def is_where(self, task: str, body: Json) -> bool:
        """Tell whether a task stands where a move has put it."""
        row = self.rows[task]
        column = self.columns[row["column_id"]]
        order = [other for _, other in column]
        place = bisect_left(column, (row["rank"].encode(), task))
        if body.get("column_id", row["column_id"]) != row["column_id"]:
            return False
        if at := body.get("at"):
            return place == (0 if at == "top" else len(order) - 1)
        if near := body.get("before"):
            return order[place + 1 : place + 2] == [near]
        return place > 0 and order[place - 1] == body["after"]


def wrong_moves(events: list[Json], moves: list[Move]) -> list[str]:
    """Compare what was answered with what the log tells; each move is an event, or changed nothing."""
    asked: dict[Version, list[Move]] = defaultdict(list)
    for move in moves:
        asked[move.version].append(move)
    model, found = Model(), []
    for event in events:
        model.apply(event)
        for change in event["changes"]:
            if change["table"] != "tasks" or not (row := change["after"]):
                continue
            answered = asked.pop((row["id"], row["version"]), [])
            found += [f"{event['seq']}: {what}" for what in _wrong(event, row, answered, model)]
    return found + [f"no event led to what was answered: {version}" for version in asked]


def _wrong(event: Json, row: Json, answered: list[Move], model: Model) -> list[str]:
    """Compare one row with the answers that show it; the others of these have changed nothing."""
    fields = ("column_id", "rank", "status")
    found = [
        f"answered {[move.task[name] for name in fields]}, logged {[row[name] for name in fields]}"
        for move in answered
        if any(move.task[name] != row[name] for name in fields)
    ]
    if event["type"] == "task.moved" and event["task_id"] == row["id"]:
        if not answered:
            found.append("a move that nobody was told of")
        elif not any(model.is_where(row["id"], move.body) for move in answered):
            found.append(f"the task is not where {[move.body for move in answered]} put it")
    return found
