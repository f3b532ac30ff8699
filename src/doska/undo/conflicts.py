"""What conflicts with an undo, as clients see it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic_core import to_json

from doska.boards.kinds import Row, kind_of
from doska.boards.log import Change
from doska.errors import Conflict
from doska.undo.reversal import Clash
from doska.undo.state import State

CLASHES_MAX = 20
_ID = "0198c0de-0000-7000-8000-000000000001"


class BuiltUpon(Conflict):
    """Later changes depend on this one: undo them first."""

    example: ClassVar[dict[str, Any]] = {
        "conflicts": [
            {"kind": "task", "id": _ID, "fields": ["title"], "seq": 9, "type": "task.updated"}
        ]
    }


class NotUndoable(Conflict):
    """This is not a change of the board that can be undone."""


# The last event since then that changed these fields of a row, or created or deleted it. It is read
# only for deleted people and assignees, to find out who it was about.
_SINCE = """
    select w.place - 1 as place, e.seq, e.type, case when w.known_by is not null then (
        select coalesce(c -> 'after' ->> w.known_by, c -> 'before' ->> w.known_by)
        from jsonb_array_elements(e.changes) c
        where c ->> 'table' = w.name and c ->> 'id' = w.id::text) end as known_id
    from rows from (jsonb_to_recordset($3::jsonb)
        as (name text, id uuid, fields text[], known_by text))
        with ordinality as w (name, id, fields, known_by, place)
    cross join lateral (
        select t.seq from touched_rows t
        where t.board_id = $1 and t.row_id = w.id and t.seq > $2 and t.name = w.name
            and (t.fields is null or w.fields = '{}' or t.fields && w.fields)
        order by t.seq desc limit 1) t
    join events e on e.board_id = $1 and e.seq = t.seq"""


async def refuse(opened: Change, seq: int, clashes: Sequence[Clash], state: State) -> None:
    """Name what conflicts, and by which event."""
    shown = list(dict.fromkeys(clashes))[:CLASHES_MAX]
    wanted = [_wanted(clash, state.get(clash.table, clash.id)) for clash in shown]
    rows = await opened.connection.fetch(_SINCE, opened.board["id"], seq, to_json(wanted).decode())
    events = {row["place"]: row for row in rows}
    conflicts = []
    for place, clash in enumerate(shown):
        event = events.get(place)
        conflicts.append(
            {
                "kind": kind_of(clash.table).noun,
                "id": _known_id(state, clash, event),
                "fields": list(clash.fields),
                "seq": event and event["seq"],
                "type": event and event["type"],
            }
        )
    raise BuiltUpon(_words(conflicts), conflicts=conflicts)


def _wanted(clash: Clash, row: Row | None) -> dict[str, Any]:
    known_by = kind_of(clash.table).known_by
    wanted = known_by if row is None and known_by != "id" else None
    return {"name": clash.table, "id": clash.id, "fields": clash.fields, "known_by": wanted}


def _known_id(state: State, clash: Clash, event: Any) -> str:
    """Return the id that clients know: for people and assignees that of the user."""
    if row := state.get(clash.table, clash.id):
        return str(row[kind_of(clash.table).known_by])
    return str((event and event["known_id"]) or clash.id)


def _words(conflicts: list[dict[str, Any]]) -> str | None:
    if not conflicts:
        return "Nothing of it is left to take back."
    first = conflicts[0]
    by = f", by event {first['seq']}" if first["seq"] else ""
    return f"A {first['kind']} has been changed since{by}."
