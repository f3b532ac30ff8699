"""Followers of the log: what happens because of an event, exactly once, whoever dies in between.

A row of ``followers`` says how far a follower has got on a board. Whoever handles the events behind
it locks that row, and commits the effects and the new ``seq`` together. What must happen outside of
the database (a mail) is a job, requested in the same transaction.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

import asyncpg

from doska.background.listener import Listener
from doska.background.worker import Worker
from doska.http.telemetry import described, log
from doska.postgres.database import Connection, fetch_row, json_of, transaction
from doska.postgres.errors import DATABASE_ERRORS

EVENTS_MAX = 200  # in one transaction; half as many after each failure
BOARDS_MAX = 50  # asked about at once
LOOKING_SHARE_MAX = 0.01  # of the time, where there are very many boards
HANDLING_SECONDS_MAX = 5.0
DELAY_SECONDS_MIN, DELAY_SECONDS_MAX = 1.0, 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a board; ``changes`` may be large, and are read by who needs them."""

    board_id: str
    seq: int
    type: str
    actor_id: str | None
    task_id: str | None
    batch_id: str | None
    payload: dict[str, Any]
    at: datetime


# Given the transaction and events of one board in their order, does what follows from them. It
# writes nothing to boards and waits for nobody. Rights are those of now, not of the event's time.
Handler = Callable[[Connection, Sequence[Event]], Awaitable[None]]

FOLLOWERS: dict[str, Handler] = {}


def follower(name: str, handle: Handler) -> None:
    """Declare a follower. It begins at the present, on boards that are made later at the start."""
    if name in FOLLOWERS:
        raise TypeError(f"there are two followers {name}")
    FOLLOWERS[name] = handle


# From here on, a board without a row was made later, and is followed from its first event.
_REGISTER = """
    with begun as (
        insert into known_followers (name) values ($1) on conflict do nothing returning name)
    insert into followers (name, board_id, seq)
    select k.name, b.id, b.seq from begun k cross join boards b"""

# All boards: an index of boards by their seq would make each action write to it.
_BEHIND = """
    select array(
        select b.id::text from boards b cross join unnest($1::text[]) n (name)
            left join followers f on f.board_id = b.id and f.name = n.name
        where b.seq <> coalesce(f.seq, 0)
            and (f.retry_at is null or f.retry_at <= clock_timestamp()))"""

# A board that is just being deleted is passed over; else it would be waited for.
_ADD_MISSING = """
    insert into followers (name, board_id, seq)
    select n.name, b.id, 0 from unnest($1::text[]) n (name) cross join (
        select id from boards where id = any($2::uuid[]) for key share skip locked) b
    where not exists (select from followers f where f.board_id = b.id and f.name = n.name)
    on conflict do nothing"""

# The board is locked as by a foreign key: actions go on, its deletion waits. It is locked before
# handlers write rows that refer to it, or they and a deletion could wait for each other.
_TAKE = """
    select f.name, f.board_id::text, f.seq, f.attempts
    from followers f join boards b on b.id = f.board_id
    where f.name = any($1::text[]) and f.board_id = any($2::uuid[]) and f.seq <> b.seq
        and (f.retry_at is null or f.retry_at <= clock_timestamp())
    limit 1 for no key update of f skip locked for key share of b skip locked"""

_READ = """
    select b.seq as newest, e.board_id::text, e.seq, e.type, e.actor_id::text, e.task_id::text,
        e.batch_id::text, e.payload, e.at
    from boards b left join lateral (
        select * from events where board_id = b.id and seq > $2 order by seq limit $3) e on true
    where b.id = $1 order by e.seq"""

_ADVANCE = """
    update followers set seq = $3, attempts = 0, retry_at = null, error = null
    where name = $1 and board_id = $2"""

_FAIL = """
    update followers set attempts = attempts + 1, error = $4,
        retry_at = clock_timestamp() + $5 * interval '1 second'
    where name = $1 and board_id = $2 and seq = $3"""


