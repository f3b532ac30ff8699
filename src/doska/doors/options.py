"""What one may say of a file that is imported."""

import json
import re
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from fastapi import Depends, Query

from doska.doors.parsing import mended
from doska.errors import Invalid
from doska.schemas import Line

MAPPING_CHARS_MAX = 10_000


def _options(  # noqa: PLR0913  # one parameter for each that the request may have
    format_: Annotated[
        str,
        Query(
            alias="format",
            pattern=r"^[a-z0-9-]{1,20}$",
            description="of the file, if it is not to be guessed",
        ),
    ] = "auto",
    dry_run: Annotated[bool, Query(description="plan and report; write nothing")] = False,  # noqa: FBT002
    into: Annotated[
        str,
        Query(
            max_length=40,
            description="`auto`: the board that you have imported from the same one, else a new "
            "one; `new`; or a board's id",
        ),
    ] = "auto",
    title: Annotated[
        Line | None, Query(max_length=200, description="of a file that has none")
    ] = None,
    time_zone: Annotated[
        str | None, Query(max_length=64, description="of dates without one; else UTC")
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy"] | None, Query(description="of dates such as `3/4/2026`")
    ] = None,
    encoding: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z0-9_.:-]{1,40}$", description="of a text that is no UTF-8"),
    ] = None,
    delimiter: Annotated[
        Literal[",", ";", "|", "\t", "tab"] | None, Query(description="of a table")
    ] = None,
    people: Annotated[
        Literal["known", "none"], Query(description="match people of your boards, or nobody")
    ] = "known",
    deleted: Annotated[
        Literal["skip", "archive"], Query(description="what the file calls deleted")
    ] = "skip",
    gone: Annotated[
        Literal["leave", "archive"], Query(description="tasks that the source has no more")
    ] = "leave",
    trust: Annotated[bool, Query(description="an archive's authors; administrators only")] = False,  # noqa: FBT002
    mapping: Annotated[
        str | None,
        Query(max_length=MAPPING_CHARS_MAX, description="of a table's columns, as JSON"),
    ] = None,
) -> dict[str, Any]:
    if time_zone is not None and time_zone not in available_timezones():
        raise Invalid.at("/query/time_zone", "time_zone", "should be a zone such as Europe/Moscow")
    return {
        "format": format_, "dry_run": dry_run, "into": _target(into), "people": people,
        "gone": gone, "trust": trust, "named": {},
        "reading": {
            "title": title, "time_zone": time_zone, "date_order": date_order,
            "encoding": encoding, "delimiter": delimiter, "deleted": deleted,
            "mapping": _mapping(mapping),
        },
    }  # fmt: skip


_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _target(given: str) -> str:
    if given in ("auto", "new"):
        return given
    if not _ID.fullmatch(given):
        raise Invalid.at("/query/into", "into", "should be auto, new or a board's id")
    return given.lower()


def _mapping(given: str | None) -> dict[str, Any] | None:
    if given is None:
        return None
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or mended(found)[1]:
        raise Invalid.at("/query/mapping", "json", "should be a JSON object")
    return found


Options = Annotated[dict[str, Any], Depends(_options)]
