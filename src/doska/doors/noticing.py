"""What a reader noticed: warnings, counted by their codes."""

from collections import Counter
from collections.abc import Iterable

from doska.doors.fates import AT_MAX
from doska.doors.model import Warned


class Noticed:
    """Collects warnings; of each kind the first places are named."""

    def __init__(self, earlier: Iterable[tuple[str, str]] = ()) -> None:
        self._counts: Counter[str] = Counter()
        self._at: dict[str, list[str]] = {}
        for code, at in earlier:
            self.add(code, at)

    def add(self, code: str, at: str = "", count: int = 1) -> None:
        """Note something, and where: a path, never a content."""
        self._counts[code] += count
        places = self._at.setdefault(code, [])
        if at and at not in places and len(places) < AT_MAX:
            places.append(at)

    def note(self, warned: Warned) -> None:
        """Note what was noticed elsewhere."""
        self.add(warned.code, "", warned.count)
        self._at[warned.code] = [*self._at[warned.code], *warned.at][:AT_MAX]

    def found(self) -> tuple[Warned, ...]:
        """Give all, by code."""
        return tuple(
            Warned(code=code, count=count, at=tuple(self._at[code]))
            for code, count in sorted(self._counts.items())
        )
