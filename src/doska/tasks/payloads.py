"""The payload of each type of event."""

from pydantic import Field

from doska.boards.news import (
    BoardChange,
    Deleted,
    DeletedPerson,
    PersonChange,
    PersonThen,
    UserThen,
    partial,
)
from doska.boards.schemas import BoardView
from doska.schemas import Id, Out
from doska.tasks.news import (
    ColumnChange,
    DeletedColumn,
    DeletedTask,
    NewTask,
    SubtaskChange,
    TaskChange,
    TaskNews,
)
from doska.tasks.schemas import ColumnOut, SubtaskOut


class BoardAsMade(Out):
    """A new board."""

    board: BoardView
    columns: list[ColumnOut]


class BoardChanged(Out):
    """What has changed of the board."""

    board: BoardChange


class PeopleChanged(Out):
    """People whose role has changed."""

    people: list[PersonChange]


class PersonAsAdded(Out):
    """Somebody new on the board."""

    person: PersonThen


class PersonChanged(Out):
    """What has changed of somebody on the board."""

    person: PersonChange


class PersonGone(Out):
    """Somebody who is no longer on the board, and no longer assigned to these tasks."""

    person: DeletedPerson
    tasks: list[TaskChange]


class ColumnAsMade(Out):
    """A new column."""

    column: ColumnOut


class ColumnChanged(Out):
    """What has changed of a column, and others' ranks if they were rebalanced."""

    model_config = partial("column")

    column: ColumnChange
    columns: list[ColumnChange]


class ColumnGone(Out):
    """A deleted column, and what happened to its tasks."""

    column: DeletedColumn
    tasks: list[TaskNews]


class TaskAsMade(Out):
    """A new task."""

    task: NewTask


class TaskChanged(Out):
    """What has changed of a task, and others' ranks if they were rebalanced."""

    model_config = partial("task")

    task: TaskChange
    tasks: list[TaskChange]


class TaskGone(Out):
    """A deleted task."""

    task: DeletedTask


class SubtaskAsMade(Out):
    """A new subtask, and what has changed of its task."""

    subtask: SubtaskOut
    task: TaskChange


class SubtaskChanged(Out):
    """What has changed of a subtask and its task, and others' ranks if they were rebalanced."""

    model_config = partial("subtask", "task")

    subtask: SubtaskChange
    task: TaskChange
    subtasks: list[SubtaskChange]


class SubtaskGone(Out):
    """A deleted subtask, and what has changed of its task."""

    subtask: Deleted
    task: TaskChange


class UserChanged(Out):
    """A person's current name and picture."""

    user: UserThen


class UserGone(Out):
    """A deleted account: no longer on the board or its tasks, and no longer their author."""

    user: Deleted
    people: list[PersonChange]
    tasks: list[TaskChange]


class Undone(Out):
    """What was undone."""

    seq: int = Field(description="the number of its event; of a batch, of the first one", ge=1)
    count: int = Field(description="how many events: of a batch, all", ge=1)
    type: str = Field(description="the type of that event", examples=["task.moved"])
    batch_id: Id | None
