"""How many of each kind there may be; judged under the lock of what they belong to.

So nobody can outrun a limit: whoever else adds one waits, and is counted. What comes back when a
change is taken back is counted as well.
"""

from dataclasses import dataclass

from doska.errors import LimitReached
from doska.settings import Settings

# Of a task; no settings, for they are part of the schema.
ASSIGNEES_MAX = 50
LABELS_OF_TASK_MAX = 50


@dataclass(frozen=True, slots=True)
class AtMost:
    """A limit: the setting that has it, or a number; what it is called; by which column it counts."""

    setting: str | int
    words: str
    of: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings allow."""

    settings: Settings

    @property
    def boards_of_user(self) -> int:
        """How many boards somebody may have of their own."""
        return self.settings.boards_per_user_max

    def of(self, at_most: AtMost) -> int:
        """Tell how many there may be."""
        found = at_most.setting
        return found if isinstance(found, int) else int(getattr(self.settings, found))

    def check(self, at_most: AtMost | None, count: int) -> None:
        """Refuse more of a kind; ``count`` is with the new ones, and the archived."""
        if at_most is not None:
            check(count, self.of(at_most), at_most.words)

    def check_boards(self, count: int) -> None:
        """Refuse that somebody has more boards of their own; ``count`` is with the new one."""
        check(count, self.boards_of_user, "boards of a person")


def check(count: int, limit: int, of: str) -> None:
    """Refuse what is beyond a limit, and name it."""
    if count > limit:
        raise LimitReached.at(limit, of)


USUAL = Limits(Settings.model_construct())  # what the settings are if nobody sets them
