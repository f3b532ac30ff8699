"""What of a board's log is audited: who may do what there, who may see it, what administrators do.

Told from the rows that an action has written, whatever the action was: who is given a role by an
undo, or inherits a board, is on a line like all others.
"""

from collections.abc import Iterator
from typing import Any

from doska.boards.changes import Entry, RowChange
from doska.boards.kinds import kind_of
from doska.boards.models import Role
from doska.boards.policy import GRANTS, Right, Standing
from doska.http.telemetry import Event, audit

Told = tuple[Event, dict[str, Any]]  # and its fields


def audit_entries(board_id: str, standing: Standing, entries: list[Entry], seq: int) -> None:
    """Write down what matters of what was appended to a board's log after ``seq``."""
    for number, entry in enumerate(entries, seq + 1):
        told = [found for row in entry.rows for found in _of_row(row)]
        for event, fields in told:
            audit(event, board=board_id, seq=number, **fields)
    if types := sorted({entry.event["type"] for entry in entries if _is_by_flag(standing, entry)}):
        last = seq + len(entries)
        audit("administrator.acted", board=board_id, seq=last, types=types)


def _of_row(row: RowChange) -> Iterator[Told]:
    if row.table == "board_users":
        yield from _of_person(row.before, row.after)
    if row.table == "boards":
        was_public = row.before is not None and row.before["is_public"]
        is_public = row.after is not None and row.after["is_public"]
        if was_public != is_public:
            yield ("board.published" if is_public else "board.hidden"), {}


def _of_person(before: Any, after: Any) -> Iterator[Told]:
    """Tell of a place on a board; the CREATOR's own, on a new board, is no news."""
    if before is None:
        if after["role"] != Role.CREATOR:
            yield "member.added", {"target": after["user_id"], "role": after["role"]}
    elif after is None:
        yield "member.removed", {"target": before["user_id"], "role_before": before["role"]}
    elif after["role"] != before["role"]:
        # The rest of a hand-over is that the CREATOR becomes something else: told by this one.
        roles = {"role": after["role"], "role_before": before["role"]}
        if after["role"] == Role.CREATOR:
            yield "board.handed_over", {"target": after["user_id"], **roles}
        elif before["role"] != Role.CREATOR:
            yield "role.changed", {"target": after["user_id"], **roles}


def _is_by_flag(standing: Standing, entry: Entry) -> bool:
    """Tell what nobody but an administrator could have done; changes of accounts tell themselves."""
    if not standing.is_admin or entry.event["type"].startswith("user."):
        return False
    own = GRANTS[standing.role] if standing.role else frozenset()
    return any(_needed(row, entry.event["actor_id"]) not in own for row in entry.rows)


def _needed(row: RowChange, actor_id: str) -> Right:
    """Return the right that a change of a row needed; what is somebody else's needs another."""
    kind, before = kind_of(row.table), row.before
    is_others = before and not row.after and kind.owner_in(before) not in (None, actor_id)
    return kind.taken_by if is_others and kind.taken_by else kind.right_for(before or row.after)
