"""The kinds of things of this feature: the board, and the people on it."""

from doska.boards.kinds import Row, Scene, View, by, kind
from doska.boards.limits import AtMost
from doska.boards.models import known_role
from doska.boards.news import BoardChange, PersonNews
from doska.boards.policy import Right
from doska.boards.rows import BoardRow, BoardUserRow
from doska.boards.schemas import BoardView, PersonOut, board_view


def _person(row: Row, _: View, scene: Scene) -> View:
    user = scene.users.get(row["user_id"]) or {"id": row["user_id"]}
    return {"user": user, "role": known_role(row["role"]), "joined_at": row["joined_at"]}


def _person_told(
    before: Row | None, after: Row | None, _old: View, view: View, _scene: Scene
) -> View:
    if after is None:
        return {"user": {"id": before["user_id"]}, "is_deleted": True}  # type: ignore[index]
    if before is None:
        return view
    return {"user": {"id": after["user_id"]}, "role": view["role"]}


BOARDS = kind(
    "boards",
    BoardRow,
    noun="board",
    plural="boards",
    right=Right.EDIT_BOARD,
    parents=(),
    shown=BoardView,
    news=BoardChange,
    drawn=lambda row, _, __: board_view(row),
    is_named=True,
    brief={"description": 0},
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
    news=PersonNews,
    drawn=_person,
    told=_person_told,
    known_by="user_id",
    limit=PEOPLE_MAX,
    unique=by("user_id"),
    people={"user_id": "goes"},
)