class Followers(Worker):
    """Handles the events of one board for one follower at a time."""

    every_seconds: ClassVar[float] = 15.0  # for what no notification has told of

    def __init__(self, listener: Listener, handlers: Mapping[str, Handler] = FOLLOWERS) -> None:
        super().__init__()
        self._listener, self._handlers = listener, handlers
        self._names = sorted(handlers)  # all processes register them in one order
        self._due: dict[str, None] = {}  # boards with new events, perhaps; in order
        self._look_at = 0.0  # the monotonic time at which to look at all boards
        self._is_registered = False

    async def run(self) -> None:
        """Work until ended; at once over where nothing is declared."""
        if self._names:
            self._listener.subscribe(self._heard, self._look_soon)
            await super().run()

    def _heard(self, message: str) -> None:
        board_id, _, seq = message.partition(":")
        if seq.isdecimal():  # else it is about something other than events
            self._make_due(board_id)

    def _make_due(self, board_id: str) -> None:
        self._due[board_id] = None
        self.wake()

    def _look_soon(self) -> None:
        self._look_at = 0.0
        self.wake()

    def _pause_seconds(self) -> float:
        return max(0.0, self._look_at - time.monotonic())

    async def work_off(self) -> None:
        """Handle all events that there are, but for those that others handle."""
        try:
            if not self._is_registered:
                for name in self._names:
                    await fetch_row(_REGISTER, name)
                self._is_registered = True
            while not self._is_ending:
                if time.monotonic() >= self._look_at:
                    await self._look()
                if not self._due:
                    return
                await self._follow(self._next_boards())
        except DATABASE_ERRORS:
            self._look_at = 0.0  # what was being done is found again
            raise

    async def _look(self) -> None:
        """Find what no notification came of: it was lost, or whoever heard it has died."""
        began = time.monotonic()
        row = await fetch_row(_BEHIND, self._names)
        self._due.update(dict.fromkeys(row[0] if row else ()))
        took = time.monotonic() - began
        self._look_at = began + max(self.every_seconds, took / LOOKING_SHARE_MAX)

    def _next_boards(self) -> list[str]:
        boards = list(islice(self._due, BOARDS_MAX))
        for board_id in boards:
            del self._due[board_id]
        return boards

    async def _follow(self, boards: list[str]) -> None:
        """Give each of some boards one turn at most; a board that had one is due again, last."""
        await fetch_row(_ADD_MISSING, self._names, boards)
        while boards and not self._is_ending and (board_id := await self._take_turn(boards)):
            boards.remove(board_id)
            self._due[board_id] = None

    async def _take_turn(self, boards: list[str]) -> str | None:
        """Handle events of one of these boards; None where others do so, or nothing is new."""
        taken: asyncpg.Record | None = None
        try:
            async with transaction() as connection:
                taken = await connection.fetchrow(_TAKE, self._names, boards)
                if taken is None:
                    return None
                await self._handle(connection, taken)
        except Exception as error:  # whatever it is: other boards and followers go on
            if taken is None or self._is_ending:
                raise
            await self._fail(taken, error)
        return str(taken["board_id"])

    async def _handle(self, connection: Connection, taken: asyncpg.Record) -> None:
        name, board_id, seq = taken["name"], taken["board_id"], taken["seq"]
        count = max(1, EVENTS_MAX >> taken["attempts"])
        rows = await connection.fetch(_READ, board_id, seq, count)
        events = [_event(row) for row in rows if row["seq"] is not None]
        if events:
            async with asyncio.timeout(HANDLING_SECONDS_MAX):
                await self._handlers[name](connection, events)
        # Without any, the board's log is shorter than it was: only the present is known.
        last = events[-1].seq if events else rows[0]["newest"]
        await connection.execute(_ADVANCE, name, board_id, last)

    async def _fail(self, taken: asyncpg.Record, error: Exception) -> None:
        """Keep that it failed, and try again later."""
        name, board_id, seq = taken["name"], taken["board_id"], taken["seq"]
        where = {"follower": name, "board": board_id, "after": seq}
        log.error("follower failed", attempt=taken["attempts"] + 1, **where, **described(error))
        delay = min(DELAY_SECONDS_MIN * 2 ** min(taken["attempts"], 30), DELAY_SECONDS_MAX)
        await fetch_row(_FAIL, name, board_id, seq, type(error).__name__, delay)
        if delay < self.every_seconds:  # else a look at all boards finds it
            asyncio.get_running_loop().call_later(delay, self._make_due, board_id)


def _event(row: asyncpg.Record) -> Event:
    values = {name: row[name] for name in row.keys() if name != "newest"}  # noqa: SIM118  # a Record
    return Event(**{**values, "payload": json_of(row["payload"])})
