"""Doing an action on a board in as few round trips as it takes.

Nobody else is at the board: what is needed is read and judged without a lock, and written by one
statement that commits by itself, if the board's number and the caller's sign-in are still what they
were (optimistic concurrency control); after some tries, under the lock. Several wait in this
process: one transaction locks the board and commits once, with a judgement, an event and an answer
for each. If it cannot be committed, each is done again by itself.

So an action may be done more than once until it is written: it changes nothing but what it opened.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeAlias, TypeVar

import asyncpg

from doska.boards.access import Access
from doska.boards.log import Change, NotLocked, Outrun
from doska.boards.opening import Action, locked, look_at_board, open_locked, turn_of
from doska.errors import DoskaError
from doska.http.answers import Answer
from doska.postgres.commits import Work, after_commit, held, is_in_transaction
from doska.postgres.database import Connection, transaction
from doska.postgres.errors import BUSY, translate

T = TypeVar("T")
Deed: TypeAlias = Callable[[Change], Awaitable[Answer[T]]]

TRIES = 2  # without a lock

_LOCK = "select from boards where id = $1 for no key update"


class _Ride:
    """An action that whoever has a turn can do for somebody who waits for one."""

    def __init__(
        self, access: Access, what: Action, deed: Deed[Any], values: dict[str, Any]
    ) -> None:
        self.access = access
        self.what = what
        self.deed = deed
        self.values = values
        self.outcome: Answer[Any] | BaseException | None = None  # None: not done yet
        self._context = copy_context()  # whose request it is: for the audit log

    async def join(self, connection: Connection, board_id: str) -> None:
        """Do it within a transaction that has locked the board."""
        done = self._joined(connection, board_id)
        for work in await asyncio.create_task(done, context=self._context):
            after_commit(work)

    async def _joined(self, connection: Connection, board_id: str) -> list[Work]:
        with held() as waiting, suppress(NotLocked):  # it is on another board by now
            try:
                self.outcome = await self._done(connection, board_id)
            except DoskaError as refusal:  # of what has written nothing: that comes last
                self.outcome = refusal
                return []
        return waiting

    async def _done(self, connection: Connection, board_id: str) -> Answer[Any]:
        opened = await open_locked(connection, self.access, self.what, self.values, board_id)
        answer = await self.deed(opened)
        await opened.write()
        return answer

    async def alone(self, *, is_guarded: bool) -> Answer[Any]:
        """Do it by itself; without a lock where nobody else is likely to be."""
        with suppress(NotLocked):
            for _ in range(TRIES if is_guarded else 0):
                with suppress(Outrun):
                    return await self._guarded()
        async with locked(self.access, self.what, **self.values) as opened:
            return await self.deed(opened)

    async def _guarded(self) -> Answer[Any]:
        opened = await look_at_board(self.access, self.what, self.values)
        answer = await self.deed(opened)
        await opened.write()
        return answer

    def result(self) -> Answer[Any]:
        """Give the answer, or raise the refusal."""
        if isinstance(self.outcome, Answer):
            return self.outcome
        raise self.outcome or AssertionError("it is not done")


async def act(access: Access, what: Action, deed: Deed[T], **values: Any) -> Answer[T]:
    """Open a board for one action, do it, write and commit; it may be done more than once."""
    ride = _Ride(access, what, deed, values)
    if _is_plain(access):
        async with turn_of(access, ride) as turn:
            if turn.is_place and not turn.along:
                return await ride.alone(is_guarded=turn.is_only)
            if turn.is_place:
                rides = [ride, *(waiting.ride for waiting in turn.along)]
                await _to_the_end(_together(turn.board_id, rides))
        if ride.outcome is not None:
            return ride.result()
    async with turn_of(access):
        return await ride.alone(is_guarded=False)


def _is_plain(access: Access) -> bool:
    """Return whether it needs no transaction of its own: a key is claimed before the lock."""
    conditions = access.conditions
    return not (
        access.turns is None or conditions.key or conditions.is_rehearsal or is_in_transaction()
    )


async def _together(board_id: str, rides: Sequence[Any]) -> None:
    """Do all in one transaction; if it is rolled back, none is done."""
    is_ending = is_locked = False
    try:
        async with transaction() as connection:
            if await connection.fetchrow(_LOCK, board_id) is None:
                return
            is_locked = True
            for ride in rides:
                await ride.join(connection, board_id)
            is_ending = True
    except Exception as error:  # noqa: BLE001  # each meets its own again
        is_unknown = is_ending and not isinstance(error, asyncpg.IntegrityConstraintViolationError)
        # All have waited for the lock, or nobody knows what was committed: no second try.
        is_final = is_unknown or (not is_locked and isinstance(error, BUSY))
        for ride in rides:
            ride.outcome = (translate(error) or error) if is_final else None


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do what others wait for, even if the one who does it is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
