"""What events say about columns, tasks and subtasks."""

from pydantic import Field

from doska.boards.news import Deleted, partial
from doska.schemas import Id
from doska.tasks.cards import HAS_DESCRIPTION
from doska.tasks.label_schemas import LabelOut
from doska.tasks.schemas import ColumnOut, SubtaskOut, TaskOut

FROM_ARCHIVE = Field(
    description="true: it was archived, and its tasks, which were hidden, are not told: read the "
    "board again"
)


class ColumnChange(ColumnOut):
    """A column's id and its changed fields, or all of it if it was restored from the archive."""

    model_config = partial("id")

    from_archive: bool = FROM_ARCHIVE


class ColumnNews(ColumnChange):
    """What has changed of a column, all of it if it was restored, or that it was deleted."""

    model_config = partial("id")

    is_deleted: bool


class DeletedColumn(Deleted):
    """A column that is deleted."""

    model_config = partial("id")

    from_archive: bool = FROM_ARCHIVE


LEFT = Field(description="the column that it has left, if it has left one")


class NewTask(TaskOut):
    """A new task."""

    has_description: bool = HAS_DESCRIPTION


class TaskChange(NewTask):
    """A task's id and its changed fields, or all of it if it was restored from the archive.

    A description comes with `has_description`, and a task that has left a column's cards with
    `from_column_id`.
    """

    model_config = partial("id")

    from_column_id: Id = LEFT


class TaskNews(TaskChange):
    """What has changed of a task, all of it if it was restored, or that it was deleted."""

    model_config = partial("id")

    is_deleted: bool


class SubtaskChange(SubtaskOut):
    """A subtask's id and its changed fields."""

    model_config = partial("id")


class DeletedTask(Deleted):
    """A task that is deleted, and the column in which it was."""

    model_config = partial("id")

    column_id: Id
    from_column_id: Id = LEFT


class LabelChange(LabelOut):
    """A label's id and its changed fields."""

    model_config = partial("id")
