"""Whose rows an undo may touch: it asks what the change itself asked, or more."""

from doska.boards.changes import RowChange
from doska.boards.kinds import Kind, Row, kind_of
from doska.boards.log import Change
from doska.boards.owning import check_change, check_taking, may_change


def check_owners(opened: Change, changed_by: str | None, wanted: list[RowChange]) -> None:
    """Refuse to take back what somebody else's rows have become.

    What the owner took away comes back only by the owner, what others took away only by who may do
    that, too. What goes or comes back with what it hangs on is judged by that. One person has made
    all the changes of a batch: ``changed_by``.
    """
    found = {(change.table, change.id): change for change in wanted}
    for change in wanted:
        kind = kind_of(change.table)
        row = change.before or change.after
        if kind.owner_in(row) is None or _is_along(found, kind, change):
            continue
        judged = (opened.actor_id, opened.standing)
        if change.before and change.after:
            check_change(kind.table, change.before, *judged)
        elif change.after:
            check_taking(kind.table, change.after, *judged)
        elif may_change(kind.table, change.before, changed_by or ""):
            check_change(kind.table, change.before, *judged)
        else:
            opened.standing.require(kind.taken_by or kind.right)


def _is_along(found: dict[tuple[str, str], RowChange], kind: Kind, change: RowChange) -> bool:
    """Tell whether a row comes or goes with what it hangs on."""
    row: Row = change.before or change.after
    for parent in kind.parents:
        above = found.get((parent.table, row[parent.column])) if parent.key == "id" else None
        if above and (above.before is None) == (change.before is None):
            return bool(above.before is None or above.after is None)
    return False
