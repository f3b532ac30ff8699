"""How each operation of a batch is done: the right that it needs, what it reads, what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from doska.batch import parts
from doska.batch.schemas import CreateColumn, DeleteColumn
from doska.batch.world import World
from doska.boards.access import Parts
from doska.boards.log import Change
from doska.boards.policy import Right
from doska.errors import Invalid
from doska.http.answers import Answer
from doska.tasks import columns, deeds, subtasks
from doska.tasks.deeds import is_placing

Answered = Awaitable[Answer[Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of operation; ``right`` is what its endpoint asks for."""

    right: Right
    parts: Callable[[World, Any], Parts]
    do: Callable[[Change, Any], Answered]


def _fields(operation: Any) -> dict[str, Any]:
    fields: dict[str, Any] = operation.body.model_dump(mode="json", exclude_unset=True)
    return fields


def _create_column(opened: Change, operation: CreateColumn) -> Answered:
    body, board_id = operation.body, opened.board["id"]
    if body.board_id not in (None, board_id):
        raise Invalid.at("/body/board_id", "other_board", "should be this board, or left out")
    fields = {**body.model_dump(mode="json", exclude={"id"}), "board_id": board_id}
    return columns.do_create(opened, fields, body.id)


def _delete_column(opened: Change, operation: DeleteColumn) -> Answered:
    columns.check_destination(operation.tasks, operation.to)
    if operation.to is not None:
        return columns.do_empty(opened, operation.to)
    return columns.do_delete(opened, operation.tasks)


def _of_updating_task(world: World, operation: Any) -> Parts:
    is_there_more = is_placing(_fields(operation))
    return (parts.of_placing_task if is_there_more else parts.of_task)(world, operation)


KINDS = {
    "create_column": Kind(Right.EDIT_BOARD, parts.of_new_column, _create_column),
    "update_column": Kind(
        Right.EDIT_BOARD, parts.of_column, lambda o, op: columns.do_update(o, _fields(op))
    ),
    "move_column": Kind(
        Right.EDIT_BOARD, parts.of_moving_column, lambda o, op: columns.do_move(o, op.body)
    ),
    "delete_column": Kind(Right.EDIT_BOARD, parts.of_deleting_column, _delete_column),
    "create_task": Kind(
        Right.EDIT_TASKS, parts.of_new_task, lambda o, op: deeds.create_task(o, op.body)
    ),
    "update_task": Kind(
        Right.EDIT_TASKS, _of_updating_task, lambda o, op: deeds.update_task(o, _fields(op))
    ),
    "move_task": Kind(
        Right.EDIT_TASKS, parts.of_moving_task, lambda o, op: deeds.move_task(o, op.body)
    ),
    "assign_task": Kind(
        Right.EDIT_TASKS, parts.of_task, lambda o, op: deeds.assign_task(o, op.user_id)
    ),
    "unassign_task": Kind(
        Right.EDIT_TASKS, parts.of_task, lambda o, op: deeds.unassign_task(o, op.user_id)
    ),
    "delete_task": Kind(
        Right.EDIT_TASKS, parts.of_deleting_task, lambda o, _: deeds.delete_task(o)
    ),
    "create_subtask": Kind(
        Right.EDIT_TASKS, parts.of_new_subtask, lambda o, op: subtasks.do_create(o, op.body)
    ),
    "update_subtask": Kind(
        Right.EDIT_TASKS, parts.of_subtask, lambda o, op: subtasks.do_update(o, _fields(op))
    ),
    "move_subtask": Kind(
        Right.EDIT_TASKS, parts.of_moving_subtask, lambda o, op: subtasks.do_move(o, op.body)
    ),
    "delete_subtask": Kind(Right.EDIT_TASKS, parts.of_subtask, lambda o, _: subtasks.do_delete(o)),
}
