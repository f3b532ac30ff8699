"""Opening a board for an action: lock it, authorize the actor, read what the action needs.

Authorization is in the statement after the lock: a statement that has waited for a lock still sees
other tables as they were before it waited.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic_core import from_json

from doska.boards.access import VISIBLE, Access, Anchor, Judgement, Part, Reading
from doska.boards.claims import (
    CLAIM,
    IS_FIRST,
    claim_values,
    foresee,
    key_lock,
    replay,
    waiting_for_key,
)
from doska.boards.log import Change, NotLocked
from doska.boards.policy import Right
from doska.boards.statements import COUNTERS, Guard, Still
from doska.boards.turns import Turn
from doska.errors import NotFound, PreconditionFailed
from doska.http.answers import Conditions
from doska.identity.access import ASKING, USER, Fetch
from doska.identity.access_tokens import MAY_WRITE
from doska.postgres.commits import is_in_transaction
from doska.postgres.database import Connection, numbered, pool_in_use, transaction
from doska.postgres.together import fetch_together

BOARD_PART = "to_jsonb(b)"

_LOCK = f"""
    select b.id::text from sessions s cross join {USER} cross join boards b
        left join board_users m on m.board_id = b.id and m.user_id = u.id
    where {{condition}} and {ASKING} and {MAY_WRITE}
      and b.id = ({{board_of}}) and {VISIBLE}
    for no key update of b"""
_LOCK_ONLY = f"select true as is_first, ({_LOCK}) as id".replace("{condition}", "true")
_CLAIM_AND_LOCK = f"with {CLAIM} select {IS_FIRST} as is_first, ({_LOCK}) as id".replace(
    "{condition}", IS_FIRST
)


class Action(Judgement):
    """What an action needs to know: the board, these parts, and the version of its target.

    If-Match refers to the target; actions that create something have none.
    """

    def __init__(self, anchor: Anchor, *, target: Reading | None = None, **parts: Part) -> None:
        version: dict[str, Part] = {"version": f"to_jsonb({target.version})"} if target else {}
        super().__init__(anchor, board=BOARD_PART, **version, **parts)
        self.target = target


@asynccontextmanager
async def change(access: Access, what: Action, **values: Any) -> AsyncIterator[Change]:
    """Open a board for one action, which is done once: the board is locked until the end.

    For what asks the database more than its judgement does; all others ``act``.
    """
    async with turn_of(access), locked(access, what, **values) as opened:
        yield opened


@asynccontextmanager
async def locked(access: Access, what: Action, **values: Any) -> AsyncIterator[Change]:
    """Lock a board for one action; write and commit at the end."""
    async with transaction() as connection:
        yield (opened := await open_board(connection, access, what, **values))
        await opened.write()


def turn_of(access: Access) -> AbstractAsyncContextManager[Turn | None]:
    """Wait for a turn at the board; within a transaction for none, which may hold its lock."""
    if access.turns is None or is_in_transaction():
        return nullcontext()
    return access.turns.turn(access.caller.session_id, access.anchor_id)


@asynccontextmanager
async def rehearsing(conditions: Conditions) -> AsyncIterator[None]:
    """Combine several transactions in a dry run, which rolls all of them back."""
    if conditions.is_rehearsal:
        async with transaction():
            yield
    else:
        yield


async def open_board(connection: Connection, access: Access, what: Action, **values: Any) -> Change:
    """Lock and authorize inside an open transaction; an earlier response is replayed."""
    locked = await _lock(connection, access, values)
    await foresee(connection, access)
    opened = await _read(connection, access, what, values)
    if locked != opened.board["id"]:
        raise NotFound  # it became visible, or one's home board, after it was looked up
    await _compare(opened, access, what, values)
    return opened


async def open_locked(
    connection: Connection, access: Access, what: Action, values: dict[str, Any], board_id: str
) -> Change:
    """Read and judge what is on a board that this transaction has locked."""
    opened = await _read(connection, access, what, values)
    if opened.board["id"] != board_id:
        raise NotLocked
    await _compare(opened, access, what, values)
    return opened


async def look_at_board(access: Access, what: Action, values: dict[str, Any]) -> Change:
    """Read and judge without a lock: it is written only if all of this is still true."""
    opened = await _read(await pool_in_use(), access, what, values, fetch_together)
    opened.guard = _still(access, opened)
    await _compare(opened, access, what, values)
    return opened


def _still(access: Access, opened: Change) -> Still:
    """Tell what must still be true when it is written."""
    read = {"seq": opened.seq, "is_admin": opened.standing.is_admin, **access.caller.values}
    if (claim := access.conditions.claim) is None:
        return Still(Guard.ONE, read)
    lock = key_lock(access.caller.user_id, claim)
    return Still(Guard.ONE_WITH_KEY, {**read, "key_lock": lock})


def _remember(access: Access, board_id: str | None) -> None:
    if access.turns:
        access.turns.remember(access.caller.session_id, access.anchor_id, board_id)


async def _read(
    connection: Connection,
    access: Access,
    what: Action,
    values: dict[str, Any],
    fetch: Fetch | None = None,
) -> Change:
    try:
        standing, parts = await what.load(access, fetch or connection.fetchrow, **values)
    except NotFound:
        _remember(access, None)
        raise
    board = parts.pop("board")
    _remember(access, board["id"])
    counters = {name: board.pop(name) for name in COUNTERS}
    opened = Change(board, standing, access.caller.user_id, parts, connection, **counters)
    opened.conditions, opened.limits = access.conditions, access.limits
    return opened


async def _lock(connection: Connection, access: Access, values: dict[str, Any]) -> str | None:
    """Lock the board, after claiming the request's key if it has one; returns the board's id."""
    claim = access.conditions.claim
    known = {"anchor_id": access.anchor_id, **access.caller.values, **values}
    known |= claim_values(access.caller.user_id, claim) if claim else {}
    sql, names = _lock_statement(access.anchor, is_claiming=claim is not None)
    with waiting_for_key():
        row = await connection.fetchrow(sql, *(known[name] for name in names))
    if claim and not row["is_first"]:
        await replay(connection, access, claim)
    found: str | None = row["id"]
    return found


@cache
def _lock_statement(anchor: Anchor, *, is_claiming: bool) -> tuple[str, tuple[str, ...]]:
    template = _CLAIM_AND_LOCK if is_claiming else _LOCK_ONLY
    return numbered(template.format(board_of=anchor.board_of))


async def _compare(opened: Change, access: Access, what: Action, values: dict[str, Any]) -> None:
    """Refuse to change what the client has not seen as it is now; shown under the lock."""
    version = opened.parts.pop("version", None)
    if what.target is None:
        access.conditions.make_new()
        return
    if version is None or access.conditions.allow(version):
        return  # what no longer exists is refused by the action
    seeing = replace(access, right=Right.VIEW)
    body, *_ = await what.target.show(seeing, opened.connection.fetchrow, **values)
    raise PreconditionFailed.of(from_json(body), version)
