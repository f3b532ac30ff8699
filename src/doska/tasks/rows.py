"""Rows of tasks, and of what belongs to them, as the log stores them: ids and times as texts."""

from typing import TypedDict

from doska.boards.models import Status
from doska.tasks.models import Priority


class TaskRow(TypedDict):
    """A row of ``tasks``."""

    id: str
    board_id: str
    column_id: str
    number: int
    title: str
    description: str
    rank: str | None
    due_at: str | None
    due_on: str | None
    priority: Priority
    status: Status
    color: str | None
    author_id: str | None
    version: int
    created_at: str
    updated_at: str
    completed_at: str | None
    archived_at: str | None


class TaskAssigneeRow(TypedDict):
    """A row of ``task_assignees``."""

    id: str
    task_id: str
    user_id: str
    board_id: str


class SubtaskRow(TypedDict):
    """A row of ``subtasks``."""

    id: str
    task_id: str
    board_id: str
    title: str
    is_completed: bool
    rank: str
    version: int


class LabelRow(TypedDict):
    """A row of ``labels``."""

    id: str
    board_id: str
    title: str
    color: str
    rank: str
    version: int


class TaskLabelRow(TypedDict):
    """A row of ``task_labels``."""

    id: str
    board_id: str
    task_id: str
    label_id: str
