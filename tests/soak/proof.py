"""What a proof of the soak is, and what it tells."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum


class Size(Enum):
    """How much is tried: all of it, or a tenth to see a planted bug by."""

    FULL = 10
    QUICK = 1

    def of(self, times: int, least: int = 1) -> int:
        """Tell how often to try what is tried this often in a full run."""
        return max(least, times * self.value // Size.FULL.value)


class Lost(Exception):
    """The promise was broken so that there is no going on: the proof ends here, with one lost."""


@dataclass(frozen=True)
class Finding:
    """What was tried, how often, and what was lost: a row of the table."""

    promise: str
    tried: str
    times: int
    lost: int
    notes: str = ""


Prove = Callable[[Size], Awaitable[Finding]]


@dataclass(frozen=True)
class Proof:
    """How a promise is tried, and how long that may take."""

    prove: Prove
    seconds_max: float
