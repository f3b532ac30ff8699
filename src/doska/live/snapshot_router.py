"""Endpoint: the whole board."""

import re
from typing import Annotated

from fastapi import Query, Request

from doska.boards.access import BoardViewer
from doska.boards.positions import SEQ_MAX
from doska.errors import Gone, NoLongerKept
from doska.http.marks import refuses
from doska.http.responses import Tagged, is_known, placed
from doska.http.routing import Router
from doska.live.history import read_past
from doska.live.snapshot import Snapshot, Snapshots, tag_of
from doska.live.snapshot_schemas import SnapshotOut

TASKS_PER_COLUMN_MAX = 1000
_GZIP = re.compile(r"\b(?:x-)?gzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)

snapshots = Router(prefix="/boards", tags=["the live board"])

PerColumn = Annotated[
    int,
    Query(
        ge=1,
        le=TASKS_PER_COLUMN_MAX,
        description="how many tasks of each column; `next_cursor` of the column gives the others, "
        "but not with `at`",
    ),
]
At = Annotated[
    int | None,
    Query(ge=1, le=SEQ_MAX, description="as it was after the event with this number"),
]


@snapshots.get("/{board_id}/snapshot")
@refuses(Gone, NoLongerKept)
async def read_snapshot(
    request: Request,
    access: BoardViewer,
    at: At = None,
    tasks_per_column: PerColumn = TASKS_PER_COLUMN_MAX,
) -> Tagged[SnapshotOut]:
    """Read a whole board.

    With its people, columns and tasks, as of the event `seq`; `GET
    /boards/{board_id}/events?after=` with its `position` returns what happened after that.
    Unchanged, it costs next to nothing: send the `ETag` as `If-None-Match`.

    With `at` it is the board as it was after that event, in the same shape. This needs the right
    `VIEW_HISTORY`, which people who see the board only because it is public do not have. People
    have their current names, and deleted accounts are not shown. Events that the log does not
    contain, or no longer contains, are 410.
    """
    if at is not None:
        return await _sent(request, await read_past(access, at, tasks_per_column))
    shelf: Snapshots = request.app.state.snapshots
    key, tag = (access.anchor_id, tasks_per_column), None
    if not shelf.is_lively(key) and (
        "if-none-match" in request.headers or shelf.is_tag_of_use(key)
    ):
        tag = await tag_of(access, tasks_per_column)
        if tag is not None and is_known(request.scope, tag):
            return Tagged(b"", tag)
    return await _sent(request, await shelf.read(access, tasks_per_column, tag))


async def _sent(request: Request, found: Snapshot) -> Tagged[SnapshotOut]:
    """Send a snapshot, compressed for clients that accept it; 304 if they have it."""
    headers = placed(found.seq)
    if is_known(request.scope, found.tag):
        return Tagged(b"", found.tag, **headers)  # before it is compressed in vain
    headers["vary"] = "accept-encoding"
    if not _GZIP.search(request.headers.get("accept-encoding", "")):
        return Tagged(found.body, found.tag, **headers)
    shelf: Snapshots = request.app.state.snapshots
    packed = await shelf.packed(found)
    return Tagged(packed, found.tag, **headers, **{"content-encoding": "gzip"})
