"""Turns at a board: of many who write on one, two have a connection; the rest wait in this process.

Otherwise they would wait in PostgreSQL for the board's lock, each with a connection that others
need. This decides nothing: the lock does, also among processes. Which board an object is on, and
who may see it, is remembered from earlier actions, so that asking costs nothing; who has not
written here yet goes ahead, and a stranger waits for nobody.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from doska.errors import Unavailable
from doska.http.overload import resting
from doska.settings import Settings

PLACES = 2  # one works, the next has begun and waits for its lock
REMEMBERED_MAX = 10_000
UNKNOWN = ""  # the line of those whose board is not known: for a connection, as it were


class Line:
    """Those who are at one board, or wait for it."""

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)  # first come, first served
        self.people = 0


class Turns:
    """The lines of one process.

    Who waits takes no slot among the requests being handled, but no more rest so than there are
    slots: further ones keep theirs, so that what is too much is refused as ever.
    """

    def __init__(self, settings: Settings) -> None:
        self.resting = 0  # of those who wait: who takes no slot meanwhile
        self.lines: dict[str, Line] = {}
        self._seconds = settings.lock_timeout_seconds
        self._connections_max = settings.pool_max
        self._resting_max = settings.requests_in_flight_max
        self._board_of: OrderedDict[str, str] = OrderedDict()
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    @asynccontextmanager
    async def turn(self, session_id: str, anchor_id: str) -> AsyncIterator[None]:
        """Wait for a place at the object's board, and hold it; Unavailable if there is none."""
        name = self._line_of(session_id, anchor_id)
        places = self._connections_max if name == UNKNOWN else PLACES
        line = self.lines.setdefault(name, Line(places))
        line.people += 1
        try:
            await self._take_place(line)
            try:
                yield
            finally:
                line.places.release()
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
        with self._waiting():
            try:
                async with asyncio.timeout(self._seconds):
                    await line.places.acquire()
            except TimeoutError:
                raise Unavailable("Too many are working on this at once.") from None

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if self.resting >= self._resting_max:
            yield
            return
        self.resting += 1
        try:
            with resting():
                yield
        finally:
            self.resting -= 1


def _put(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Remember it longest; forget what was remembered first."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > REMEMBERED_MAX:
        known.popitem(last=False)
