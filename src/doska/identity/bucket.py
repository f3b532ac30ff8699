"""A token bucket of attempts per source, in each process, before anything expensive."""

import time
from collections import OrderedDict
from collections.abc import Callable

SOURCES_MAX = 10_000  # remembered; the least recently seen source is forgotten


class Buckets:
    """Token buckets: each holds a minute's attempts, and refills evenly."""

    def __init__(
        self,
        a_minute: int,
        sources_max: int = SOURCES_MAX,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.clock = clock or time.monotonic
        self._full = float(a_minute)
        self._a_second = a_minute / 60
        self._sources_max = sources_max
        self._left: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # attempts left, at which time

    def __len__(self) -> int:
        return len(self._left)

    def take(self, source: str) -> float:
        """Take an attempt; returns 0, or in how many seconds there is one again."""
        now = self.clock()
        left, at = self._left.pop(source, (self._full, now))
        left = min(self._full, left + (now - at) * self._a_second)
        is_enough = left >= 1
        self._left[source] = (left - is_enough, now)
        if len(self._left) > self._sources_max:
            self._left.popitem(last=False)
        return 0.0 if is_enough else (1 - left) / self._a_second
