"""What people do with boards; their deletion is in ``deleting``."""

from collections.abc import Sequence
from typing import Any

from doska.boards.access import BOARD, Access, Anchor
from doska.boards.acting import act
from doska.boards.claims import claim_alone, foresee
from doska.boards.floors import is_made_by
from doska.boards.keys import key_of
from doska.boards.kinds import kind_of
from doska.boards.log import Change
from doska.boards.models import Role, Status
from doska.boards.opening import Action
from doska.boards.policy import Standing
from doska.boards.queries import ONE_BOARD
from doska.boards.rows import BoardRow, BoardUserRow, ColumnRow
from doska.boards.schemas import (
    BoardNew,
    BoardOut,
    board_view,
    column_view,
    differences,
    shown_board,
)
from doska.errors import NotFound, ScopeTooSmall
from doska.http.answers import NONE, Answer, Conditions
from doska.identity.access import Question, within
from doska.identity.actions import lock_user
from doska.ordering import spread
from doska.postgres.database import Connection, transaction
from doska.schemas import new_id, now

Columns = Sequence[tuple[str, Status | None]]  # title, and the status that a task gets on entering

HOME_TITLE = "My tasks"
HOME_COLUMNS: Columns = (
    ("To do", Status.TODO),
    ("In progress", Status.IN_PROGRESS),
    ("Done", Status.DONE),
)

MAKER = {
    "is_limited": "s.board_ids is not null",
    # Without boards transferred by others: these must not prevent anybody from creating one.
    "made_boards": f"""(select count(*) from board_users o
        where o.user_id = u.id and o.role = 'CREATOR' and {is_made_by("o.board_id", "u.id")})""",
}
SIGNED_IN = Question(**MAKER)
# The board for tasks without a column: where nobody else sees them, or none.
_HOME_OF = f"""select y.id from boards y
    where y.id = u.home_board_id and y.archived_at is null and not y.is_public
      and not exists (select from board_users h where h.board_id = y.id and h.user_id <> u.id)
      and {within("y.id")}"""
HOME = Anchor("home", f"left join boards b on b.id = ({_HOME_OF})", _HOME_OF)
HAS_HOME = Question(board_id=f"({_HOME_OF})", **MAKER)


UPDATE_BOARD = Action(BOARD, target=ONE_BOARD)


async def create_board(access: Access, body: BoardNew) -> Answer[BoardOut]:
    """Create a board whose CREATOR is the caller, with its first columns."""
    access.conditions.make_new()
    async with transaction() as connection:
        await claim_alone(connection, access)
        await lock_user(connection, access.caller.user_id)
        await foresee(connection, access)
        must_be_free(access, await SIGNED_IN.ask(access.caller, connection.fetchrow))
        access.limits.check(kind_of("columns").limit, len(body.columns))
        row = _new_board(body)
        opened = _nobodys(connection, access.caller.user_id, row, access.conditions)
        _fill(opened, [(title, None) for title in body.columns])
        answer = opened.show_new(shown_board(row, 1, Role.CREATOR), row["id"])
        await opened.write()
        return answer


async def create_home_board(connection: Connection, user_id: str) -> None:
    """Create the private board for tasks without a column, which every new user gets."""
    row: BoardRow = {**_new_board(BoardNew(title=HOME_TITLE)), "key": "MY"}
    opened = _nobodys(connection, user_id, row)
    _fill(opened, HOME_COLUMNS)
    await opened.write()
    sql = "update users set home_board_id = $2 where id = $1"
    await connection.execute(sql, user_id, row["id"])


async def make_sure_of_home_board(access: Access) -> None:
    """Create a new home board if the old one no longer is one; the old board stays as it is."""
    caller = access.caller
    async with transaction() as connection:
        # Two concurrent requests of one person create one board: the second waits for the first.
        await lock_user(connection, caller.user_id)
        row = await HAS_HOME.ask(caller, connection.fetchrow)
        if row["board_id"] is None:
            if row["is_limited"]:
                raise NotFound  # it may exist, but an access token for others does not see it
            must_be_free(access, row)
            await create_home_board(connection, caller.user_id)


def must_be_free(access: Access, row: Any, count: int = 1) -> None:
    """Refuse to create another board; an access token for certain boards could not see it."""
    if row["is_limited"]:
        raise ScopeTooSmall("It is limited to certain boards, and cannot create others.")
    access.limits.check_boards(row["made_boards"] + count)


def _nobodys(
    connection: Connection, user_id: str, board: BoardRow, conditions: Conditions = NONE
) -> Change:
    nobody_yet = Standing(role=None, is_admin=False, is_public=False)
    return Change(board, nobody_yet, user_id, {}, connection, conditions)


def _fill(opened: Change, columns: Columns) -> None:
    """Create a new board, its CREATOR and its columns, as the board's first event."""
    board, user_id = opened.board, opened.actor_id
    opened.insert("boards", board)
    opened.insert("board_users", _member(board["id"], user_id, Role.CREATOR, opened.at))
    ranks = spread(len(columns))
    rows = [
        opened.insert("columns", _column(board["id"], title, status, rank))
        for (title, status), rank in zip(columns, ranks, strict=True)
    ]
    opened.record(
        "board.created", {"board": board_view(board), "columns": [column_view(row) for row in rows]}
    )


async def update_board(access: Access, fields: dict[str, Any]) -> Answer[BoardOut]:
    """Change the board's own fields; omitted ones stay."""
    return await act(access, UPDATE_BOARD, lambda opened: _updated(opened, fields))


async def _updated(opened: Change, fields: dict[str, Any]) -> Answer[BoardOut]:
    before = opened.board
    own = {name: value for name, value in fields.items() if name != "is_archived"}
    is_archived = fields.get("is_archived", before["archived_at"] is not None)
    archived_at = (before["archived_at"] or opened.at) if is_archived else None
    after = opened.update("boards", before, **own, archived_at=archived_at)
    is_changed = after is not before
    if is_changed:
        changed = differences(board_view(before), board_view(after))
        opened.record("board.updated", {"board": changed})
    return opened.show(shown_board(after, opened.seq + is_changed, opened.standing.role))


def _new_board(body: BoardNew) -> BoardRow:
    return {
        "id": body.id or new_id(),
        "title": body.title,
        "description": body.description,
        "is_public": body.is_public,
        "color": body.color,
        "key": key_of(body.title),
        "version": 1,
        "created_at": (at := now()),
        "archived_at": at if body.is_archived else None,
    }


def _member(board_id: str, user_id: str, role: Role, at: str) -> BoardUserRow:
    return {
        "id": new_id(),
        "board_id": board_id,
        "user_id": user_id,
        "role": role,
        "joined_at": at,
    }


def _column(board_id: str, title: str, status: Status | None, rank: str) -> ColumnRow:
    return {
        "id": new_id(),
        "board_id": board_id,
        "title": title,
        "rank": rank,
        "color": None,
        "task_limit": None,
        "limit_is_hard": False,
        "status": status,
        "version": 1,
        "archived_at": None,
    }
