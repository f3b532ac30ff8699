"""Filters and sorting of lists: types of query parameters that several lists share."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from doska.schemas import Line, Word

E = TypeVar("E", bound=StrEnum)

QUERY_CHARS_MAX = 200


def _or_none(value: Any) -> Any:
    """Treat an empty search box as no search."""
    return None if isinstance(value, str) and not value.strip() else value


def separated(values: Any) -> Any:
    """Accept several values as repeated parameters, or separated by commas."""
    return [part.strip() for value in values for part in value.split(",")]


def sort_keys(kind: type[E]) -> Callable[[Any], list[E]]:
    """Read what to sort by, the most important first."""

    def read(values: Any) -> list[E]:
        try:
            keys = [kind(value) for value in separated(values)]
        except ValueError:
            raise ValueError(f"should be of {', '.join(kind)}") from None
        if len({key.removeprefix("-") for key in keys}) < len(keys):
            raise PydanticCustomError("repeated", "should name each key once")
        return keys

    return read


SEVERAL = BeforeValidator(separated)


def sorting(more: str = "") -> Any:
    """Describe the parameter that says what to sort by."""
    words = f"one or more of these, the most important first; a minus reverses the order{more}"
    return Query(description=words, json_schema_extra={"uniqueItems": True})


Search = Annotated[
    Annotated[Line, StringConstraints(max_length=QUERY_CHARS_MAX)] | None,
    BeforeValidator(_or_none),
    Query(
        description="only those with this in title or description, or with this key (`WEB-12`); "
        "accents (`é`), case and width of letters do not matter; empty is no filter"
    ),
]


SearchPeople = Annotated[
    Annotated[Line, StringConstraints(max_length=QUERY_CHARS_MAX)] | None,
    BeforeValidator(_or_none),
    Query(description="only people with this in username or name; empty is no filter"),
]


class Archived(Word):
    """Whether a list contains archived items."""

    NO = "false"
    YES = "true"
    ALL = "all"


ArchivedFilter = Annotated[
    Archived, Query(description="true: only archived ones; all: archived ones too")
]


# The filters that each means, by their names in a list's SQL.
STATES = {Archived.NO: ("active",), Archived.YES: ("archived",), Archived.ALL: ()}


class Visibility(Word):
    """Which boards a list covers."""

    MINE = "mine"
    PUBLIC = "public"
    ALL = "all"


VisibilityFilter = Annotated[
    Visibility | None,
    Query(
        description="mine (the default): on your boards; public: also on public ones; all: on all "
        "boards, for administrators"
    ),
]
