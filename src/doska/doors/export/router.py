"""Endpoint: a board as a file."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Query, Request
from starlette.responses import Response

from doska.attachments.uploading import InsufficientStorage
from doska.boards.access import Access, BoardViewer
from doska.boards.policy import Right
from doska.doors.archive.signing import key_of
from doska.doors.archive.writing import FilesChanging, draft, finish
from doska.doors.export.reading import Reading, reading, tag_now
from doska.doors.export.sending import ExportResponse, headers_of
from doska.doors.export.spool import Exports, ExportTooLarge, Spool, TooManyExports
from doska.doors.export.writing import (
    Options,
    Write,
    write_csv,
    write_ics,
    write_markdown,
    write_trello,
)
from doska.http.marks import refuses
from doska.http.responses import IF_CHANGED, is_known, not_modified
from doska.http.routing import Router
from doska.schemas import Word

exporting = Router(prefix="/boards", tags=["exports"])


class Format(Word):
    """What kind of file."""

    DOSKA = "doska"
    TRELLO = "trello"
    CSV = "csv"
    MARKDOWN = "markdown"
    ICS = "ics"


class Kind(NamedTuple):
    """A format: what it is to browsers, and the end of its name."""

    media_type: str
    suffix: str


KINDS: Mapping[Format, Kind] = {
    Format.DOSKA: Kind("application/zip", "doska"),
    Format.TRELLO: Kind("application/json", "json"),
    Format.CSV: Kind("text/csv; charset=utf-8", "csv"),
    Format.MARKDOWN: Kind("text/markdown; charset=utf-8", "md"),
    Format.ICS: Kind("text/calendar; charset=utf-8", "ics"),
}
WRITERS: Mapping[Format, Write] = {
    Format.TRELLO: write_trello,
    Format.CSV: write_csv,
    Format.MARKDOWN: write_markdown,
    Format.ICS: write_ics,
}

HasBom = Annotated[bool, Query(description="CSV: begin with a byte order mark, for Excel")]
Entries = Annotated[
    Literal["todos", "events"], Query(alias="as", description="iCalendar: what tasks become")
]
IsAll = Annotated[
    bool, Query(alias="all", description="iCalendar: done, rejected and archived ones, too")
]

_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = {kind.media_type.partition(";")[0]: _BYTES for kind in KINDS.values()}
_BOARD = {"type": "string", "examples": ["Website"]}
_CONTENT["application/json"] = {
    "schema": {"type": "object", "properties": {"name": _BOARD}, "required": ["name"]}
}


@exporting.get(
    "/{board_id}/export",
    response_class=Response,
    responses={
        200: {"content": _CONTENT},
        304: {"description": "The client has this file"},
    },
    openapi_extra={"parameters": [IF_CHANGED]},
)
@refuses(ExportTooLarge, FilesChanging, InsufficientStorage, TooManyExports)
async def export_board(
    request: Request,
    access: BoardViewer,
    kind: Annotated[Format, Query(alias="format", description="what kind of file")],
    bom: HasBom = False,  # noqa: FBT002  # as it stands in the address
    entries: Entries = "todos",
    is_all: IsAll = False,  # noqa: FBT002  # the same
) -> Response:
    """Export a board.

    As it is at one moment, with what is archived. `doska` is the lossless archive, which `POST
    /imports` restores; it contains the board's whole log, and so needs the right `VIEW_HISTORY`.
    The others are for other programs: `trello` is JSON as Trello exports it, `csv` has a row for
    each task, `markdown` is a file of Obsidian's plugin Kanban, `ics` a calendar of open tasks that
    are due. Unchanged, it costs nothing: send the `ETag` as `If-None-Match`.
    """
    if kind is Format.DOSKA:
        access = replace(access, right=Right.VIEW_HISTORY)
    settings = request.app.state.settings
    options = Options(bom, entries == "events", is_all, settings.public_url)
    ending = f"{kind}{'.bom' * bom}{'.events' * options.is_event}{'.all' * is_all}"
    tag = f'W/"{await tag_now(access)}.{ending}"'
    if is_known(request.scope, tag):
        return not_modified(tag)

    async def fill(spool: Spool) -> dict[str, str]:
        if kind is Format.DOSKA:
            return await _fill_archive(access, spool, request, ending)
        return await _fill(access, kind, options, spool, ending)

    exports: Exports = request.app.state.exports
    return ExportResponse(access, exports, settings.export_mb_max, fill)


async def _fill(
    access: Access, kind: Format, options: Options, spool: Spool, ending: str
) -> dict[str, str]:
    async with reading(access) as found:
        await WRITERS[kind](found, spool, options)
    return _headers(found, kind, ending)


async def _fill_archive(
    access: Access, spool: Spool, request: Request, ending: str
) -> dict[str, str]:
    state = request.app.state
    key = key_of(state.settings)
    with ExitStack() as stack:
        async with reading(access) as found:
            made = await draft(found, spool, stack)
        await finish(made, spool, state.store, key)
    return _headers(found, Format.DOSKA, ending)


def _headers(found: Reading, kind: Format, ending: str) -> dict[str, str]:
    described = KINDS[kind]
    name = f"{found.board['key']}-{found.board['id']}.{described.suffix}"
    return headers_of(f'W/"{found.tag}.{ending}"', described.media_type, name, found.seq)
