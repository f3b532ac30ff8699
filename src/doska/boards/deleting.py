"""Deleting a board, with all that is on it."""

from doska.background.jobs import ask_for
from doska.boards.access import BOARD, Access
from doska.boards.following import following
from doska.boards.kinds import Kind, on_board
from doska.boards.log import Change
from doska.boards.opening import Action, open_board
from doska.boards.queries import ONE_BOARD
from doska.boards.rehearsal import report_of_deletion
from doska.http.answers import Answer, Rehearsed
from doska.http.telemetry import audit
from doska.postgres.database import Connection, transaction
from doska.postgres.notifying import notify

SWEEP = "held.sweep"  # the job that removes what rows of a deleted board have held
DELETE_BOARD = Action(BOARD, target=ONE_BOARD)


@following()
def things_of_board() -> str:
    """Write the SQL that counts what is on a board, by kind."""
    counts = (
        f"(select count(*) from {kind.table} x where board_id = $1{_seen(kind)}) as {kind.plural}"
        for kind in on_board()
    )
    return f"select {', '.join(['1 as boards', *counts])}"


def _seen(kind: Kind) -> str:
    """Write the SQL that leaves out what has outlived what it belongs to."""
    return "".join(
        f" and exists (select from {p.table} y where y.id = x.{p.column})"
        for p in kind.parents
        if p.is_outlived
    )


@following()
def _drop() -> str:
    """Write the SQL that deletes a board.

    Its ids stay taken: its owner is recorded, to know who may restore it or ask about it.
    """
    things = " union all ".join(
        f"select id, '{kind.noun}' as kind from {kind.table} where board_id = $1"
        for kind in on_board()
        if kind.is_named
    )
    return f"""
    with board as (
        insert into used_ids (id, kind, board_id, owner_id, deleted_by)
        select $1, 'board', $1, (select user_id from board_users
            where board_id = $1 and role = 'CREATOR'), $2
        on conflict (id) do update
            set owner_id = excluded.owner_id, deleted_by = excluded.deleted_by),
    things as (  -- only what an older release has made beside us is not there yet
        insert into used_ids (id, kind, board_id)
        select id, kind, $1 from ({things}) x
        on conflict do nothing),
    places as (  -- who was there: only they come back if it is restored from an archive
        insert into used_ids (id, kind, board_id, owner_id)
        select id, 'person', $1, user_id from board_users where board_id = $1
        on conflict (id) do nothing)
    delete from boards where id = $1"""


@following()
def _held() -> str:
    """Write the SQL that checks whether anything on a board has held something; $1 the board."""
    tables = sorted({table for kind in on_board() for table in kind.holds.values()})
    found = " or ".join(f"exists (select from {table} where board_id = $1)" for table in tables)
    return f"select {found}" if found else ""


async def delete_board(access: Access) -> Answer[None]:
    """Delete a board with everything on it, including its log."""
    async with transaction() as connection:
        opened = await open_board(connection, access, DELETE_BOARD)
        if access.conditions.is_rehearsal:
            raise Rehearsed(await _report_of_deletion(opened))
        await drop_board(connection, opened.board["id"], access.caller.user_id)
        await opened.write()
        return opened.nothing()


async def _report_of_deletion(opened: Change) -> bytes:
    row = await opened.connection.fetchrow(things_of_board(), opened.board["id"])
    return report_of_deletion(opened.board["id"], dict(row))


async def drop_board(connection: Connection, board_id: str, actor_id: str) -> None:
    """Delete a locked board; its streams get a notification without a number."""
    if (held := _held()) and await connection.fetchval(held, board_id):
        await ask_for(connection, SWEEP, board_id, {})
    await connection.execute(_drop(), board_id, actor_id)
    audit("board.deleted", board=board_id)
    await notify(connection, f"{board_id}:deleted")
