"""Imports, as requests and responses."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from doska.doors.models import ImportStatus
from doska.doors.parsing import mended
from doska.schemas import Id, In, Line, Out, Time, body_examples

_STORABLE: dict[str, Any] = {"type": "string", "pattern": r"^[^\u0000]*$"}
_FROM_COLUMN: dict[str, Any] = {
    "type": "object",
    "required": ["from"],
    "properties": {"from": _STORABLE, "split": {"anyOf": [_STORABLE, {"type": "null"}]}},
    "additionalProperties": False,
}
A_MAPPING = '{"title": "Name", "labels": {"from": "Tags", "split": ","}}'
MAPPING: dict[str, Any] = {
    "type": "object",
    "propertyNames": _STORABLE,
    "additionalProperties": {"anyOf": [_STORABLE, _FROM_COLUMN]},
    "examples": [json.loads(A_MAPPING)],
}

Into = Annotated[
    str,
    StringConstraints(
        pattern=r"^(auto|new|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", to_lower=True
    ),
]


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    if mended(value)[1]:
        raise ValueError("should not contain NUL or half a character")
    return value


def columns_named(value: Any) -> dict[str, Any]:
    """Accept what says from which column of a table something comes, and what splits its texts."""
    if not isinstance(value, dict) or not all(map(_is_column, value.values())):
        raise ValueError(f"should name columns, as {A_MAPPING}")
    return _storable(value)


def _is_column(said: Any) -> bool:
    return isinstance(said, str) or (
        isinstance(said, dict)
        and said.keys() <= {"from", "split"}
        and isinstance(said.get("from"), str)
        and isinstance(said.get("split"), str | None)
    )


class Progress(Out):
    """How far an import is: tasks written of all."""

    done: int = Field(examples=[0])
    total: int = Field(examples=[69])


class ImportedFile(Out):
    """The file."""

    bytes: int = Field(examples=[34012])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )


class ImportShown(Out):
    """An import."""

    id: Id
    format: str = Field(
        description="what was named; what was found is in the report", examples=["trello"]
    )
    status: ImportStatus
    progress: Progress
    dry_run: bool
    file: ImportedFile
    problem: dict[str, Any] | None = Field(
        description="why it failed: as the problem document that a request would get",
        examples=[None],
    )
    created_at: Time
    finished_at: Time | None


class ImportOut(ImportShown):
    """An import, and its report."""

    report: dict[str, Any] | None = Field(
        description="what became of each value of the file: boards, fields, totals, people, "
        "warnings; null until it is planned",
        examples=[None],
    )


class RunIn(In):
    """What a dry run has shown is done; what is given here wins over what the upload said."""

    model_config = body_examples({"people": {"4e72c0de": "0198c0de-0000-7000-8000-000000000001"}})

    people: Annotated[dict[str, Id], AfterValidator(_storable)] = Field(
        default_factory=dict,
        max_length=1000,
        description="who somebody of the source is here",
        json_schema_extra={"propertyNames": _STORABLE},
    )
    mapping: (
        Annotated[dict[str, Any], AfterValidator(columns_named), WithJsonSchema(MAPPING)] | None
    ) = Field(None, description="of a table's columns")
    into: Into | None = None
    title: Annotated[Line, StringConstraints(max_length=200)] | None = None


class ExtraOut(Out):
    """What the source had of this, and Doska has no place for; exported again."""

    extra: dict[str, Any] = Field(examples=[{"trello": {"pos": 65535}}])
