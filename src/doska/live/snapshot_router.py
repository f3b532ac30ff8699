"""Endpoint: the whole board."""

import re
from typing import Annotated

from fastapi import Query, Request

from doska.boards.access import BoardViewer
from doska.live.snapshot import Snapshots, tag_of
from doska.live.snapshot_schemas import SnapshotOut
from doska.responses import Tagged, is_known
from doska.routing import Router

TASKS_PER_COLUMN_MAX = 1000
_GZIP = re.compile(r"\b(?:x-)?gzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)

snapshots = Router(prefix="/boards", tags=["the live board"])

PerColumn = Annotated[
    int,
    Query(
        ge=1,
        le=TASKS_PER_COLUMN_MAX,
        description="how many tasks of each column; `next_cursor` of the column gives the others",
    ),
]


@snapshots.get("/{board_id}/snapshot")
async def read_snapshot(
    request: Request, access: BoardViewer, tasks_per_column: PerColumn = TASKS_PER_COLUMN_MAX
) -> Tagged[SnapshotOut]:
    """Read a whole board.

    With its people, columns and tasks, as of the event `seq`; what happens after it is told by
    `GET /boards/{board_id}/events?after=`. Unchanged, it costs next to nothing: send the `ETag` as
    `If-None-Match`.
    """
    shelf: Snapshots = request.app.state.snapshots
    tag = None
    if "if-none-match" in request.headers or shelf.is_tag_of_use(
        (access.anchor_id, tasks_per_column)
    ):
        tag = await tag_of(access, tasks_per_column)
        if is_known(request.scope, tag):
            return Tagged(b"", tag)
    found = await shelf.read(access, tasks_per_column, tag)
    if not _GZIP.search(request.headers.get("accept-encoding", "")):
        return Tagged(found.body, found.tag, vary="accept-encoding")
    packed = await found.gzipped()
    return Tagged(packed, found.tag, vary="accept-encoding", **{"content-encoding": "gzip"})
