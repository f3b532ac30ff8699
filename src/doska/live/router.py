"""Endpoints: a board's events, as pages and live."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Header, Query, Request, Response

from doska.boards.access import Access, BoardViewer
from doska.boards.floors import no_longer_kept
from doska.boards.positions import Position, PositionIn, parsed
from doska.errors import Gone, NoLongerKept
from doska.http.marks import refuses, streams
from doska.http.pagination import PAGE_DEFAULT, PAGE_MAX
from doska.http.responses import Json
from doska.http.routing import Router
from doska.live.events import PAGE, goes_on
from doska.live.hub import TooManyStreams
from doska.live.schemas import EventPage, StreamMessage
from doska.live.stream import MEDIA_TYPE, EventStream

board_events = Router(prefix="/boards/{board_id}/events", tags=["the live board"])

After = Annotated[
    PositionIn | None,
    Query(
        description="only what happened after this `position`, or after the event with this number"
    ),
]
LastEventId = Annotated[
    PositionIn | None,
    Header(description="takes precedence over `after`; browsers send it by themselves"),
]
LastEventIdInQuery = Annotated[
    PositionIn | None,
    Query(
        alias="lastEventId", description="the same, for `EventSource` implementations in JavaScript"
    ),
]
Limit = Annotated[
    int, Query(ge=1, description=f"events per page; more than {PAGE_MAX} counts as {PAGE_MAX}")
]


@board_events.get("", response_model=EventPage)
@refuses(Gone, NoLongerKept, TooManyStreams)
async def list_events(
    request: Request,
    access: BoardViewer,
    after: After = None,
    last_event_id: LastEventId = None,
    last_event_id_in_query: LastEventIdInQuery = None,
    limit: Limit = PAGE_DEFAULT,
) -> Response:
    """Read what happened on a board.

    A page of events, the oldest first, all or those `after` the named one. With `Accept:
    text/event-stream` it is the stream of `GET /boards/{board_id}/events/stream`; only then is the
    last event's id read.

    A `position` names one event. After a loss of data (a restored backup, a failover) other events
    have the same numbers: resuming from a lost `position` is 410. A bare number is not compared.
    Events that are no longer kept are 410 `no-longer-kept`; those `after` its `oldest` are there.

    People who see the board only because it is public can read the events of the last hour, and
    none from before it became public.
    """
    if _wants_stream(request):
        return _stream(request, access, last_event_id or last_event_id_in_query or after)
    position = parsed(after) if after else Position(0)
    _, row = await PAGE.ask(access, after=position.seq, limit=min(limit, PAGE_MAX))
    if position.seq < row["oldest"]:
        raise no_longer_kept(row["seq"], row["floor"])
    if not goes_on(row, position):
        raise Gone(seq=row["seq"])
    return _page(request, row["body"], row["next"])


@board_events.get("/stream", response_class=Response, responses=streams(StreamMessage, MEDIA_TYPE))
@refuses(TooManyStreams)
async def follow_events(
    request: Request,
    access: BoardViewer,
    after: After = None,
    last_event_id: LastEventId = None,
    last_event_id_in_query: LastEventIdInQuery = None,
) -> EventStream:
    """Follow a board live.

    What `GET /boards/{board_id}/events` returns and everything that follows, each event as a
    message whose `id` is its `position`, so that an `EventSource` resumes where it was cut off.
    Without a position a stream starts with what happens next.

    `ready` comes first and says from where the stream continues. `reset` says that the log does not
    continue from there, or has lost that `position`: load the board again. `board.deleted` is the
    last message of a deleted board. New releases may add types: ignore those that you do not know.
    """
    return _stream(request, access, last_event_id or last_event_id_in_query or after)


def _stream(request: Request, access: Access, kept: str | None) -> EventStream:
    return EventStream(request.app.state.hub, access, parsed(kept) if kept else None)


def _wants_stream(request: Request) -> bool:
    kinds = request.headers.get("accept", "").split(",")
    return any(kind.partition(";")[0].strip().lower() == MEDIA_TYPE for kind in kinds)


def _page(request: Request, body: str, following: str | None) -> Response:
    response: Json[Any] = Json(body)
    if following is not None:
        query = [pair for pair in request.query_params.multi_items() if pair[0] != "after"]
        url = f"{request.url.path}?{urlencode([*query, ('after', following)])}"
        response.headers["link"] = f'<{url}>; rel="next"'
    return response
