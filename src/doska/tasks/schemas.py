"""Columns, tasks and subtasks, as requests and responses, and as the log stores them."""

from typing import Any

from pydantic import (
    Field,
    StrictBool,
)

from doska.boards.models import Status
from doska.boards.pieces import with_pieces
from doska.boards.rows import ColumnRow
from doska.boards.schemas import column_view
from doska.identity.schemas import UserView
from doska.schemas import (
    Color,
    Day,
    Id,
    In,
    Moment,
    NewId,
    Out,
    TaskTitle,
    Text,
    Time,
    Title,
    Version,
    absent,
    body_examples,
)
from doska.tasks.fields import DUE_ONCE, AnyStatus, AssigneeIds, DueDay, LabelIds, TaskLimit
from doska.tasks.models import Priority
from doska.tasks.pieces import SubtaskCount
from doska.tasks.rows import SubtaskRow

_ID = "0198c0de-0000-7000-8000-000000000001"


class ColumnOut(Out):
    """A column."""

    id: Id
    board_id: Id
    title: str
    color: str | None
    status: Status | None = Field(description="the status that a task gets on entering")
    task_limit: int | None
    limit_is_hard: bool = Field(description="a hard limit refuses tasks, a soft one is only shown")
    rank: str | None = Field(
        description="its position on the board, an opaque text that sorts bytewise; null: archived"
    )
    is_archived: bool = Field(
        description="then it is hidden with its tasks, which stay as they are"
    )
    version: Version


class ColumnListed(ColumnOut):
    """A column in a list."""

    task_count: int = Field(description="how many tasks it has, without archived ones", ge=0)


@with_pieces("tasks")
class TaskShown(Out):
    """What is shown of every task."""

    id: Id
    key: str = Field(description="its name for people", examples=["WEB-12"])
    number: int
    board_id: Id
    column_id: Id
    title: str
    status: Status
    priority: Priority
    color: str | None
    due_at: Time | None = Field(description="a time; then `due_on` is null")
    due_on: Day | None = Field(description="a day, the same one in every time zone")
    assignees: list[UserView]
    author: UserView | None = Field(description="null if the account was deleted")
    rank: str | None = Field(
        description="its position in the column, an opaque text; null: archived"
    )
    subtasks: SubtaskCount
    is_archived: bool
    version: Version
    created_at: Time
    updated_at: Time
    completed_at: Time | None = Field(description="when it became DONE")


class TaskOut(TaskShown):
    """A task."""

    description: str


class SubtaskOut(Out):
    """A subtask."""

    id: Id
    task_id: Id
    title: str
    is_completed: bool
    rank: str = Field(description="its position in the task: an opaque text that sorts bytewise")
    version: Version


class ColumnIn(In):
    """The fields of a column."""

    model_config = body_examples({"title": "Review", "task_limit": 3, "limit_is_hard": True})

    title: Title
    color: Color | None = None
    status: AnyStatus | None = None
    task_limit: TaskLimit | None = None
    limit_is_hard: StrictBool = False
    is_archived: StrictBool = False


class ColumnNew(ColumnIn):
    """A new column, at the right end of its board."""

    model_config = body_examples({"board_id": _ID, "title": "Review", "status": "IN_PROGRESS"})

    id: NewId = None
    board_id: Id


class ColumnPatch(In):
    """What to change of a column."""

    model_config = body_examples({"task_limit": 5})

    title: Title = absent()
    color: Color | None = absent()
    status: AnyStatus | None = absent()
    task_limit: TaskLimit | None = absent()
    limit_is_hard: StrictBool = absent()
    is_archived: StrictBool = absent()


class _TaskFields(In):
    title: TaskTitle
    description: Text = ""
    priority: Priority = Priority.MEDIUM
    color: Color | None = None
    due_at: Moment | None = None
    due_on: DueDay = None
    assignee_ids: AssigneeIds = Field(default_factory=list)
    is_archived: StrictBool = False


class TaskIn(_TaskFields):
    """The fields of a task."""

    model_config = body_examples(
        {"title": "Draw the logo", "status": "в процессе", "due_at": "2026-12-31T18:00:00Z"},
        **DUE_ONCE,
    )

    column_id: Id | None = Field(None, description="if left out, where it is now")
    label_ids: LabelIds | None = Field(None, description="if left out, those it has now")
    status: AnyStatus | None = Field(None, description="if left out, the column's, else TODO")


class TaskNew(_TaskFields):
    """A new task, at the bottom of its column."""

    model_config = body_examples(
        {"title": "Buy milk"}, {"column_id": _ID, "title": "Draw"}, **DUE_ONCE
    )

    id: NewId = None
    column_id: Id | None = Field(
        None, description="without it: on your home board, in the column of its status"
    )
    label_ids: LabelIds = Field(default_factory=list)
    status: AnyStatus | None = Field(None, description="if left out, the column's, else TODO")


class TaskPatch(In):
    """What to change of a task."""

    model_config = body_examples({"status": "DONE"}, {"due_on": "2026-12-31"}, **DUE_ONCE)

    column_id: Id = absent()
    title: TaskTitle = absent()
    description: Text = absent()
    status: AnyStatus = absent()
    priority: Priority = absent()
    color: Color | None = absent()
    due_at: Moment | None = absent()
    due_on: DueDay = absent()
    assignee_ids: AssigneeIds = absent()
    label_ids: LabelIds = absent()
    is_archived: StrictBool = absent()


class SubtaskIn(In):
    """The fields of a subtask."""

    model_config = body_examples({"title": "Choose the font", "is_completed": True})

    title: TaskTitle
    is_completed: StrictBool = False


class SubtaskNew(SubtaskIn):
    """A new subtask, at the bottom of its task."""

    model_config = body_examples({"task_id": _ID, "title": "Choose the font"})

    id: NewId = None
    task_id: Id


class SubtaskPatch(In):
    """What to change of a subtask."""

    model_config = body_examples({"is_completed": True})

    title: TaskTitle = absent()
    is_completed: StrictBool = absent()


# Asking a model for its fields takes longer than showing a task.
_COLUMN_NAMES = tuple(ColumnOut.model_fields)
_SUBTASK_NAMES = tuple(SubtaskOut.model_fields)


def shown_column(row: ColumnRow) -> dict[str, Any]:
    """Show a column's row as ``ColumnOut``."""
    view = column_view(row)
    return {name: view[name] for name in _COLUMN_NAMES}


def shown_subtask(row: SubtaskRow) -> dict[str, Any]:
    """Show a subtask's row as ``SubtaskOut``."""
    return {name: row[name] for name in _SUBTASK_NAMES}  # type: ignore[literal-required]
