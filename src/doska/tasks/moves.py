"""Where to, as requests say it."""

from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from doska.schemas import Id, In, Word

_ID = "0198c0de-0000-7000-8000-000000000001"


class End(Word):
    """The two ends of a list."""

    TOP = "top"
    BOTTOM = "bottom"


def _one_of(*names: str) -> dict[str, Any]:
    """Say in the documentation that one of these is named, and the places beside it are not."""
    places = {"before", "after", "at"}
    return {
        "oneOf": [
            {
                "required": [name],
                "properties": {
                    name: {"type": "string"},
                    **{other: {"type": "null"} for other in sorted(places - {name})},
                },
            }
            for name in names
        ]
    }


def _moves(*examples: dict[str, Any], names: tuple[str, ...]) -> ConfigDict:
    extra = {"examples": list(examples), **_one_of(*names)}
    return ConfigDict(json_schema_extra=extra)


class MoveIn(In):
    """Where to: before or after a neighbour, or to an end."""

    model_config = _moves({"at": "top"}, {"after": _ID}, names=("before", "after", "at"))

    before: Id | None = None
    after: Id | None = None
    at: End | None = None

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        places = sum(place is not None for place in (self.before, self.after, self.at))
        if not places and getattr(self, "column_id", None):
            self.at = End.BOTTOM
        elif places != 1:
            raise ValueError("should name exactly one of before, after and at")
        return self


class TaskMoveIn(MoveIn):
    """Where a task goes: to a column of the same board, and a place in it."""

    model_config = _moves(
        {"column_id": _ID, "at": "bottom"},
        {"before": _ID},
        names=("before", "after", "at", "column_id"),
    )

    column_id: Id | None = Field(None, description="the neighbour's, or its own, if left out")


class WithTasks(Word):
    """What happens to the tasks of a column that is deleted."""

    DELETE = "delete"
    MOVE = "move"
