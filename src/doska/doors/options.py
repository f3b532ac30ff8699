"""What one may say of a file that is imported."""

import json
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from doska.doors import schemas
from doska.schemas import Line
from doska.zones import ZONE_CHARS_MAX, ZoneName

MAPPING_CHARS_MAX = 10_000
_AS_JSON = {
    "pattern": r"^\s*\{[^\u0000]*\}\s*$",
    "contentMediaType": "application/json",
    "contentSchema": schemas.MAPPING,
}


def _mapping(given: str) -> str:
    try:
        schemas.columns_named(json.loads(given))
    except (ValueError, RecursionError):
        raise PydanticCustomError("json", f"should be JSON such as {schemas.A_MAPPING}") from None
    return given


Format = Annotated[
    str,
    Query(
        alias="format",
        pattern=r"^[a-z0-9-]{1,20}$",
        description="of the file, if it is not to be guessed",
    ),
]
DryRun = Annotated[bool, Query(description="plan and report; write nothing")]
Into = Annotated[
    schemas.Into,
    Query(
        description="`auto`: the board that you have imported from the same one, else a new "
        "one; `new`; or a board's id",
    ),
]
Title = Annotated[Line | None, Query(max_length=200, description="of a file that has none")]
TimeZone = Annotated[
    ZoneName | None,
    Query(max_length=ZONE_CHARS_MAX, description="of dates without one; else UTC"),
]
DateOrder = Annotated[
    Literal["dmy", "mdy"] | None, Query(description="of dates such as `3/4/2026`")
]
Encoding = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9_.:-]{1,40}$", description="of a text that is no UTF-8"),
]
Delimiter = Annotated[Literal[",", ";", "|", "\t", "tab"] | None, Query(description="of a table")]
People = Annotated[
    Literal["known", "none"], Query(description="match people of your boards, or nobody")
]
Deleted = Annotated[Literal["skip", "archive"], Query(description="what the file calls deleted")]
Gone = Annotated[
    Literal["leave", "archive"], Query(description="tasks that the source has no more")
]
Trust = Annotated[bool, Query(description="an archive's authors; administrators only")]
Mapping = Annotated[
    Annotated[str, AfterValidator(_mapping), Field(json_schema_extra=_AS_JSON)] | None,
    Query(max_length=MAPPING_CHARS_MAX, description="of a table's columns, as JSON"),
]


def _options(  # noqa: PLR0913  # one parameter for each that the request may have
    format_: Format = "auto",
    dry_run: DryRun = False,  # noqa: FBT002
    into: Into = "auto",
    title: Title = None,
    time_zone: TimeZone = None,
    date_order: DateOrder = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    people: People = "known",
    deleted: Deleted = "skip",
    gone: Gone = "leave",
    trust: Trust = False,  # noqa: FBT002
    mapping: Mapping = None,
) -> dict[str, Any]:
    return {
        "format": format_, "dry_run": dry_run, "into": into, "people": people,
        "gone": gone, "trust": trust, "named": {},
        "reading": {
            "title": title, "time_zone": time_zone, "date_order": date_order,
            "encoding": encoding, "delimiter": delimiter, "deleted": deleted,
            "mapping": None if mapping is None else json.loads(mapping),
        },
    }  # fmt: skip


Options = Annotated[dict[str, Any], Depends(_options)]
