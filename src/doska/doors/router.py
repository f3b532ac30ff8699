"""Endpoints: imports, and what was kept aside of them."""

import asyncio
import re
import time
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic_core import from_json

from doska.attachments.uploading import InsufficientStorage, NotStored
from doska.boards.access import BOARD, Access, HistoryViewer, requires
from doska.boards.policy import Right
from doska.doors import actions, queries
from doska.doors.actions import NothingToRun, TooManyImports
from doska.doors.errors import (
    AmbiguousDates,
    ArchiveInconsistent,
    ArchiveTooNew,
    ArchiveUnsafe,
    BrokenFile,
    FormatMismatch,
    ImportTooHeavy,
    NeedsMapping,
    UnknownFormat,
)
from doska.doors.options import Options
from doska.doors.schemas import ExtraOut, ImportOut, ImportShown, RunIn
from doska.errors import DoskaError, LimitReached, NotFound
from doska.files.uploads import TooManyUploads, UploadsBusy
from doska.http.answers import Answer, KeyInUse, KeyReused, Replayed, conditions_of, is_dry_run
from doska.http.marks import accepts, reads_preferences, refuses, rule
from doska.http.overload import resting
from doska.http.pagination import Page, Paging, answer_page
from doska.http.places import Places
from doska.http.responses import Json
from doska.http.routing import Router
from doska.identity.access import Caller, SignedIn
from doska.schemas import Id
from doska.tasks.access import TASK

imports = Router(prefix="/imports", tags=["imports"])
extras_of_board = Router(prefix="/boards", tags=["imports"])
extras_of_task = Router(prefix="/tasks", tags=["imports"])

IMPORTS_POSTED = re.compile(r"/imports")  # where the body is the file

WAIT_SECONDS_MAX = 60
POLL_SECONDS = 0.25
WAITS_PER_USER_MAX, WAITS_MAX = 4, 64  # at a time, in each process

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]{1,4})\"?\s*(?=$|[,;])")
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_A_FILE = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}},
}


