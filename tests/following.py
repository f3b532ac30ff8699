"""A client that has a snapshot and keeps it up to date by the board's events alone.

People are kept by their ids: how they are called is told by an event of its own.
"""

from collections.abc import Iterable
from typing import Any

from api import Json, Person
from walks import walked

Things = dict[str, Json]  # by id


class Board:
    """A board as a client keeps it: what a snapshot shows, and the cards in the archive."""

    def __init__(self, snapshot: Json, archived: list[Json]) -> None:
        self.shown = faceless(snapshot)
        self.people = {person["user"]: person for person in self.shown["people"]}
        self.columns, self.tasks = (
            {thing["id"]: thing for thing in things}
            for things in (self.shown["columns"], [*self.shown["tasks"], *faceless(archived)])
        )

    def apply(self, event: Json) -> None:
        """Take over what is new."""
        kind, payload = event["type"], faceless(event["payload"])
        self.shown |= {name: event[name] for name in ("seq", "position")}
        self.shown["board"] |= payload.get("board", {})
        for name, things in {"column": self.columns, "task": self.tasks}.items():
            if kind == f"{name}.deleted":
                del things[payload.pop(name)["id"]]
            merge(things, [payload.get(name), *payload.get(f"{name}s", [])])
        if kind == "person.removed":
            self._leave(id_in(payload.pop("person")["user"]))
        merge(self.people, [payload.get("person"), *payload.get("people", [])], key="user")
        if kind == "user.deleted":
            self._leave(user := id_in(payload["user"]))
            for task in self.tasks.values():
                task["author"] = None if task["author"] == user else task["author"]

    def _leave(self, user_id: str) -> None:
        self.people.pop(user_id, None)
        for task in self.tasks.values():
            task["assignees"] = [other for other in task["assignees"] if other != user_id]

    def snapshot(self) -> Json:
        """Show it as a snapshot does."""
        cards = [task for task in self.tasks.values() if task["rank"] is not None]
        columns, tasks = [], []
        for column in sorted(self.columns.values(), key=rank_of):
            standing = [task for task in cards if task["column_id"] == column["id"]]
            columns.append({**column, "task_count": len(standing), "next_cursor": None})
            tasks += sorted(standing, key=rank_of)
        people = sorted(self.people.values(), key=lambda person: str(person["joined_at"]))
        cards = [card(task) for task in tasks]
        return {**self.shown, "people": people, "columns": columns, "tasks": cards}


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
            del kept[id_in(fields[key])]
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
    snapshot = await reader.read(f"/boards/{board_id}/snapshot")
    archive = {"archived": "true", "fields": "card", "limit": 200}
    return Board(snapshot, await walked(reader, "/tasks", board_id=board_id, **archive))
