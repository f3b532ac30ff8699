"""What people do with boards: every write, the deletion and the making of one included."""

from collections.abc import Sequence
from typing import Any

from doska.boards.access import BOARD, Access, Standing
from doska.boards.keys import key_of
from doska.boards.log import Change, action, change, open_board
from doska.boards.models import Role, Status
from doska.boards.rows import BoardRow, BoardUserRow, ColumnRow
from doska.boards.schemas import BoardNew, BoardOut, board_out, differences
from doska.database import Connection, notify, transaction
from doska.identity.access import Caller, Question
from doska.ordering import spread
from doska.schemas import new_id, now

Columns = Sequence[tuple[str, Status | None]]  # title, and what a task becomes on entering

HOME_TITLE = "My tasks"
HOME_COLUMNS: Columns = (
    ("To do", Status.TODO),
    ("In progress", Status.IN_PROGRESS),
    ("Done", Status.DONE),
)

SIGNED_IN = Question()
HOME = Question(
    board_id="""(select y.id from board_users h join boards y on y.id = h.board_id
        where h.user_id = u.id and h.role = 'CREATOR' and y.archived_at is null
        order by y.created_at, y.id limit 1)"""
)
UPDATE_BOARD = action(BOARD)
DELETE_BOARD = action(BOARD)


async def create_board(caller: Caller, body: BoardNew) -> BoardOut:
    """Make a board whose CREATOR is the caller, with its first columns."""
    async with transaction() as connection:
        await SIGNED_IN.ask(caller, connection.fetchrow)
        row = _new_board(body)
        await add_board(connection, caller.user_id, row, [(title, None) for title in body.columns])
        return board_out(row, 1, Role.CREATOR)


async def create_home_board(connection: Connection, user_id: str) -> None:
    """Make the private board that every new user has."""
    row = _new_board(BoardNew(title=HOME_TITLE))
    await add_board(connection, user_id, {**row, "key": "MY"}, HOME_COLUMNS)


async def find_home_board(caller: Caller) -> str:
    """Give the board for tasks that name none: the oldest of one's own, made if there is none."""
    row = await HOME.ask(caller)
    return str(row["board_id"]) if row["board_id"] else await _make_home_board(caller)


async def _make_home_board(caller: Caller) -> str:
    async with transaction() as connection:
        # Two of one's own requests at once make one board: the second waits for the first.
        await connection.execute(
            "select from users where id = $1 for no key update", caller.user_id
        )
        row = await HOME.ask(caller, connection.fetchrow)
        if row["board_id"] is None:
            await create_home_board(connection, caller.user_id)
            row = await HOME.ask(caller, connection.fetchrow)
        return str(row["board_id"])


async def add_board(
    connection: Connection, user_id: str, board: BoardRow, columns: Columns
) -> None:
    """Write a new board, its CREATOR and its columns as the board's first event."""
    nobody_yet = Standing(role=None, is_admin=False, is_public=False)
    opened = Change(board, nobody_yet, user_id, {}, connection)
    opened.insert("boards", board)
    opened.insert("board_users", _member(board["id"], user_id, Role.CREATOR, opened.at))
    ranks = spread(len(columns))
    rows = [
        opened.insert("columns", _column(board["id"], title, status, rank))
        for (title, status), rank in zip(columns, ranks, strict=True)
    ]
    opened.record("board.created", {"board": board_view(board), "columns": rows})
    await opened.write()


async def update_board(access: Access, fields: dict[str, Any]) -> BoardOut:
    """Change the board's own fields; a field that is not named stays."""
    async with change(access, UPDATE_BOARD) as opened:
        before = opened.board
        is_archived = fields.pop("is_archived", before["archived_at"] is not None)
        archived_at = (before["archived_at"] or opened.at) if is_archived else None
        after = opened.update("boards", before, **fields, archived_at=archived_at)
        is_changed = after is not before
        if is_changed:
            changed = differences(board_view(before), board_view(after))
            opened.record("board.updated", {"board": changed})
        return board_out(after, opened.seq + is_changed, opened.standing.role)


async def delete_board(access: Access) -> None:
    """Delete a board with all that is on it, its log included."""
    async with transaction() as connection:
        opened = await open_board(connection, access, DELETE_BOARD)
        await drop_board(connection, opened.board["id"])


async def drop_board(connection: Connection, board_id: str) -> None:
    """Delete a locked board; its streams are told by a notification without a number."""
    await connection.execute("delete from boards where id = $1", board_id)
    await notify(connection, f"{board_id}:deleted")


def board_view(row: BoardRow) -> dict[str, Any]:
    """Show a board as its events do: without what differs from caller to caller."""
    view = {name: value for name, value in row.items() if name != "archived_at"}
    return {**view, "is_archived": row["archived_at"] is not None}


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
    }
