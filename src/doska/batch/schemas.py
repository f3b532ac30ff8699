"""Batches, as requests and responses: each operation has the input of one endpoint, by its name."""

from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import BeforeValidator, Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

import doska.features  # noqa: F401  # which declare the operations
from doska.boards.operations import creating, operations
from doska.boards.references import OPERATIONS_MAX, resolved
from doska.schemas import Id, In, Out, body_examples
from doska.tasks.schemas import ColumnOut, SubtaskOut, TaskOut

_ID = "0198c0de-0000-7000-8000-000000000001"


def _by_name(given: Any, _: ValidatorFunctionWrapHandler) -> In:
    """Parse an operation by its name; pydantic would put the name into its pointers."""
    name = given.get("op") if isinstance(given, dict) else None
    if not isinstance(name, str) or name not in operations():
        raise PydanticCustomError("op", "should be an object with a known `op`")
    return operations()[name].schema.model_validate(given)


if TYPE_CHECKING:
    AnyOperation = Any
else:
    AnyOperation = Union[tuple(found.schema for found in operations().values())]  # noqa: UP007
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
        BeforeValidator(lambda given: resolved(given, creating())),
        Field(
            min_length=1,
            max_length=OPERATIONS_MAX,
            description="`op` is the name of the endpoint, `body` its body; path and query "
            "parameters go next to them. `$0.id` is the id of what operation 0 creates",
        ),
    ]


# In this order, which clients know; operations of other features come after.
_GIVEN = dict.fromkeys(
    [TaskOut, ColumnOut, SubtaskOut, *(o.gives for o in operations().values() if o.gives)]
)
if TYPE_CHECKING:
    AnyResult = Any
else:
    AnyResult = Union[*_GIVEN, None]


class BatchOut(Out):
    """The result of a batch."""

    batch_id: Id | None = Field(description="the same in all its events; null if nothing changed")
    seq: int = Field(description="the number of the board's last event", ge=0)
    results: list[AnyResult] = Field(
        description="what each endpoint would have returned; null if that is nothing"
    )
