"""What stands in the way of taking a change back, told to the client."""

from collections.abc import Sequence
from typing import Any, ClassVar

from doska.boards.log import Change
from doska.database import json_of
from doska.errors import Conflict
from doska.undo.reversal import Clash
from doska.undo.state import State

CLASHES_MAX = 20
_ID = "0198c0de-0000-7000-8000-000000000001"

KINDS = {
    "boards": "board",
    "board_users": "person",
    "columns": "column",
    "tasks": "task",
    "task_assignees": "assignee",
    "subtasks": "subtask",
}


class BuiltUpon(Conflict):
    """Others have built upon this since: take that back first."""

    example: ClassVar[dict[str, Any]] = {
        "conflicts": [
            {"kind": "task", "id": _ID, "fields": ["title"], "seq": 9, "type": "task.updated"}
        ]
    }


class NotUndoable(Conflict):
    """This is not a change of the board that could be taken back."""


# Who has touched these rows since, the latest first.
_SINCE = """
    select w.place - 1 as place, e.seq, e.type, c -> 'before' as before, c -> 'after' as after
    from unnest($3::text[], $4::text[]) with ordinality as w (tbl, id, place)
    join events e on e.board_id = $1 and e.seq > $2
        and e.changes @> jsonb_build_array(jsonb_build_object('table', w.tbl, 'id', w.id))
    cross join jsonb_array_elements(e.changes) c
    where c ->> 'table' = w.tbl and c ->> 'id' = w.id
    order by w.place, e.seq desc"""


async def refuse(opened: Change, seq: int, clashes: Sequence[Clash], state: State) -> None:
    """Name what stands in the way, and by which event."""
    shown = list(dict.fromkeys(clashes))[:CLASHES_MAX]
    tables, ids = [clash.table for clash in shown], [clash.id for clash in shown]
    rows = await opened.connection.fetch(_SINCE, opened.board["id"], seq, tables, ids)
    conflicts = []
    for place, clash in enumerate(shown):
        since = [row for row in rows if row["place"] == place]
        event = next((row for row in since if _touches(row, clash.fields)), None)
        conflicts.append(
            {
                "kind": KINDS[clash.table],
                "id": _known_id(state, clash, since),
                "fields": list(clash.fields),
                "seq": event and event["seq"],
                "type": event and event["type"],
            }
        )
    raise BuiltUpon(_words(conflicts), conflicts=conflicts)


def _touches(row: Any, fields: tuple[str, ...]) -> bool:
    before, after = json_of(row["before"]), json_of(row["after"])
    if not (before and after and fields):
        return True
    return any(before.get(name) != after.get(name) for name in fields)


def _known_id(state: State, clash: Clash, since: list[Any]) -> str:
    """Give the id by which clients know it: people and assignees go by that of the user."""
    images = [json_of(row[side]) for row in since for side in ("after", "before")]
    row: Any = state.get(clash.table, clash.id) or next((image for image in images if image), {})
    return str(row.get("user_id", clash.id))


def _words(conflicts: list[dict[str, Any]]) -> str | None:
    if not conflicts:
        return "Nothing of it is left to take back."
    first = conflicts[0]
    by = f", by event {first['seq']}" if first["seq"] else ""
    return f"A {first['kind']} has been changed since{by}."
