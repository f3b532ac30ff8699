"""All features that declare something of a board: who reads the declarations imports this first.

A new feature is named here, and in no other list.
"""

import doska.boards.declared
import doska.tasks.declared  # noqa: F401  # each for what it declares
from doska.boards.kinds import check_kinds
from doska.boards.pieces import check_pieces


def check_declarations() -> None:
    """Refuse to start where a declaration leaves out something, or does not fit the others."""
    check_kinds()
    check_pieces()
