"""Endpoints: a board's events, as pages and live."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Header, Query, Request, Response

from doska.boards.access import BoardViewer
from doska.errors import Gone
from doska.live.events import BIGINT_MAX, PAGE
from doska.live.hub import TooManyStreams
from doska.live.schemas import EventPage, StreamMessage
from doska.live.stream import MEDIA_TYPE, EventStream
from doska.pagination import PAGE_DEFAULT, PAGE_MAX
from doska.responses import Json
from doska.routing import Router, refuses, streams

board_events = Router(prefix="/boards/{board_id}/events", tags=["the live board"])

After = Annotated[
    int | None,
    Query(ge=0, le=BIGINT_MAX, description="only what came after the event of this number"),
]
LastEventId = Annotated[
    int | None,
    Header(ge=0, le=BIGINT_MAX, description="goes before `after`; browsers send it by themselves"),
]
Limit = Annotated[
    int, Query(ge=1, description=f"events a page; more than {PAGE_MAX} is cut to {PAGE_MAX}")
]


@board_events.get("", response_model=EventPage, responses=streams(StreamMessage, MEDIA_TYPE))
@refuses(Gone, TooManyStreams)
async def list_events(
    request: Request,
    access: BoardViewer,
    after: After = None,
    last_event_id: LastEventId = None,
    limit: Limit = PAGE_DEFAULT,
) -> Response:
    """Read what happened on a board, or follow it live.

    As JSON: a page of events, the oldest first, `after` the one that is named or all. With
    `Accept: text/event-stream`: the same and all that follows, each as a message whose `id` is the
    event's number, so that an `EventSource` goes on where it was cut. Without a position a stream
    begins with what happens next. `reset` says that the log does not go on from there: take the
    board anew. `board.deleted` is the last message of a deleted board.

    Whoever sees the board only because it is public reads the events of the last hour, and none
    from before it became public.
    """
    if _wants_stream(request):
        position = after if last_event_id is None else last_event_id
        return EventStream(request.app.state.hub, access, position)
    _, row = await PAGE.ask(access, after=after or 0, limit=min(limit, PAGE_MAX))
    if not row["floor"] <= (after or 0) <= row["seq"]:
        raise Gone(seq=row["seq"])
    return _page(request, row["body"], row["next"])


def _wants_stream(request: Request) -> bool:
    kinds = request.headers.get("accept", "").split(",")
    return any(kind.partition(";")[0].strip().lower() == MEDIA_TYPE for kind in kinds)


def _page(request: Request, body: str, following: int | None) -> Response:
    response: Json[Any] = Json(body)
    if following is not None:
        query = [pair for pair in request.query_params.multi_items() if pair[0] != "after"]
        url = f"{request.url.path}?{urlencode([*query, ('after', following)])}"
        response.headers["link"] = f'<{url}>; rel="next"'
    return response
