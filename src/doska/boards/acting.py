"""Doing an action on a board in as few round trips as it takes.

Nobody else is at the board: what is needed is read and judged without a lock, and written by one
statement that commits by itself, if the board's number and the caller's sign-in are still what they
were (optimistic concurrency control); after some tries, under the lock. Several wait in this
process: they are judged, done in memory and written together (``grouping``), with an event and an
answer for each.

So an action may be done more than once until it is written: it changes nothing but what it opened.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeAlias, TypeVar

import asyncpg

from doska.boards.access import Access
from doska.boards.auditing import audit_entries
from doska.boards.grouping import together
from doska.boards.log import Change, NotLocked, Outrun
from doska.boards.opening import (
    Action,
    locked,
    look_at_board,
    open_locked,
    turn_of,
)
from doska.boards.turns import TASKS_MAX
from doska.errors import DoskaError
from doska.http.answers import Answer
from doska.postgres.commits import Work, after_commit, held, is_in_transaction
from doska.postgres.database import Connection, fetch_rows

T = TypeVar("T")
Deed: TypeAlias = Callable[[Change], Awaitable[Answer[T]]]

TRIES = 2  # without a lock

_TASKS = "select id::text from tasks where board_id = $1 limit $2"


class _Ride:
    """An action that whoever has a turn can do for somebody who waits for one."""

    def __init__(
        self, access: Access, what: Action, deed: Deed[Any], like: Any, values: dict[str, Any]
    ) -> None:
        self.access = access
        self.what = what
        self.deed = deed
        self.like = like
        self.values = values
        self.outcome: Answer[Any] | BaseException | None = None  # None: not done yet
        self._seen: Change | None = None  # read ahead, for its first try
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

    def audit(self, opened: Change) -> None:
        """Audit what has been written for it, within a transaction."""
        for work in self._context.run(_audited, opened):
            after_commit(work)

    async def alone(self, *, is_guarded: bool) -> Answer[Any]:
        """Do it by itself; without a lock where nobody else is likely to be."""
        if is_guarded and (answer := await self._unlocked()) is not None:
            return answer
        async with locked(self.access, self.what, **self.values) as opened:
            return await self.deed(opened)

    async def look(self) -> None:
        """Read and judge ahead: then it is known which board it is."""
        try:
            self._seen = await look_at_board(self.access, self.what, self.values)
        except NotLocked:
            self.forget()

    def forget(self) -> None:
        """Look again: others have their turns first."""
        self._seen = None

    async def _unlocked(self) -> Answer[Any] | None:
        """Do it without a lock; None if it has to be done under the lock.

        What a request with a key is refused may be what it has done before: under the lock its key
        is looked at first.
        """
        repeated = (DoskaError, asyncpg.UniqueViolationError) if self.access.conditions.key else ()
        for _ in range(TRIES):
            try:
                return await self._guarded()
            except Outrun:
                continue
            except (NotLocked, *repeated):
                return None
        return None

    async def _guarded(self) -> Answer[Any]:
        opened, self._seen = self._seen, None
        opened = opened or await look_at_board(self.access, self.what, self.values)
        answer = await self.deed(opened)
        await _to_the_end(opened.write())  # perhaps with others: it is written, whoever gives up
        return answer

    @property
    def has_written(self) -> bool:
        """Whether it has changed something."""
        return isinstance(self.outcome, Answer) and self.outcome.event is not None

    def result(self) -> Answer[Any]:
        """Give the answer, or raise the refusal."""
        if isinstance(self.outcome, Answer):
            return self.outcome
        raise self.outcome or AssertionError("it is not done")


async def act(
    access: Access, what: Action, deed: Deed[T], *, like: Any = None, **values: Any
) -> Answer[T]:
    """Open a board for one action, do it, write and commit; it may be done more than once.

    ``like`` is the operation of a batch that does the same: with others it is done in memory.
    """
    ride = _Ride(access, what, deed, like, values)
    turns = None if _needs_transaction(access) else access.turns
    is_guarded = turns is not None
    if turns and not access.conditions.key:
        caller_and_anchor = access.caller.session_id, access.anchor_id
        turn = turns.turn(*caller_and_anchor, ride)
        if turn.is_of_stranger:
            async with turn:
                await ride.look()
            turn = turns.turn(*caller_and_anchor, ride)
        async with turn:
            if turn.is_place and not turn.along:
                return await ride.alone(is_guarded=True)
            if turn.is_place:
                rides = [ride, *(waiting.ride for waiting in turn.along)]
                await _get_to_know(access, turn.board_id)
                await _to_the_end(together(turn.board_id, rides))
        if ride.outcome is not None:
            return ride.result()
        is_guarded = False  # somebody was faster, or it could not be done with others
    async with turn_of(access):
        return await ride.alone(is_guarded=is_guarded)


def _needs_transaction(access: Access) -> bool:
    return access.conditions.is_rehearsal or is_in_transaction()


async def _get_to_know(access: Access, board_id: str) -> None:
    """Ask once what is on a board where several write, so that they find each other there."""
    if access.turns and access.turns.is_to_learn(board_id):
        found = await fetch_rows(_TASKS, board_id, TASKS_MAX)
        access.turns.learn(board_id, (row["id"] for row in found))


def _audited(opened: Change) -> list[Work]:
    with held() as waiting:
        seq = opened.seq
        audit_entries(opened.board["id"], opened.standing, opened.entries, seq)
    return waiting


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do what is to be told of, or what others wait for, even if whoever does it gives up meanwhile."""
    loop = asyncio.get_running_loop()
    task, ended = loop.create_task(work), loop.create_future()
    task.add_done_callback(lambda _: None if ended.done() else ended.set_result(None))
    try:
        await ended  # as a shield, which costs twice as much
    except asyncio.CancelledError:
        await asyncio.wait([task])
        task.exception()  # it is known, and of no use to whoever has gone
        raise
    task.result()
