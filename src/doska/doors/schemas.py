"""Imports, as requests and responses."""

from typing import Any

from pydantic import Field

from doska.doors.models import ImportStatus
from doska.schemas import Id, In, Out, Time, body_examples


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

    people: dict[str, Id] = Field(
        default_factory=dict, max_length=1000, description="who somebody of the source is here"
    )
    mapping: dict[str, Any] | None = None
    into: str | None = Field(None, max_length=40)
    title: str | None = Field(None, max_length=200)


class ExtraOut(Out):
    """What the source had of this, and Doska has no place for; exported again."""

    extra: dict[str, Any] = Field(examples=[{"trello": {"pos": 65535}}])
