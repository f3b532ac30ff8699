"""Turns at a board: of many who write on one, one has a connection; the rest wait in this process.

Otherwise they would wait in PostgreSQL for the board's lock, each with a connection that others
need. Whose turn it is takes those along who wait behind with something that can be done together
with its own (``Ride``). This decides nothing: the lock does, also among processes. Which board an
object is on, and who may see it, is remembered from earlier actions, so that asking costs nothing;
who names something for the first time reads ahead, and a stranger waits for nobody.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Self

from doska.boards.lines import Comes, Line, Ride, Waiting
from doska.errors import Unavailable
from doska.http.overload import resting
from doska.settings import Settings

PLACES = 1  # who comes meanwhile waits, and is taken along by whoever is next
REMEMBERED_MAX = 10_000
TASKS_MAX = REMEMBERED_MAX // 4  # of a board, all at once: the rest when they are named
UNKNOWN = ""  # the line of those whose board is not known: for a connection, as it were


class Turns:
    """The lines of one process."""

    def __init__(self, settings: Settings) -> None:
        self.lines: dict[str, Line] = {}
        self._seconds = settings.lock_timeout_seconds
        self._connections_max = settings.pool_max
        self._board_of: OrderedDict[str, str] = OrderedDict()
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._learned: OrderedDict[str, None] = OrderedDict()  # boards whose tasks were asked for
        self._lately: OrderedDict[str, tuple[str, bool]] = OrderedDict()  # by session

    def turn(self, session_id: str, anchor_id: str, ride: Ride | None = None) -> "Turn":
        """Wait for a place at the object's board, and hold it; Unavailable if there is none.

        With a ride one may take others along, or be taken: then it is over when this begins.
        """
        return Turn(self, self._line_of(session_id, anchor_id), ride)

    def enter(self, name: str) -> Line:
        """Come to a line; there are lines only where somebody is."""
        if (line := self.lines.get(name)) is None:
            places = self._connections_max if name == UNKNOWN else PLACES
            line = self.lines[name] = Line(places, self._seconds)
        line.people += 1
        return line

    def leave(self, name: str, line: Line) -> None:
        """Go."""
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
        last, _ = self._lately.get(session_id, (UNKNOWN, False))
        _put(self._lately, session_id, (board_id, board_id == last))
        _put(self._board_of, anchor_id, board_id)
        _put(self._seen, (session_id, board_id), None)

    def is_to_learn(self, board_id: str) -> bool:
        """Tell once of a board that its tasks are worth to be asked for."""
        is_new = board_id not in self._learned
        _put(self._learned, board_id, None)
        return is_new

    def learn(self, board_id: str, task_ids: Iterable[str]) -> None:
        """Remember whatever is on a board where many write."""
        for task_id in task_ids:
            _put(self._board_of, task_id, board_id)

    def _line_of(self, session_id: str, anchor_id: str) -> str:
        board_id = self._board_of.get(anchor_id) or self._guess(session_id)
        return board_id if (session_id, board_id) in self._seen else UNKNOWN

    def _guess(self, session_id: str) -> str:
        """Expect who has stayed on one board to stay there."""
        board_id, has_stayed = self._lately.get(session_id, (UNKNOWN, False))
        return board_id if has_stayed else UNKNOWN

    async def wait_for_place(self, line: Line, ride: Ride | None) -> bool:
        """Wait until one is free; False if somebody else has done what was to be done."""
        if ride:
            ride.forget()
        loop = asyncio.get_running_loop()
        waiting = Waiting(ride, loop.create_future())
        line.join(waiting)
        patience = loop.call_later(self._seconds, line.send_away, waiting)
        try:
            with resting():
                comes = await waiting.comes
        except BaseException:
            line.leave(waiting)
            raise
        finally:
            patience.cancel()
        if comes is Comes.SENT_AWAY:
            raise Unavailable("Too many are working on this at once.")
        return comes is Comes.PLACE


class Turn:
    """A place at a board, with those who are taken along; or no place, for one who has been."""

    def __init__(self, turns: Turns, board_id: str, ride: Ride | None) -> None:
        self.board_id, self.is_place = board_id, True
        self.along: list[Waiting] = []
        self._turns, self._ride = turns, ride
        self._began = 0.0

    @property
    def is_of_stranger(self) -> bool:
        """Tell whether it is in the common line."""
        return self.board_id == UNKNOWN

    async def __aenter__(self) -> Self:
        self._line = line = self._turns.enter(self.board_id)
        if line.free:
            line.free -= 1
        else:
            await self._wait(line)
        if line.queue and self.is_place and self._ride:
            self.along = line.take_along()
        self._began = time.monotonic()
        return self

    async def _wait(self, line: Line) -> None:
        ride = None if self.is_of_stranger else self._ride
        try:
            self.is_place = await self._turns.wait_for_place(line, ride)
        except BaseException:
            self._turns.leave(self.board_id, line)
            raise

    async def __aexit__(self, *_: object) -> None:
        """Go; how long it took tells how long others will wait, if there are any."""
        if self.is_place and self._line.people > 1:
            for waiting in self.along:
                waiting.let(Comes.TAKEN_ALONG)
            self._line.pass_on()
            self._line.note(time.monotonic() - self._began, 1 + len(self.along))
        self._turns.leave(self.board_id, self._line)


def _put(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Remember it longest; forget what was remembered first."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > REMEMBERED_MAX:
        known.popitem(last=False)
