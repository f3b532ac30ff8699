"""Rows with an owner: only the owner changes them; who else may delete them is declared."""

from doska.boards.kinds import Row, kind_of
from doska.boards.policy import NotAllowed, Standing


def may_change(table: str, row: Row, actor_id: str) -> bool:
    """Return whether somebody may change a row, by its owner."""
    return kind_of(table).owner_in(row) in (None, actor_id)


def check_change(table: str, row: Row, actor_id: str, standing: Standing) -> None:
    """Refuse to change what belongs to somebody else."""
    if not may_change(table, row, actor_id):
        raise NotAllowed("Only its author may change this.", role=standing.role)


def check_taking(table: str, row: Row, actor_id: str, standing: Standing) -> None:
    """Refuse to delete what belongs to somebody else, without the right to do so."""
    if not may_change(table, row, actor_id) and kind_of(table).taken_by not in standing.rights:
        raise NotAllowed("Only its author may delete this.", role=standing.role)
