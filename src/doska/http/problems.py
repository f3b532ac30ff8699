"""Errors as the documentation describes them: RFC 9457's problem documents."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from doska.errors import MEDIA_TYPE, DoskaError


class ProblemField(BaseModel):
    """One value that is not valid."""

    pointer: str = Field(description="JSON pointer into the request: /body/title, /query/limit")
    code: str = Field(description="the reason, for programs")
    message: str = Field(description="the reason, in words")
    limit: int | float | None = Field(None, description="the limit that it exceeds, if any")


class Problem(BaseModel):
    """An error, as RFC 9457 describes it; some types have further members."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="the type of problem, for programs; new releases may add more")
    title: str = Field(description="the type of problem, in words")
    status: int = Field(description="the HTTP status")
    detail: str | None = Field(None, description="an explanation of this case")
    request_id: str = Field(description="identifies this request in the server's log")
    errors: list[ProblemField] | None = Field(None, description="which values, with 422")
    operation: int | None = Field(None, description="which operation of a batch, counted from 0")


def problem_types() -> list[str]:
    """List the types of all errors that the program knows."""

    def leaves(kind: type[DoskaError]) -> Iterator[str]:
        for inner in kind.__subclasses__():
            if inner.__module__.startswith("doska."):
                yield inner.type()
                yield from leaves(inner)

    return sorted(leaves(DoskaError))


def problems(*kinds: type[DoskaError]) -> dict[int | str, dict[str, Any]]:
    """Describe errors for OpenAPI, grouped by status, each type with an example."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in sorted(set(kinds), key=lambda kind: (kind.status, kind.__name__)):
        entry = responses.setdefault(
            int(kind.status),
            {
                "description": kind.status.phrase,
                "content": {
                    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
                },
            },
        )
        for header, value in kind.headers.items():
            described = {"schema": {"type": "string"}, "example": value}
            entry.setdefault("headers", {})[header] = described
        example = kind(**kind.example).document("0198c0de-0000-7000-8000-000000000001")
        entry["content"][MEDIA_TYPE]["examples"][kind.__name__] = {
            "summary": kind.title(),
            "value": example,
        }
    return responses