class ImportRefused(DoskaError):
    """The file was refused."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail"))
        self.problem = problem
        self.status = HTTPStatus(problem["status"])  # type: ignore[misc]  # of this one only

    def document(self, request_id: str) -> dict[str, Any]:
        """Give the problem as it was noted."""
        return {**self.problem, "request_id": request_id}


@refuses(KeyInUse, KeyReused)
@accepts("Idempotency-Key")
@rule("signed-in")
async def _importer(request: Request, caller: SignedIn) -> Access:
    conditions, limits = await conditions_of(request, b""), request.app.state.board_limits
    return Access(caller, Right.OWN, BOARD, "", conditions, limits)


@rule("signed-in")
async def _runner(request: Request, caller: SignedIn) -> Access:
    return Access(caller, Right.OWN, BOARD, limits=request.app.state.board_limits)


Importer = Annotated[Access, Depends(_importer)]
Runner = Annotated[Access, Depends(_runner)]
_REFUSALS = (
    AmbiguousDates, ArchiveInconsistent, ArchiveTooNew, ArchiveUnsafe, BrokenFile, FormatMismatch, ImportTooHeavy, InsufficientStorage,
    LimitReached, NeedsMapping, NotFound, NotStored, TooManyImports, TooManyUploads, UnknownFormat,
    UploadsBusy,
)  # fmt: skip


@imports.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra=_A_FILE,
    responses={
        200: {"model": ImportOut, "description": "With `Prefer: wait`, a dry run that has ended"},
        201: {"model": ImportOut, "description": "With `Prefer: wait`, an import that has ended"},
    },
)
@reads_preferences
@refuses(*_REFUSALS)
async def create_import(request: Request, access: Importer, options: Options) -> Answer[ImportOut]:
    """Import a file.

    The body is the file, whatever its `Content-Type`: `curl --data-binary @board.json`. It is read,
    planned and written behind the request: `GET /imports/{id}?wait=20` tells how it stands. A new
    board is private, and you are its CREATOR. Nothing that the file names is fetched. The same file
    a second time changes nothing. `Prefer: wait=20` answers when it has ended, or after so many
    seconds; `Prefer: dry-run` is `dry_run=true`.
    """
    if is_dry_run(request.headers):
        options["dry_run"] = True
    try:
        answer = await actions.begin(request, access, options)
    except Replayed as replayed:  # it waits as the first one did
        answer = replayed.answer
    return await _waited(request, access, answer)


@imports.get("")
async def list_imports(request: Request, caller: SignedIn, page: Paging) -> Json[Page[ImportShown]]:
    """List your imports.

    Of the last 30 days, the newest first, without their reports.
    """
    row = await queries.IMPORTS.ask(caller, **page.values(queries.IMPORTS_ORDER))
    return answer_page(request, row["body"])


@imports.get("/{import_id}")
@refuses(NotFound)
async def read_import(
    request: Request,
    caller: SignedIn,
    import_id: Id,
    wait: Annotated[
        int, Query(ge=0, le=WAIT_SECONDS_MAX, description="seconds to wait for its end")
    ] = 0,
) -> Json[ImportOut]:
    """Read an import.

    How it stands, and its report; nobody else sees it.
    """
    body, _ = await _awaited(request, caller, import_id, wait)
    return Json(body)


@imports.post("/{import_id}/run", status_code=HTTPStatus.ACCEPTED)
@refuses(NothingToRun, TooManyImports, LimitReached, NotFound)
async def run_import(
    request: Request, access: Runner, import_id: Id, body: RunIn
) -> Answer[ImportOut]:
    """Do what a dry run has shown.

    Without a second upload: the file is kept for an hour. `people` says who of your boards somebody
    in the file is.
    """
    return await actions.run(request, access, import_id, body)


@imports.remove("/{import_id}")
@refuses(NotFound)
async def cancel_import(request: Request, caller: SignedIn, import_id: Id) -> None:
    """Cancel an import.

    Nothing of one that is not done is written; the file is forgotten. What is done stays.
    """
    await actions.cancel(request, caller, import_id)


TaskHistoryViewer = Annotated[Access, requires(Right.VIEW_HISTORY, TASK)]


@extras_of_board.get("/{board_id}/extra")
async def read_board_extra(access: HistoryViewer) -> Json[ExtraOut]:
    """Read what an import kept aside of a board.

    What the source had and Doska has no place for.
    """
    body, _ = await queries.BOARD_EXTRA.read(access)
    return Json(body)


@extras_of_task.get("/{task_id}/extra")
async def read_task_extra(access: TaskHistoryViewer) -> Json[ExtraOut]:
    """Read what an import kept aside of a task.

    What the source had and Doska has no place for; that of its subtasks, comments and attachments
    in `parts`, by their ids.
    """
    body, _ = await queries.TASK_EXTRA.read(access)
    return Json(body)


async def _waited(request: Request, access: Access, answer: Answer[ImportOut]) -> Answer[ImportOut]:
    """Answer with the end, if the client prefers to wait and it comes in time."""
    found = _WAIT.search(request.headers.get("prefer", "").lower())
    if found is None:
        return answer
    import_id = answer.location.rpartition("/")[2]
    seconds = min(int(found[1]), WAIT_SECONDS_MAX)
    body, has_ended = await _awaited(request, access.caller, import_id, seconds)
    if not has_ended:
        return replace(answer, body=body.encode(), code=202)
    shown = from_json(body)
    if shown["problem"]:
        raise ImportRefused(shown["problem"])
    code = 200 if shown["dry_run"] else 201
    return replace(answer, body=body.encode(), code=code)


async def _awaited(
    request: Request, caller: Caller, import_id: str, seconds: int
) -> tuple[str, bool]:
    """Read an import when it has ended, or after so many seconds.

    No connection and no slot is held meanwhile. Where enough wait already, it is after a moment.
    """
    waits: Places = request.app.state.import_waits
    if waits.taken_by(caller.user_id) >= WAITS_PER_USER_MAX or waits.taken() >= WAITS_MAX:
        seconds = min(seconds, 1)
    with waits.place(caller.user_id):
        return await _until_ended(caller, import_id, time.monotonic() + seconds)


async def _until_ended(caller: Caller, import_id: str, until: float) -> tuple[str, bool]:
    while True:
        row = await queries.ONE_IMPORT.ask(caller, import_id=import_id)
        if row["body"] is None:
            raise NotFound
        if row["has_ended"] or time.monotonic() >= until:
            return row["body"], bool(row["has_ended"])
        with resting():
            await asyncio.sleep(POLL_SECONDS)
