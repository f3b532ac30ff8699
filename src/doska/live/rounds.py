"""When each board is looked at, whatever was notified: once within each beat, spread over it."""

import heapq
import random
import time
from collections.abc import Callable


class Rounds:
    """The boards that are watched, by when they are next looked at.

    A board's turn does not depend on how many others there are, nor on when they came: the time
    between two looks at it is a beat, and the first comes within one.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._due: list[tuple[float, str]] = []
        self._of_board: dict[str, float] = {}

    def add(self, board_id: str) -> None:
        """Begin to look at a board, at any moment of a beat: many may be opened at once."""
        self._put(board_id, self._clock() + self._seconds * random.random())  # noqa: S311

    def remove(self, board_id: str) -> None:
        """Look at it no more."""
        self._of_board.pop(board_id, None)

    def wait_seconds(self) -> float:
        """Tell how long nothing is to be looked at; of a beat if nobody watches anything."""
        while self._due and self._of_board.get(self._due[0][1]) != self._due[0][0]:
            heapq.heappop(self._due)  # nobody watches it any more
        return self._due[0][0] - self._clock() if self._due else self._seconds

    def take(self) -> str:
        """Give the board whose turn it is; its next one is a beat later."""
        due, board_id = heapq.heappop(self._due)
        self._put(board_id, max(due, self._clock() - self._seconds) + self._seconds)
        return board_id

    def _put(self, board_id: str, due: float) -> None:
        self._of_board[board_id] = due
        heapq.heappush(self._due, (due, board_id))
