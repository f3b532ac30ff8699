"""The operations of a batch on subtasks."""

from typing import Any

from doska.boards.operations import Named, given_fields, operation
from doska.boards.policy import Right
from doska.errors import AlreadyExists, LimitReached
from doska.tasks import parts, subtasks
from doska.tasks.declared import SUBTASKS
from doska.tasks.moves import MoveIn
from doska.tasks.schemas import SubtaskNew, SubtaskOut, SubtaskPatch


def _beside(operation: Any) -> list[Named]:
    """Return the neighbours of a position."""
    return [("subtask_ids", near) for near in (operation.body.before, operation.body.after)]


operation(
    "create_subtask",
    SubtaskNew,
    about="As `POST /subtasks`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_new_subtask,
    do=lambda o, op: subtasks.do_create(o, op.body),
    creates=SUBTASKS,
    gives=SubtaskOut,
    is_referring=True,
    refuses=(AlreadyExists, LimitReached),
)
operation(
    "update_subtask",
    SubtaskPatch,
    about="As `PATCH /subtasks/{subtask_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_subtask,
    do=lambda o, op: subtasks.do_update(o, given_fields(op)),
    on=SUBTASKS,
    gives=SubtaskOut,
)
operation(
    "move_subtask",
    MoveIn,
    about="As `POST /subtasks/{subtask_id}/move`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_moving_subtask,
    do=lambda o, op: subtasks.do_move(o, op.body),
    on=SUBTASKS,
    gives=SubtaskOut,
    is_referring=True,
    names=_beside,
)
operation(
    "delete_subtask",
    about="As `DELETE /subtasks/{subtask_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_subtask,
    do=lambda o, _: subtasks.do_delete(o),
    on=SUBTASKS,
)
