"""An archive for somebody else, or for another server: new ids, and names in place of people.

Ids are dealt anew, in rows and in the log alike. Whoever does not come back is a stranger: the log
goes on telling that somebody was there, by an id that nobody has, and their places end as the last
thing that it tells; where rows name an author, there is nobody, or a name.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from doska.boards.kinds import Kind, kind_of
from doska.boards.models import Role
from doska.doors.archive.opening import Archive, Row
from doska.doors.archive.rules import is_id
from doska.schemas import new_id

PLACES = "board_users"
OF_PLACES = (PLACES, "task_assignees")
_POINTING = ("id", "before", "after", "to")  # and what ends in _id, _ids


class Ids(dict[str, str]):
    """Which id takes the place of which; each gets its new one when it is first met."""

    def __missing__(self, given: str) -> str:
        self[given] = found = new_id()
        return found


class _Same(Ids):
    """Leaves ids as they are."""

    def __missing__(self, given: str) -> str:
        return given


def dealt(archive: Archive, importer_id: str, *, keeps_ids: bool = False) -> Archive:
    """Deal a copy that names nobody but its importer, who is its CREATOR; it is private."""
    made = _Dealing(archive, importer_id, _Same() if keeps_ids else Ids()).archive()
    made = ended(made, lambda kind, _: bool(_places(kind)), importer_id)
    if not made.board["is_public"]:
        return made
    board = {**made.board, "is_public": False}
    change = {"table": "boards", "id": board["id"], "before": made.board, "after": board}
    return replace(made, board=board, events=_with(made.events, [change]))


def _places(kind: Kind) -> list[str]:
    """Name the columns by which a row is somebody's, and goes with them."""
    return [name for name, how in kind.people.items() if how != "forget"]


class _Dealing:
    """Knows what everything is called now."""

    def __init__(self, archive: Archive, importer_id: str, ids: Ids) -> None:
        self._archive, self._importer_id = archive, importer_id
        self._ids, self._strangers = ids, Ids()
        ids[importer_id] = importer_id

    def archive(self) -> Archive:
        given = self._archive
        return replace(
            given,
            board=self._row(kind_of("boards"), given.board),
            rows={
                table: [self._row(kind_of(table), row) for row in rows]
                for table, rows in given.rows.items()
            },
            blobs=[
                {**row, "id": self._ids[row["id"]], "created_by": self._importer_id}
                for row in given.blobs
            ],
            events=[self._event(event) for event in given.events],
            refs=[],
            extras={self._ids[one]: extra for one, extra in given.extras.items()},
        )

    def _row(self, kind: Kind, given: Row) -> Row:
        row = kind.whole(given, self._archive.board_id)
        found = {
            name: self._ids[value] if _is_pointing(name, value) else value
            for name, value in row.items()
        }
        return found | self._people(kind, row)

    def _people(self, kind: Kind, row: Row) -> Row:
        """Put strangers in the place of people, and the name in the place of an author."""
        found: Row = {name: row[name] and self._strangers[row[name]] for name in _places(kind)}
        for name in kind.people.keys() - found.keys():
            is_own = row[name] == self._importer_id
            found[name] = row[name] if is_own else None
            if row[name] and not is_own and "author_name" in row and not row["author_name"]:
                person = self._archive.people.get(row[name]) or {}
                found["author_name"] = person.get("name")
        for name, key in kind.naming.items():
            found[name] = [one for one in row[name] or () if one[key] == self._importer_id]
        return found

    def _event(self, event: Row) -> Row:
        is_own = event["actor_id"] == self._importer_id
        return {
            **event,
            "actor_id": event["actor_id"] if is_own else None,
            "task_id": event["task_id"] and self._ids[event["task_id"]],
            "batch_id": event["batch_id"] and self._ids[event["batch_id"]],
            "payload": self._payload(event["payload"]),
            "changes": [self._change(change) for change in event["changes"]],
        }

    def _change(self, change: Row) -> Row:
        kind = kind_of(change["table"])
        before, after = (
            image and self._row(kind, image) for image in (change["before"], change["after"])
        )
        return {**change, "id": self._ids[change["id"]], "before": before, "after": after}

    def _payload(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._payload(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self._payload(part, name.removesuffix("s")) for part in value]
        return self._ids[value] if _is_pointing(name, value) else value


def _is_pointing(name: str, value: Any) -> bool:
    return (name in _POINTING or name.endswith("_id")) and is_id(value)


Goes = Callable[[Kind, Row], bool]


def ended(archive: Archive, goes: Goes, creator_id: str | None) -> Archive:
    """Let places end that nobody takes again, and have somebody else own the board, if given."""
    rows, changes = dict(archive.rows), []
    for table in reversed(archive.rows):
        kind = kind_of(table)
        gone = [row for row in rows[table] if goes(kind, row)]
        changes += [{"table": table, "id": r["id"], "before": r, "after": None} for r in gone]
        taken = {row["id"] for row in gone}
        rows[table] = [row for row in rows[table] if row["id"] not in taken]
    if creator_id is not None:
        place = _place(archive, creator_id)
        rows[PLACES] = [*rows[PLACES], place]
        changes.append({"table": PLACES, "id": place["id"], "before": None, "after": place})
    dropped = frozenset(c["id"] for c in changes if c["table"] == PLACES and c["before"])
    return replace(archive, rows=rows, events=_with(archive.events, changes), dropped=dropped)


def _place(archive: Archive, user_id: str) -> Row:
    return {
        "id": new_id(),
        "board_id": archive.board_id,
        "user_id": user_id,
        "role": Role.CREATOR.value,
        "joined_at": archive.board["created_at"],
    }


def _with(events: list[Row], changes: list[Row]) -> list[Row]:
    """Add to the last event; of each row it tells once, from the first to the last."""
    if not events or not changes:
        return events
    found = {(change["table"], change["id"]): change for change in events[-1]["changes"]}
    for change in changes:
        earlier = found.get((change["table"], change["id"]), change)
        found[change["table"], change["id"]] = {**change, "before": earlier["before"]}
    told = [c for c in found.values() if c["before"] is not None or c["after"] is not None]
    return [*events[:-1], {**events[-1], "changes": told}]
