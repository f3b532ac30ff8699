"""The filters of tasks, as query parameters."""

import re
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from doska.filters import (
    SEVERAL,
    STATES,
    Archived,
    ArchivedFilter,
    Search,
    Visibility,
    VisibilityFilter,
)
from doska.schemas import Id, Moment, PersonId, Word
from doska.tasks.fields import AnyStatus
from doska.tasks.models import Priority
from doska.zones import ZONE_CHARS_MAX, ZoneName, local


class Due(Word):
    """When a task is due, other than at a time or on a day."""

    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """The values by name, which of ``queries.TASK_FILTERS`` are used, and which boards."""

    values: dict[str, Any]
    used: tuple[str, ...]
    visibility: Visibility | None  # None: of a board that the request names


TimeZone = Annotated[
    ZoneName,
    Query(
        max_length=ZONE_CHARS_MAX,
        description="where a day in `due_on` begins and ends, for filters and sorting: a name of "
        "the IANA database",
        examples=["Europe/Moscow"],
    ),
]
WORDS = ("me", "none")  # each is a filter itself
_KEY = re.compile(r"[A-Z][A-Z0-9]{0,9}-[1-9][0-9]{0,9}", re.ASCII | re.IGNORECASE)


def used(given: dict[str, Any], archived: Archived) -> tuple[str, ...]:
    """Name the filters that a request uses."""
    found = ((name, value) for name, value in given.items() if value is not None)
    return *(_named(name, value) for name, value in found), *STATES[archived]


def _named(name: str, value: Any) -> str:
    if name == "q":
        return "q=key" if _KEY.fullmatch(value.strip()) else "q"
    return f"{name}={value}" if value in WORDS else name


def _day(moment: object, zone: ZoneInfo) -> str:
    return local(str(moment), zone).date().isoformat()


def _filtering(
    given: dict[str, Any], archived: Archived, visibility: Visibility | None, time_zone: str
) -> Filters:
    """Tell which filters are used, and on which boards, by what was given."""
    zone = ZoneInfo(time_zone)
    days = {
        f"{name}_day": given[name] and _day(given[name], zone)
        for name in ("due_before", "due_after")
    }
    is_named = bool(given["board_id"] or given["column_id"])
    names = used(given, archived)
    if archived is Archived.NO and not given["column_id"]:
        names = (*names, "in_active_column")
    if archived is Archived.NO and not is_named:
        names = (*names, "on_active_board")
    return Filters(
        {**given, **days, "time_zone": time_zone},
        names,
        visibility or (None if is_named else Visibility.MINE),
    )


async def _filters(  # noqa: PLR0913  # one parameter a filter
    board_id: Annotated[Id | None, Query()] = None,
    column_id: Annotated[Id | None, Query()] = None,
    status: Annotated[list[AnyStatus] | None, SEVERAL, Query(description="any of these")] = None,
    priority: Annotated[list[Priority] | None, SEVERAL, Query(description="any of these")] = None,
    assignee_id: Annotated[
        PersonId | None, Query(description="`me` is the caller; `none`: assigned to nobody")
    ] = None,
    label_id: Annotated[list[Id] | None, SEVERAL, Query(description="any of these")] = None,
    author_id: Annotated[
        PersonId | None, Query(description="`me` is the caller; `none`: the account was deleted")
    ] = None,
    due_before: Annotated[
        Moment | None,
        Query(description="before this time; tasks due on a day, if the day is over by then"),
    ] = None,
    due_after: Annotated[
        Moment | None,
        Query(
            description="at or after this time; tasks due on a day, if the day is not over by then"
        ),
    ] = None,
    due: Annotated[Due | None, Query(description="none: only tasks without a due date")] = None,
    time_zone: TimeZone = "UTC",
    q: Search = None,
    archived: ArchivedFilter = Archived.NO,
    visibility: VisibilityFilter = None,
) -> Filters:
    given: dict[str, Any] = {
        "board_id": board_id,
        "column_id": column_id,
        "status": status,
        "priority": priority,
        "assignee_id": assignee_id,
        "label_id": label_id,
        "author_id": author_id,
        "due_before": due_before,
        "due_after": due_after,
        "due": due,
        "q": q,
    }
    return _filtering(given, archived, visibility, time_zone)


TaskFilters = Annotated[Filters, Depends(_filters)]
