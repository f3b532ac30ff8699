"""How many of each kind there may be; judged under the lock of what they belong to.

So nobody can outrun a limit: whoever else adds one waits, and is counted. What comes back when a
change is taken back is counted as well.
"""

from dataclasses import dataclass

from doska.errors import LimitReached
from doska.settings import Settings

ASSIGNEES_MAX = 50  # of a task; no setting, for it is part of the schema


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings allow."""

    boards_of_user: int
    people: int
    columns: int
    tasks: int
    subtasks: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Take them from the settings."""
        return cls(
            boards_of_user=settings.boards_per_user_max,
            people=settings.people_per_board_max,
            columns=settings.columns_per_board_max,
            tasks=settings.tasks_per_board_max,
            subtasks=settings.subtasks_per_task_max,
        )

    def check_boards(self, count: int) -> None:
        """Refuse that somebody has more boards of their own; ``count`` is with the new one."""
        check(count, self.boards_of_user, "boards of a person")

    def check_people(self, count: int) -> None:
        """Refuse more people on a board; ``count`` is with the new ones."""
        check(count, self.people, "people of a board")

    def check_columns(self, count: int) -> None:
        """Refuse more columns on a board; ``count`` is with the new ones."""
        check(count, self.columns, "columns of a board")

    def check_tasks(self, count: int) -> None:
        """Refuse more tasks on a board; ``count`` is with the new ones, and the archived."""
        check(count, self.tasks, "tasks of a board")

    def check_subtasks(self, count: int) -> None:
        """Refuse more subtasks in a task; ``count`` is with the new ones."""
        check(count, self.subtasks, "subtasks of a task")

    def check_assignees(self, count: int) -> None:
        """Refuse more people on a task; ``count`` is with the new ones."""
        check(count, ASSIGNEES_MAX, "assignees of a task")


def check(count: int, limit: int, of: str) -> None:
    """Refuse what is beyond a limit, and name it."""
    if count > limit:
        raise LimitReached.at(limit, of)


USUAL = Limits.of(Settings.model_construct())  # what the settings are if nobody sets them
