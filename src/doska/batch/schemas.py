"""Batches, as requests and answers: each operation is what one endpoint takes, by its name."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from doska.batch.references import ID_OR_REFERENCE, OPERATIONS_MAX, Referring, resolved
from doska.http.answers import CODING
from doska.schemas import Id, In, Out, body_examples
from doska.tasks.moves import MoveIn, TaskMoveIn, WithTasks
from doska.tasks.schemas import (
    ColumnNew,
    ColumnOut,
    ColumnPatch,
    SubtaskNew,
    SubtaskOut,
    SubtaskPatch,
    TaskNew,
    TaskOut,
    TaskPatch,
)

_ID = "0198c0de-0000-7000-8000-000000000001"
_TAG = re.compile(rf'(\*)|([0-9]{{1,10}})|(?:W/)?"([0-9]{{1,10}})(?:\.[0-9a-f]*)?(?:{CODING})?"')


def _version(given: str) -> str:
    """Read a version, bare or in its tag."""
    match = _TAG.fullmatch(given)
    if match is None:
        raise ValueError('should be * or a version such as 3, or its tag "3.c0de"')
    return str(match[match.lastindex or 0])


IfMatch = Annotated[
    str,
    AfterValidator(_version),
    Field(
        json_schema_extra={"pattern": f"^({_TAG.pattern})$"},
        description="as the header: only if the object has this version then; else 412",
    ),
]
Reference = Annotated[Id, WithJsonSchema(ID_OR_REFERENCE)]


class ColumnInBatch(ColumnNew):
    """A new column."""

    model_config = body_examples({"title": "Review"})

    board_id: Id | None = Field(None, description="this board's, or left out")  # type: ignore[assignment]


class TaskInBatch(TaskNew):
    """A new task."""

    model_config = body_examples({"column_id": _ID, "title": "Draw"})

    column_id: Id = Field(description="a column of this board")


class _Changing(In):
    if_match: IfMatch | None = None


class _OfColumn(_Changing):
    column_id: Reference


class _OfTask(_Changing):
    task_id: Reference


class _OfSubtask(_Changing):
    subtask_id: Reference


class CreateColumn(In):
    """As `POST /columns`."""

    op: Literal["create_column"]
    body: ColumnInBatch


class UpdateColumn(_OfColumn):
    """As `PATCH /columns/{column_id}`."""

    op: Literal["update_column"]
    body: ColumnPatch


class MoveColumn(_OfColumn):
    """As `POST /columns/{column_id}/move`."""

    op: Literal["move_column"]
    body: Annotated[MoveIn, Referring()]


class DeleteColumn(_OfColumn):
    """As `DELETE /columns/{column_id}`."""

    op: Literal["delete_column"]
    tasks: WithTasks | None = Field(None, description="what becomes of its tasks")
    to: Reference | None = Field(None, description="the column that gets them")


class CreateTask(In):
    """As `POST /tasks`, but for a column of this board."""

    op: Literal["create_task"]
    body: Annotated[TaskInBatch, Referring()]


class UpdateTask(_OfTask):
    """As `PATCH /tasks/{task_id}`."""

    op: Literal["update_task"]
    body: Annotated[TaskPatch, Referring()]


class MoveTask(_OfTask):
    """As `POST /tasks/{task_id}/move`."""

    op: Literal["move_task"]
    body: Annotated[TaskMoveIn, Referring()]


class AssignTask(_OfTask):
    """As `PUT /tasks/{task_id}/assignees/{user_id}`."""

    op: Literal["assign_task"]
    user_id: Id


class UnassignTask(_OfTask):
    """As `DELETE /tasks/{task_id}/assignees/{user_id}`."""

    op: Literal["unassign_task"]
    user_id: Id


class DeleteTask(_OfTask):
    """As `DELETE /tasks/{task_id}`."""

    op: Literal["delete_task"]


class CreateSubtask(In):
    """As `POST /subtasks`."""

    op: Literal["create_subtask"]
    body: Annotated[SubtaskNew, Referring()]


class UpdateSubtask(_OfSubtask):
    """As `PATCH /subtasks/{subtask_id}`."""

    op: Literal["update_subtask"]
    body: SubtaskPatch


class MoveSubtask(_OfSubtask):
    """As `POST /subtasks/{subtask_id}/move`."""

    op: Literal["move_subtask"]
    body: Annotated[MoveIn, Referring()]


class DeleteSubtask(_OfSubtask):
    """As `DELETE /subtasks/{subtask_id}`."""

    op: Literal["delete_subtask"]


_KINDS: tuple[type[In], ...] = (
    CreateColumn, UpdateColumn, MoveColumn, DeleteColumn,
    CreateTask, UpdateTask, MoveTask, AssignTask, UnassignTask, DeleteTask,
    CreateSubtask, UpdateSubtask, MoveSubtask, DeleteSubtask,
)  # fmt: skip
BY_NAME = {kind.model_fields["op"].annotation.__args__[0]: kind for kind in _KINDS}  # type: ignore[union-attr]


def _by_name(given: Any, _: ValidatorFunctionWrapHandler) -> In:
    """Read an operation as what its name says; pydantic would put the name into its pointers."""
    name = given.get("op") if isinstance(given, dict) else None
    if not isinstance(name, str) or name not in BY_NAME:
        raise PydanticCustomError("op", "should be an object with a known `op`")
    return BY_NAME[name].model_validate(given)


AnyOperation = (
    CreateColumn | UpdateColumn | MoveColumn | DeleteColumn
    | CreateTask | UpdateTask | MoveTask | AssignTask | UnassignTask | DeleteTask
    | CreateSubtask | UpdateSubtask | MoveSubtask | DeleteSubtask
)  # fmt: skip
Operation = Annotated[AnyOperation, Field(discriminator="op"), WrapValidator(_by_name)]


class BatchIn(In):
    """Operations on one board, in their order."""

    model_config = body_examples(
        {
            "operations": [
                {"op": "create_column", "body": {"title": "Review"}},
                {"op": "create_task", "body": {"column_id": "$0.id", "title": "Draw the logo"}},
            ]
        },
        {
            "operations": [
                {"op": "update_task", "task_id": _ID, "if_match": "3", "body": {"status": "DONE"}},
                {"op": "assign_task", "task_id": _ID, "user_id": _ID},
            ]
        },
    )

    operations: Annotated[
        list[Operation],
        BeforeValidator(resolved),
        Field(
            min_length=1,
            max_length=OPERATIONS_MAX,
            description="`op` is the name of the endpoint; `body` its body, and beside it stand "
            "what its path and query take. `$0.id` is the id of what operation 0 creates",
        ),
    ]


class BatchOut(Out):
    """What came of a batch."""

    batch_id: Id | None = Field(description="the same in all its events; null if nothing changed")
    seq: int = Field(description="the number of the board's last event", ge=0)
    results: list[TaskOut | ColumnOut | SubtaskOut | None] = Field(
        description="what each endpoint would have answered; null where that is nothing"
    )
