"""Turns at a board: of many who write on one, two have a connection; the rest wait in this process.

Otherwise they would wait in PostgreSQL for the board's lock, each with a connection that others
need. This decides nothing: the lock does, also among processes. Which board an object is on, and
who may see it, is remembered from earlier actions, so that asking costs nothing; who has not
written here yet goes ahead, and a stranger waits for nobody. A line that has become too long, as
turns go lately, is shortened from its end: who would wait in vain is refused at once.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from doska.errors import Unavailable
from doska.http.overload import resting
from doska.settings import Settings

PLACES = 2  # one works, the next has begun and waits for its lock
REMEMBERED_MAX = 10_000
LATELY = 0.5  # of the time one may wait: by the turns of so long is told how long one takes
TOO_MANY = "Too many are working on this at once."
UNKNOWN = ""  # the line of those whose board is not known: for a connection, as it were


class Line:
    """Those who are at one board, or wait for it."""

    def __init__(self, places: int, seconds_max: float) -> None:
        self.places = asyncio.Semaphore(places)  # first come, first served
        self.people = 0
        self._count, self._seconds_max = places, seconds_max
        self._lately = LATELY * seconds_max * places
        self._took: deque[float] = deque()  # seconds, by the last turns
        self._took_all = 0.0
        self._waiting: dict[asyncio.Timeout, None] = {}  # in their order

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Work at one of the places; how long it took tells how long others will wait."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.places.release()
            self._note(time.monotonic() - began)
            self._shorten()

    async def wait(self) -> None:
        """Wait for a place; TimeoutError if there is none in time, or will be none."""
        async with asyncio.timeout(self._seconds_max) as patience:
            self._waiting[patience] = None
            self._shorten()
            try:
                await self.places.acquire()
            finally:
                self._waiting.pop(patience, None)

    def _note(self, took: float) -> None:
        """Remember how long a turn took, and forget what was long ago."""
        self._took.append(took)
        self._took_all += took
        while self._took_all - self._took[0] > self._lately:
            self._took_all -= self._took.popleft()

    def _shorten(self) -> None:
        """Send away who came last, until the last one can be served in time at the present pace."""
        if self._took_all < self._lately:  # nothing is known yet
            return
        a_turn = self._took_all / len(self._took) / self._count
        while len(self._waiting) * a_turn > self._seconds_max:
            last, _ = self._waiting.popitem()
            last.reschedule(0)


class Turns:
    """The lines of one process."""

    def __init__(self, settings: Settings) -> None:
        self.lines: dict[str, Line] = {}
        self._seconds = settings.lock_timeout_seconds
        self._connections_max = settings.pool_max
        self._board_of: OrderedDict[str, str] = OrderedDict()
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    @asynccontextmanager
    async def turn(self, session_id: str, anchor_id: str) -> AsyncIterator[None]:
        """Wait for a place at the object's board, and hold it; Unavailable if there is none."""
        name = self._line_of(session_id, anchor_id)
        places = self._connections_max if name == UNKNOWN else PLACES
        line = self.lines.setdefault(name, Line(places, self._seconds))
        line.people += 1
        try:
            await self._take_place(line)
            with line.turn():
                yield
        finally:
            line.people -= 1
            if not line.people:
                del self.lines[name]

    def remember(self, session_id: str, anchor_id: str, board_id: str | None) -> None:
        """Know for the next time which board it was; None if they may not see it any more."""
        if not anchor_id:  # somebody's home board, named by no id
            return
        if board_id is None:
            self._seen.pop((session_id, self._board_of.get(anchor_id, "")), None)
            return
        _put(self._board_of, anchor_id, board_id)
        _put(self._seen, (session_id, board_id), None)

    def _line_of(self, session_id: str, anchor_id: str) -> str:
        board_id = self._board_of.get(anchor_id, UNKNOWN)
        return board_id if (session_id, board_id) in self._seen else UNKNOWN

    async def _take_place(self, line: Line) -> None:
        if not line.places.locked():
            await line.places.acquire()  # at once, without a timer
            return
        with resting():
            try:
                await line.wait()
            except TimeoutError:
                raise Unavailable(TOO_MANY) from None


def _put(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Remember it longest; forget what was remembered first."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > REMEMBERED_MAX:
        known.popitem(last=False)
