"""The kinds of things that boards themselves bring: the board, and the people on it."""

from doska.boards.kinds import by, kind
from doska.boards.limits import AtMost
from doska.boards.policy import Right
from doska.boards.rows import BoardRow, BoardUserRow
from doska.boards.schemas import BoardView, PersonOut

BOARDS = kind(
    "boards",
    BoardRow,
    noun="board",
    plural="boards",
    right=Right.EDIT_BOARD,
    parents=(),
    shown=BoardView,
    is_named=True,
)
PEOPLE_MAX = AtMost("people_per_board_max", "people of a board", "board_id")
PEOPLE = kind(
    "board_users",
    BoardUserRow,
    noun="person",
    plural="people",
    right=Right.MANAGE_PEOPLE,
    parents=(),
    shown=PersonOut,
    known_by="user_id",
    limit=PEOPLE_MAX,
    unique=by("user_id"),
    people={"user_id": "goes"},
)
