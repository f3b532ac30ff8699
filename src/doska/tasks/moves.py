"""The destination of a move, in requests."""

from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from doska.schemas import Id, In, Word

_ID = "0198c0de-0000-7000-8000-000000000001"


class End(Word):
    """The two ends of a list."""

    TOP = "top"
    BOTTOM = "bottom"


_PLACES = ("before", "after", "at")


def _naming(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Describe a move that names this, and no other destination.

    With all its fields: generators of typed clients make a type of each of ``oneOf`` separately.
    """
    named = next(kind for kind in fields[name]["anyOf"] if kind != {"type": "null"})
    unnamed = {place: {"type": "null"} for place in _PLACES if place != name}
    return {
        "type": "object",
        "required": [name],
        "properties": {**fields, **unnamed, name: named},
        "additionalProperties": False,
    }


def _moves(*examples: dict[str, Any], names: tuple[str, ...]) -> ConfigDict:
    def describe(schema: dict[str, Any]) -> None:
        schema["examples"] = list(examples)
        schema["oneOf"] = [_naming(name, schema["properties"]) for name in names]

    return ConfigDict(json_schema_extra=describe)


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
    """Where a task goes: to a column of the same board, and a position in it."""

    model_config = _moves(
        {"column_id": _ID, "at": "bottom"},
        {"before": _ID},
        names=("before", "after", "at", "column_id"),
    )

    column_id: Id | None = Field(None, description="if left out, the neighbour's, or its own")


class WithTasks(Word):
    """What happens to the tasks of a column that is deleted."""

    DELETE = "delete"
    MOVE = "move"
