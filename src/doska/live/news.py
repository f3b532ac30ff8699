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
