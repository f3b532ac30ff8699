"""What an event tells of everything that a change touches: by kind, each thing once."""

from collections import defaultdict
from typing import Any

from doska.boards.actions import board_view
from doska.boards.kinds import Row
from doska.boards.log import Change
from doska.boards.models import known_role
from doska.boards.pieces import pieces_of
from doska.boards.schemas import differences
from doska.boards.statements import RowChange
from doska.tasks.cards import marked
from doska.tasks.drawing import shown_task
from doska.tasks.schemas import shown_column, shown_subtask
from doska.tasks.telling import gone, news
from doska.undo.state import State

View = dict[str, Any]


def told(opened: Change, state: State) -> View:
    """Show each thing whole if it is new, else what is new of it, or that it is deleted."""
    rows = opened.rows
    before, after = _Views(opened, state, []), _Views(opened, state, rows)
    payload: View = {}
    for row in (row for row in rows if row.table == "boards"):
        payload["board"] = differences(board_view(row.before), board_view(row.after))  # type: ignore[arg-type]
    found = {
        "people": [_person(state, row) for row in rows if row.table == "board_users"],
        "columns": [_thing(row, shown_column) for row in rows if row.table == "columns"],
        "tasks": [_task(row, before, after) for row in rows if row.table == "tasks"],
        "subtasks": [_thing(row, shown_subtask) for row in rows if row.table == "subtasks"],
    }
    return payload | {kind: things for kind, things in found.items() if things}


class _Views:
    """How tasks are shown, with these changes."""

    def __init__(self, opened: Change, state: State, rows: list[RowChange]) -> None:
        self._key, self._users = opened.board["key"], state.users
        changed = {(row.table, row.id): row.after for row in rows}
        self._beside = {
            piece.name: (piece, _by(piece.key, _changed(state, piece.source, changed)))
            for piece in pieces_of("tasks")
        }

    def of(self, row: Row) -> View:
        """Show a task."""
        beside = {
            name: piece.drawn(found.get(row["id"], []), self._users)
            for name, (piece, found) in self._beside.items()
        }
        return shown_task(row, self._key, self._users.get(row["author_id"]), beside)


def _by(key: str, rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row["id"])):
        found[row[key]].append(row)
    return found


def _changed(state: State, table: str, changed: dict[tuple[str, str], Row | None]) -> list[Row]:
    kept = [row for row in state.around[table].values() if (table, row["id"]) not in changed]
    return [*kept, *(row for place, row in changed.items() if place[0] == table and row)]


def _task(change: RowChange, before: _Views, after: _Views) -> View:
    if change.after is None:
        return {**gone(change.before), "is_deleted": True}  # type: ignore[arg-type]
    if change.before is None:
        return marked(after.of(change.after))
    return news(change.before, change.after, before.of(change.before), after.of(change.after))


def _thing(change: RowChange, show: Any) -> View:
    if change.after is None:
        return {"id": change.id, "is_deleted": True}
    if change.before is None:
        return show(change.after)  # type: ignore[no-any-return]
    return differences(show(change.before), show(change.after))


def _person(state: State, change: RowChange) -> View:
    if change.after is None:
        return {"user": {"id": change.before["user_id"]}, "is_deleted": True}  # type: ignore[index]
    row = change.after
    if change.before is None:
        user = state.users[row["user_id"]]
        return {"user": user, "role": known_role(row["role"]), "joined_at": row["joined_at"]}
    return {"user": {"id": row["user_id"]}, "role": known_role(row["role"])}
