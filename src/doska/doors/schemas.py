"""Imports, as requests and responses."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from doska.doors.models import ImportStatus
from doska.doors.parsing import mended
from doska.schemas import Id, In, Line, Out, Time, body_examples

INTO = r"^(auto|new|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    if mended(value)[1]:
        raise ValueError("should not contain NUL or half a character")
    return value


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
        default_factory=dict, max_length=1000, description="who somebody of the source is here"
    )
    mapping: Annotated[dict[str, Any], AfterValidator(_storable)] | None = None
    into: Annotated[str, StringConstraints(pattern=INTO)] | None = None
    title: Annotated[Line, StringConstraints(max_length=200)] | None = None


class ExtraOut(Out):
    """What the source had of this, and Doska has no place for; exported again."""

    extra: dict[str, Any] = Field(examples=[{"trello": {"pos": 65535}}])
