"""What events tell of things: whole where they are new, else the id and the fields that are new."""

from typing import Any

from pydantic import ConfigDict, Field

from doska.boards.models import Role
from doska.boards.schemas import BoardView, PersonOut
from doska.identity.schemas import UserView
from doska.schemas import Id, Out, Time
from doska.tasks.cards import HAS_DESCRIPTION
from doska.tasks.schemas import ColumnOut, SubtaskOut, TaskOut


def partial(*kept: str) -> ConfigDict:
    """Describe objects of which only these fields are always there.

    Only described, never made: PostgreSQL builds the JSON from what the log holds.
    """

    def relax(schema: dict[str, Any]) -> None:
        schema["required"] = list(kept)

    return ConfigDict(json_schema_extra=relax)


class BoardChange(BoardView):
    """A board's id and its fields that are new."""

    model_config = partial("id")


class ColumnChange(ColumnOut):
    """A column's id and its fields that are new."""

    model_config = partial("id")


LEFT = Field(description="the column in which it stood until now, if it stands there no more")


class NewTask(TaskOut):
    """A new task."""

    has_description: bool = HAS_DESCRIPTION


class TaskChange(NewTask):
    """A task's id and its fields that are new, or all of it where the archive has given it back.

    Beside a description stands whether there is one, and where the task has left a column's cards,
    which column that was.
    """

    model_config = partial("id")

    from_column_id: Id = LEFT


class TaskNews(TaskChange):
    """What is new of a task, all of it if it is back, or that it is deleted."""

    model_config = partial("id")

    is_deleted: bool


class SubtaskChange(SubtaskOut):
    """A subtask's id and its fields that are new."""

    model_config = partial("id")


class UserThen(UserView):
    """A person as shown today, who was there then; the id alone when the account is gone."""

    model_config = partial("id")


class PersonChange(PersonOut):
    """Whose place on the board it is, and what is new of it."""

    model_config = partial("user")

    user: UserThen
    role: Role
    joined_at: Time


class ColumnNews(ColumnChange):
    """What is new of a column, all of it if it is back, or that it is deleted."""

    model_config = partial("id")

    is_deleted: bool


class SubtaskNews(SubtaskChange):
    """What is new of a subtask, all of it if it is back, or that it is deleted."""

    model_config = partial("id")

    is_deleted: bool


class PersonNews(PersonChange):
    """What is new of somebody on the board, all of it if they are back, or that they are off."""

    model_config = partial("user")

    is_deleted: bool


class Deleted(Out):
    """What is deleted."""

    id: Id


class DeletedTask(Deleted):
    """A task that is deleted, and the column in which it was."""

    model_config = partial("id")

    column_id: Id
    from_column_id: Id = LEFT


class PersonThen(PersonOut):
    """Somebody who came onto the board."""

    user: UserThen


class DeletedPerson(Out):
    """Who is no longer on the board."""

    user: UserThen


class BoardAsMade(Out):
    """A new board."""

    board: BoardView
    columns: list[ColumnOut]


class BoardChanged(Out):
    """What is new of the board."""

    board: BoardChange


class PeopleChanged(Out):
    """Who has another role."""

    people: list[PersonChange]


class PersonAsAdded(Out):
    """Somebody new on the board."""

    person: PersonThen


class PersonChanged(Out):
    """What is new of somebody on the board."""

    person: PersonChange


class PersonGone(Out):
    """Somebody who is off the board, and off these tasks."""

    person: DeletedPerson
    tasks: list[TaskChange]


class ColumnAsMade(Out):
    """A new column."""

    column: ColumnOut


class ColumnChanged(Out):
    """What is new of a column, and the places of others if they were dealt anew."""

    model_config = partial("column")

    column: ColumnChange
    columns: list[ColumnChange]


class ColumnGone(Out):
    """A deleted column, and what became of its tasks."""

    column: Deleted
    tasks: list[TaskNews]


class TaskAsMade(Out):
    """A new task."""

    task: NewTask


class TaskChanged(Out):
    """What is new of a task, and the places of others if they were dealt anew."""

    model_config = partial("task")

    task: TaskChange
    tasks: list[TaskChange]


class TaskGone(Out):
    """A deleted task."""

    task: DeletedTask


class SubtaskAsMade(Out):
    """A new subtask, and what is new of its task."""

    subtask: SubtaskOut
    task: TaskChange


class SubtaskChanged(Out):
    """What is new of a subtask and its task, and the places of others if they were dealt anew."""

    model_config = partial("subtask", "task")

    subtask: SubtaskChange
    task: TaskChange
    subtasks: list[SubtaskChange]


class SubtaskGone(Out):
    """A deleted subtask, and what is new of its task."""

    subtask: Deleted
    task: TaskChange


class UserChanged(Out):
    """How a person is shown now."""

    user: UserThen


class UserGone(Out):
    """A deleted account: off the board and its tasks, no longer their author."""

    user: Deleted
    people: list[PersonChange]
    tasks: list[TaskChange]


class Undone(Out):
    """What was taken back."""

    seq: int = Field(description="the number of its event; of a batch, of the first one", ge=1)
    count: int = Field(description="how many events: of a batch, all", ge=1)
    type: str = Field(description="the type of that event", examples=["task.moved"])
    batch_id: Id | None


class ChangeTakenBack(Out):
    """What was taken back, and what is new by it."""

    model_config = partial("undone")

    undone: Undone
    board: BoardChange
    people: list[PersonNews]
    columns: list[ColumnNews]
    tasks: list[TaskNews]
    subtasks: list[SubtaskNews]
