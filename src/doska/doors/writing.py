"""Writing what was planned: one transaction, table by table, with the boards' events."""

from pathlib import Path
from typing import Any

from pydantic_core import to_json

from doska.attachments.drawing import DRAW, is_drawable
from doska.background.jobs import ask_for
from doska.boards.access import BOARD, Access
from doska.boards.log import INCOMPLETE, LogError, incomplete
from doska.boards.opening import Action, open_board
from doska.boards.policy import Right
from doska.boards.statements import statement
from doska.http.telemetry import audit
from doska.postgres.database import Connection
from doska.postgres.notifying import notify

SECONDS = 120.0
LOCK_SECONDS = 30  # a board that is busy is waited for
_IMPORT_INTO = Action(BOARD)

REFS_SQL = """
    insert into import_refs (board_id, source, kind, source_id, object_id, fields)
    select board_id, source, kind, source_id, object_id, fields
    from jsonb_populate_recordset(null::import_refs, $1::jsonb)
    on conflict (board_id, source, kind, source_id)
        do update set object_id = excluded.object_id, fields = excluded.fields"""
EXTRAS_SQL = """
    insert into extras (object_id, board_id, extra)
    select object_id, board_id, extra from jsonb_populate_recordset(null::extras, $1::jsonb)
    on conflict (object_id) do update set extra = excluded.extra
        where extras.board_id = excluded.board_id"""
_BLOBS = "insert into blobs select * from jsonb_populate_recordset(null::blobs, $1::jsonb)"


class Moved(Exception):  # the plan is made again
    """A board has changed since it was planned."""


async def be_patient(connection: Connection) -> None:
    """Give this transaction more time than a request has."""
    milliseconds = int(SECONDS * 1000)
    await connection.execute(f"set local statement_timeout = {milliseconds}")
    await connection.execute(f"set local lock_timeout = {LOCK_SECONDS * 1000}")
    await connection.execute(f"set local idle_in_transaction_session_timeout = {milliseconds}")


async def lock(connection: Connection, access: Access, board_id: str, seq: int | None) -> None:
    """Lock a board, and judge again; Moved if it is not as it was planned for, if it was."""
    opened = await open_board(connection, access.at(board_id), _IMPORT_INTO)
    opened.standing.require(Right.EDIT_TASKS)
    if seq is not None and opened.seq != seq:
        raise Moved


async def write(connection: Connection, pack: dict[str, Any]) -> int | None:
    """Write one board; gives the number of its last event, if there is one."""
    # New rows come before those that make room for them: their ranks are judged at the end.
    await connection.execute("set constraints all deferred")
    last: int | None = None
    parts = list(pack["parts"])
    if parts and parts[0]["how"] == "insert":  # the board, which all else is of
        last = await _write_part(connection, pack, parts.pop(0))
    if pack["blobs"]:
        rows = to_json([blob["row"] for blob in pack["blobs"]]).decode()
        await connection.execute(_BLOBS, rows, timeout=SECONDS)
    for copy in pack["copies"]:
        await _copy(connection, copy)
    for part in parts:
        last = await _write_part(connection, pack, part)
    for name, sql in (("refs", REFS_SQL), ("extras", EXTRAS_SQL)):
        if pack[name]:
            await connection.execute(sql, _text(pack[name]), timeout=SECONDS)
    for row in (blob["row"] for blob in pack["blobs"]):
        if is_drawable(row["media_type"], row["width"], row["height"]):
            await ask_for(connection, DRAW, row["id"], {"blob_id": row["id"]})
    if last is not None:
        audit("board.imported", board=pack["board_id"], seq=last)
        await notify(connection, f"{pack['board_id']}:{last}")
    return last


async def _copy(connection: Connection, copy: dict[str, Any]) -> None:
    """Copy new rows in, as the reading process has written them."""
    status = await connection.copy_to_table(
        copy["table"], source=copy["path"], columns=copy["columns"], timeout=SECONDS
    )
    if status != f"COPY {copy['count']}":
        raise LogError(f"the import wrote {status} of {copy['table']}, not {copy['count']} rows")


async def _write_part(connection: Connection, pack: dict[str, Any], part: dict[str, Any]) -> int:
    """Write an event, with what it changes and removes."""
    groups = {
        (operation, table): value if isinstance(value, list) else _text(value)
        for operation, table, value in part["groups"]
    }
    values = [pack["board_id"], pack["task_number"], _text(part["events"]), part["written"]]
    values += [part["board"]] if part["board"] else []
    sql = statement(part["how"], tuple(groups))
    try:
        row = await connection.fetchrow(sql, *values, *groups.values(), timeout=SECONDS)
    except INCOMPLETE as error:
        raise incomplete(part["written"]) from error
    if row is None:
        raise LogError("the board of an import is gone")
    found: int = row["seq"]
    return found


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
