"""The operations of a batch on columns, tasks and subtasks."""

from collections.abc import Awaitable
from typing import Any, TypeAlias

from pydantic import Field

from doska.boards.access import Parts
from doska.boards.hanging import TooMuchAtOnce
from doska.boards.log import Change
from doska.boards.operations import Named, given_fields, operation
from doska.boards.policy import Right
from doska.boards.references import Reference
from doska.boards.world import World
from doska.errors import AlreadyExists, Invalid, LimitReached
from doska.http.answers import Answer
from doska.schemas import Id, body_examples
from doska.tasks import columns, deeds, parts
from doska.tasks.assignees import NotOnBoard
from doska.tasks.declared import COLUMNS, TASKS
from doska.tasks.deeds import is_placing
from doska.tasks.fields import DUE_ONCE
from doska.tasks.moves import MoveIn, TaskMoveIn, WithTasks
from doska.tasks.places import ColumnArchived, ColumnFull, NeighbourElsewhere
from doska.tasks.placing import TaskArchived
from doska.tasks.schemas import (
    ColumnNew,
    ColumnOut,
    ColumnPatch,
    TaskNew,
    TaskOut,
    TaskPatch,
)

Answered: TypeAlias = Awaitable[Answer[Any]]
_ID = "0198c0de-0000-7000-8000-000000000001"


class ColumnInBatch(ColumnNew):
    """A new column."""

    model_config = body_examples({"title": "Review"})

    board_id: Id | None = Field(None, description="this board's, or left out")  # type: ignore[assignment]


class TaskInBatch(TaskNew):
    """A new task."""

    model_config = body_examples({"column_id": _ID, "title": "Draw"}, **DUE_ONCE)

    column_id: Id = Field(description="a column of this board")


def _create_column(opened: Change, operation: Any) -> Answered:
    body, board_id = operation.body, opened.board["id"]
    if body.board_id not in (None, board_id):
        raise Invalid.at("/body/board_id", "other_board", "should be this board, or left out")
    fields = {**body.model_dump(mode="json", exclude={"id"}), "board_id": board_id}
    return columns.do_create(opened, fields, body.id)


def _delete_column(opened: Change, operation: Any) -> Answered:
    columns.check_destination(operation.tasks, operation.to)
    if operation.to is not None:
        return columns.do_empty(opened, operation.to)
    return columns.do_delete(opened, operation.tasks)


def _is_placing(operation: Any) -> bool:
    return is_placing(operation.body.model_fields_set)


def _of_updating_task(world: World, operation: Any) -> Parts:
    return (parts.of_placing_task if _is_placing(operation) else parts.of_task)(world, operation)


def _stands(operation: Any) -> list[Named]:
    """Return where a task comes to stand: beside which, or at an end of which columns."""
    body = vars(operation.body)
    near = body.get("before") or body.get("after")
    if near:
        return [("near_ids", near)]
    own = vars(operation).get("task_id")
    return [
        ("ended_ids", body.get("column_id")),
        ("moved_ids", own),
        ("statuses", body.get("status")),
    ]


def _is_of_more(_: Any) -> bool:
    """Return the ids of what is not only added."""
    return False


operation(
    "create_column",
    ColumnInBatch,
    about="As `POST /columns`.",
    right=Right.EDIT_BOARD,
    parts=parts.of_new_column,
    do=_create_column,
    creates=COLUMNS,
    gives=ColumnOut,
    refuses=(AlreadyExists, LimitReached),
)
operation(
    "update_column",
    ColumnPatch,
    about="As `PATCH /columns/{column_id}`.",
    right=Right.EDIT_BOARD,
    parts=parts.of_updating_column,
    do=lambda o, op: columns.do_update(o, given_fields(op)),
    on=COLUMNS,
    gives=ColumnOut,
    only_adds=lambda op: not op.body.limit_is_hard,
)
operation(
    "move_column",
    MoveIn,
    about="As `POST /columns/{column_id}/move`.",
    right=Right.EDIT_BOARD,
    parts=parts.of_moving_column,
    do=lambda o, op: columns.do_move(o, op.body),
    on=COLUMNS,
    gives=ColumnOut,
    is_referring=True,
    refuses=(ColumnArchived,),
)
operation(
    "delete_column",
    about="As `DELETE /columns/{column_id}`.",
    right=Right.EDIT_BOARD,
    parts=parts.of_deleting_column,
    do=_delete_column,
    on=COLUMNS,
    takes={
        "tasks": (WithTasks | None, Field(None, description="what happens to its tasks")),
        "to": (Reference | None, Field(None, description="the column that gets them")),
    },
    refuses=(
        columns.ColumnNotEmpty,
        columns.TooManyTasks,
        columns.TooMuchText,
        TooMuchAtOnce,
        ColumnArchived,
    ),
    only_adds=_is_of_more,
    names=lambda op: [("deleted_ids", op.column_id)],
)
operation(
    "create_task",
    TaskInBatch,
    about="As `POST /tasks`, but for a column of this board.",
    right=Right.EDIT_TASKS,
    parts=parts.of_new_task,
    do=lambda o, op: deeds.create_task(o, op.body),
    creates=TASKS,
    gives=TaskOut,
    is_referring=True,
    refuses=(AlreadyExists, ColumnArchived, ColumnFull, LimitReached, NotOnBoard),
    names=_stands,
)
operation(
    "update_task",
    TaskPatch,
    about="As `PATCH /tasks/{task_id}`.",
    right=Right.EDIT_TASKS,
    parts=_of_updating_task,
    do=lambda o, op: deeds.update_task(o, given_fields(op)),
    on=TASKS,
    gives=TaskOut,
    is_referring=True,
    refuses=(ColumnArchived, ColumnFull, NotOnBoard),
    only_adds=lambda op: not _is_placing(op),
    names=lambda op: _stands(op) if _is_placing(op) else [],
)
operation(
    "move_task",
    TaskMoveIn,
    about="As `POST /tasks/{task_id}/move`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_moving_task,
    do=lambda o, op: deeds.move_task(o, op.body),
    on=TASKS,
    gives=TaskOut,
    is_referring=True,
    refuses=(ColumnArchived, ColumnFull, NeighbourElsewhere, TaskArchived),
    only_adds=_is_of_more,
    names=_stands,
)
operation(
    "assign_task",
    about="As `PUT /tasks/{task_id}/assignees/{user_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_task,
    do=lambda o, op: deeds.assign_task(o, op.user_id),
    on=TASKS,
    gives=TaskOut,
    takes={"user_id": (Id, ...)},
    refuses=(LimitReached, NotOnBoard),
)
operation(
    "unassign_task",
    about="As `DELETE /tasks/{task_id}/assignees/{user_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_task,
    do=lambda o, op: deeds.unassign_task(o, op.user_id),
    on=TASKS,
    takes={"user_id": (Id, ...)},
)
operation(
    "delete_task",
    about="As `DELETE /tasks/{task_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_deleting_task,
    do=lambda o, _: deeds.delete_task(o),
    on=TASKS,
    only_adds=_is_of_more,
    refuses=(TooMuchAtOnce,),
    names=lambda op: [("doomed_ids", op.task_id)],
)
