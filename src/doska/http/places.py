"""How many of one person, and of all, are at something that takes long; counted in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Places:
    """Counts them; what is too many is for who asks."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def taken_by(self, user_id: str) -> int:
        """Tell how many one person has."""
        return self._of[user_id]

    def taken(self) -> int:
        """Tell how many there are."""
        return self._of.total()

    @contextmanager
    def place(self, user_id: str) -> Iterator[None]:
        """Count one more, for as long as the block runs."""
        self._of[user_id] += 1
        try:
            yield
        finally:
            self._of[user_id] -= 1
            if not self._of[user_id]:
                del self._of[user_id]
