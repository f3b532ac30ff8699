"""Valid values for the fields of columns and tasks."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
)

from doska.boards.limits import ASSIGNEES_MAX, LABELS_OF_TASK_MAX
from doska.boards.models import Status
from doska.schemas import AS_WHOLE, Day, Id

TASK_LIMIT_MAX = 10_000

_RUSSIAN = {
    "новая": Status.TODO,
    "в процессе": Status.IN_PROGRESS,
    "завершена": Status.DONE,
    "отклонена": Status.REJECTED,
}


def _canonical(value: Any) -> Any:
    """Accept a status in English or Russian, in any case."""
    if not isinstance(value, str):
        return value
    word = " ".join(value.split())
    return _RUSSIAN.get(word.lower(), word.upper())


AnyStatus = Annotated[
    Status,
    BeforeValidator(_canonical),
    WithJsonSchema({"type": "string", "enum": [*Status, *_RUSSIAN]}),
    Field(description="in any case", examples=["TODO"]),
]


def _only(day: str | None, info: ValidationInfo) -> str | None:
    if day is not None and info.data.get("due_at") is not None:
        raise ValueError("should not be combined with due_at: a task is due on a day or at a time")
    return day


DueDay = Annotated[
    Day | None,
    AfterValidator(_only),
    Field(description="a day, the same one in every time zone, instead of a time in `due_at`"),
]
# For schemas: at most one of the two.
DUE_ONCE: dict[str, Any] = {
    "not": {
        "required": ["due_at", "due_on"],
        "properties": {"due_at": {"type": "string"}, "due_on": {"type": "string"}},
    }
}
TaskLimit = Annotated[StrictInt, Field(ge=1, le=TASK_LIMIT_MAX), AS_WHOLE]
AssigneeIds = Annotated[
    list[Id], Field(max_length=ASSIGNEES_MAX, description="people on the board")
]
LabelIds = Annotated[
    list[Id], Field(max_length=LABELS_OF_TASK_MAX, description="labels of the board")
]
