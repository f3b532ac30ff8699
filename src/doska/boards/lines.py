"""Lines of those who wait for a turn at one board: first come, first served.

A line knows how long turns took lately. When it has become too long at that pace, it is shortened
from its end: who would wait in vain is refused at once.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

LATELY = 0.5  # of the time one may wait: by the turns of so long is told how long one takes
TOGETHER_MAX = 25  # who is first waits until the last is done

Ride: TypeAlias = Any  # what others may do for somebody who waits: only whoever does it knows more


class Comes(Enum):
    """What comes of waiting in a line."""

    PLACE = auto()
    TAKEN_ALONG = auto()  # somebody else has done what was to be done
    SENT_AWAY = auto()


@dataclass
class Waiting:
    """Somebody in a line."""

    ride: Ride | None
    comes: asyncio.Future[Comes]

    @property
    def came(self) -> Comes | None:
        """What has come of it; None: nothing yet, or they have gone before."""
        is_known = self.comes.done() and not self.comes.cancelled()
        return self.comes.result() if is_known else None

    def let(self, comes: Comes) -> None:
        """Tell them what has come of it, unless they have gone."""
        if not self.comes.done():
            self.comes.set_result(comes)


class Pace:
    """How long it took lately until one more was served.

    The longest turn does not count: it may have waited for somebody else's lock.
    """

    def __init__(self, lately: float) -> None:
        self._lately = lately
        self._turns: deque[tuple[float, int]] = deque()  # seconds, and how many were served
        self._longest = (0.0, 0)
        self._seconds, self._served = 0.0, 0
        self.each = 0.0  # the seconds that one takes; zero while too little is known

    def note(self, seconds: float, served: int) -> None:
        """Remember a turn, and forget what was long ago."""
        turn = (seconds, served)
        self._turns.append(turn)
        self._add(*turn)
        self._longest = max(self._longest, turn)
        while self._usual - self._turns[0][0] > self._lately:
            self._forget()
        count = self._served - self._longest[1]
        self.each = self._usual / count if self._usual >= self._lately else 0.0

    @property
    def _usual(self) -> float:
        return self._seconds - self._longest[0]

    def _add(self, seconds: float, served: int) -> None:
        self._seconds += seconds
        self._served += served

    def _forget(self) -> None:
        seconds, served = gone = self._turns.popleft()
        self._add(-seconds, -served)
        if gone == self._longest:
            self._longest = max(self._turns)


class Line:
    """Those who are at one board, or wait for it."""

    def __init__(self, places: int, seconds_max: float) -> None:
        self.free = places
        self.people = 0
        self.queue: deque[Waiting] = deque()
        self._places, self._seconds_max = places, seconds_max
        self._pace = Pace(LATELY * seconds_max * places)

    def join(self, waiting: Waiting) -> None:
        """Queue up."""
        self.queue.append(waiting)
        self._shorten()

    def leave(self, waiting: Waiting) -> None:
        """Wait no longer; a place that has just been given goes to the next."""
        if waiting in self.queue:
            self.queue.remove(waiting)
        elif waiting.came is Comes.PLACE:
            self.pass_on()

    def send_away(self, waiting: Waiting) -> None:
        """Let them wait no longer, unless somebody has begun with what they want."""
        if waiting in self.queue:
            self.queue.remove(waiting)
            waiting.let(Comes.SENT_AWAY)

    def pass_on(self) -> None:
        """Give a place to the next, or have it free."""
        if self.queue:
            self.queue.popleft().let(Comes.PLACE)
        else:
            self.free += 1

    def take_along(self) -> list[Waiting]:
        """Take those at the head of the line who can be; nobody overtakes anybody."""
        found: list[Waiting] = []
        while self.queue and self.queue[0].ride and len(found) < TOGETHER_MAX - 1:
            found.append(self.queue.popleft())
        return found

    def note(self, seconds: float, served: int) -> None:
        """Know how long a turn took, and of how many."""
        self._pace.note(seconds, served)
        self._shorten()

    def _shorten(self) -> None:
        """Send away who came last, until the last one can be served in time."""
        each = self._pace.each / self._places
        while len(self.queue) * each > self._seconds_max:
            self.queue.pop().let(Comes.SENT_AWAY)
