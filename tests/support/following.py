"""A client that has a snapshot and keeps it up to date by the board's events alone.

People are kept by their ids: how they are called is told by an event of its own.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import cycle
from typing import Any

from api import Json, Person

Things = dict[str, Json]  # by id
NEVER_ASKED = cycle(range(999, 99, -1))  # tasks per column, more than there are: nothing is kept


class Board:
    """A board as a client keeps it: what a snapshot shows, and nothing of the archive.

    When a column comes back from there its tasks are not told: then ``is_old``, until it is made anew.

    How many cards a column has is counted by events alone, as whoever keeps only some of them does.
    """

    def __init__(self, snapshot: Json) -> None:
        self.shown, self.is_old = faceless(snapshot), False
        self.people = {person["user"]: person for person in self.shown["people"]}
        self.columns, self.labels, self.tasks = (
            {thing["id"]: thing for thing in self.shown[name]}
            for name in ("columns", "labels", "tasks")
        )
        self.counts = Counter({key: column["task_count"] for key, column in self.columns.items()})

    def apply(self, event: Json) -> None:
        """Take over what is new."""
        kind, payload = event["type"], faceless(event["payload"])
        self.shown |= {name: event[name] for name in ("seq", "position")}
        self.shown["board"] |= payload.get("board", {})
        for name in ("column", "label", "task"):
            if kind == f"{name}.deleted":
                payload[name]["is_deleted"] = True
        columns = [payload.get("column"), *payload.get("columns", [])]
        self.is_old |= any(column.pop("from_archive", False) for column in filter(None, columns))
        merge(self.columns, columns)
        merge(self.labels, [payload.get("label"), *payload.get("labels", [])])
        for task in filter(None, [payload.get("task"), *payload.get("tasks", [])]):
            self._count(task)
            self._take(task)
        self.columns = {key: c for key, c in self.columns.items() if not c.get("is_archived", True)}
        self.tasks = {key: t for key, t in self.tasks.items() if t["column_id"] in self.columns}
        self.counts = Counter({column: self.counts[column] for column in self.columns})
        if kind == "person.removed":
            self.people.pop(id_in(payload.pop("person")["user"]))
        merge(self.people, [payload.get("person"), *payload.get("people", [])], key="user")
        if kind == "user.deleted":
            self.people.pop(user := id_in(payload["user"]), None)
            for task in self.tasks.values():
                task["author"] = None if task["author"] == user else task["author"]

    def _count(self, task: Json) -> None:
        left, is_whole = task.pop("from_column_id", None), "created_at" in task
        self.counts[left] -= 1
        is_off = task.get("is_deleted") or task.get("is_archived")
        if (left or is_whole) and "column_id" in task and not is_off:
            self.counts[task["column_id"]] += 1

    def _take(self, task: Json) -> None:
        known = self.tasks.get(task["id"], {})
        if task.get("is_deleted") or {**known, **task}.get("rank") is None:
            self.tasks.pop(task["id"], None)
        elif known or "created_at" in task:
            self.tasks[task["id"]] = {**known, **task}

    def snapshot(self) -> Json:
        """Show it as a snapshot does."""
        columns, tasks = [], []
        for column in sorted(self.columns.values(), key=rank_of):
            standing = [task for task in self.tasks.values() if task["column_id"] == column["id"]]
            columns.append({**column, "task_count": self.counts[column["id"]], "next_cursor": None})
            tasks += sorted(standing, key=rank_of)
        people = sorted(self.people.values(), key=lambda person: str(person["joined_at"]))
        cards = [card(task) for task in tasks]
        labels = sorted(self.labels.values(), key=rank_of)
        found = {"people": people, "columns": columns, "labels": labels, "tasks": cards}
        return {**self.shown, **found}


def rank_of(thing: Json) -> str:
    return str(thing["rank"])


def card(task: Json) -> Json:
    """Leave out the description, which events tell and snapshots do not."""
    return {name: value for name, value in task.items() if name != "description"}


def merge(kept: Things, things: Iterable[Json | None], key: str = "id") -> None:
    """Take over the fields that are new; a thing that is told whole may be new itself."""
    for thing in filter(None, things):
        fields = dict(thing)
        if fields.pop("is_deleted", False):
            kept.pop(id_in(fields[key]), None)  # an archived one was not kept
        else:
            kept.setdefault(id_in(fields[key]), {}).update(fields | {key: id_in(fields[key])})


def id_in(value: Any) -> str:
    return str(value["id"] if isinstance(value, dict) else value)


def faceless(value: Any) -> Any:
    """Put people's ids in place of what is shown of them."""
    if isinstance(value, list):
        return [faceless(item) for item in value]
    if isinstance(value, dict):
        return value["id"] if "username" in value else {k: faceless(v) for k, v in value.items()}
    return value


async def kept_by(reader: Person, board_id: str) -> Board:
    """Look at a board as it is now."""
    return Board(await reader.read(f"/boards/{board_id}/snapshot"))


async def follow(reader: Person, board: Board) -> None:
    """Take over all that is new, and look whether that is all."""
    path = f"/boards/{board.shown['board']['id']}"
    for event in await reader.items(f"{path}/events", after=board.shown["seq"], limit=200):
        board.apply(event)
    if board.is_old:
        board.__init__(await reader.read(f"{path}/snapshot"))  # type: ignore[misc]
    kept = await reader.get(f"{path}/snapshot")
    assert board.snapshot() == faceless(kept.json())
    anew = await reader.get(f"{path}/snapshot", tasks_per_column=next(NEVER_ASKED))
    assert kept.content == anew.content
