"""Endpoint: what happened on a board, in words."""

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Header, Query, Request
from pydantic_core import to_json

from doska.activity import queries
from doska.activity.languages import wanted
from doska.activity.queries import BIGINT_MAX, Entry
from doska.activity.schemas import ActivityOut
from doska.activity.sentences import Speaker
from doska.activity.words import Words
from doska.boards.access import HistoryViewer
from doska.boards.happenings import describe
from doska.errors import Invalid, NoLongerKept
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, with_next
from doska.http.responses import Json, placed
from doska.http.routing import Router
from doska.schemas import Id
from doska.zones import ZONE_CHARS_MAX, ZoneName

activity = Router(prefix="/boards/{board_id}/activity", tags=["the live board"])

TimeZone = Annotated[
    ZoneName,
    Query(
        max_length=ZONE_CHARS_MAX,
        description="for times in words: a name of the IANA database",
        examples=["Europe/Moscow"],
    ),
]
AcceptLanguage = Annotated[
    str | None,
    Header(description="English (`en`) or Russian (`ru`)", examples=["ru-RU, ru;q=0.9, en;q=0.5"]),
]
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Content-Language": {
                "schema": {"type": "string", "enum": ["en", "ru"]},
                "description": "the language of the sentences",
            }
        }
    }
}


@activity.get("", responses=DESCRIBED)
@refuses(NoLongerKept)
async def list_activity(  # noqa: PLR0913  # one parameter a filter
    request: Request,
    access: HistoryViewer,
    page: Paging,
    actor_id: Annotated[Id | None, Query(description="only what this person did")] = None,
    task_id: Annotated[Id | None, Query(description="only what touched this task")] = None,
    after: Annotated[
        int | None,
        Query(
            ge=0, le=BIGINT_MAX, description="only what happened after the event with this number"
        ),
    ] = None,
    time_zone: TimeZone = "UTC",
    accept_language: AcceptLanguage = None,
) -> Json[Page[ActivityOut]]:
    """List what happened on a board, in words.

    Who did what to which task, from where to where, the newest first; each sentence describes one
    event of `GET /boards/{board_id}/events`. With `after`, the number of an event, only what
    happened after it, also the newest first. In English, or in Russian by `Accept-Language`.
    Columns and tasks have their titles of that time, people their current names. The list ends where
    the log begins; `after` or `cursor` from before that is 410 `no-longer-kept`.
    """
    filters: dict[str, Any] = {"actor_id": actor_id, "task_id": task_id, "after": after}
    entries, seq = await queries.read(access, page.limit, _position(page.cursor), **filters)
    shown = entries[: page.limit]
    words = wanted(accept_language)
    items = await _told(access.anchor_id, shown, words, ZoneInfo(time_zone))
    following = str(shown[-1]["logged"]["seq"]) if len(entries) > page.limit else None
    body = to_json({"items": items, "next_cursor": following})
    headers = {"content-language": words.language, "vary": "accept-language", **placed(seq)}
    return with_next(request, Json(body, headers=headers), following)


async def _told(
    board_id: str, entries: list[Entry], words: Words, zone: ZoneInfo
) -> list[dict[str, Any]]:
    descriptions = [
        describe({**entry["logged"], "undone_event": entry["undone"]}) for entry in entries
    ]
    speaker = Speaker(words, zone, await queries.names_in(board_id, descriptions))
    return [
        {
            "seq": entry["logged"]["seq"],
            "type": entry["logged"]["type"],
            "at": entry["at"],
            "actor": entry["actor"],
            "task": entry["task"],
            "text": speaker.sentence((entry["actor"] or {}).get("name"), description),
            "when": speaker.when(entry["at"]),
        }
        for entry, description in zip(entries, descriptions, strict=True)
    ]


def _position(cursor: str | None) -> int | None:
    """Read a cursor: the number of the last event that was shown."""
    if cursor is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,18}", cursor) or int(cursor) > BIGINT_MAX:
        raise Invalid.at("/query/cursor", "cursor", "should be a next_cursor of this list")
    return int(cursor)
