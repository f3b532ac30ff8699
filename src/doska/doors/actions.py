"""What people do with imports: begin one, run what was tried, cancel it."""

import json
from dataclasses import replace
from hashlib import blake2b
from typing import Any, ClassVar

from fastapi import Request

from doska.attachments.uploading import InsufficientStorage, NotStored, declared_length, streamed
from doska.background.jobs import ask_for
from doska.boards.access import BOARD, Access, Judgement
from doska.boards.claims import claim_alone, kept
from doska.boards.policy import Right
from doska.boards.statements import KEEP_ALONE
from doska.doors.forgetting import FORGET
from doska.doors.models import ImportStatus
from doska.doors.people import check_named
from doska.doors.queries import FILE_SECONDS, ONE_IMPORT, STARTING
from doska.doors.running import RUN
from doska.doors.schemas import ImportOut, RunIn
from doska.errors import Conflict, NotFound, ScopeTooSmall, TooManyRequests
from doska.files.intake import Received, receive
from doska.files.store import Store, StoreFull
from doska.http.answers import Answer, Claim
from doska.http.telemetry import described, log
from doska.identity.access import Caller, Fetch
from doska.identity.actions import lock_user
from doska.postgres.database import fetch_row, json_of, transaction
from doska.schemas import clock_now, new_id

MB = 1 << 20
GB = 1 << 30


class TooManyImports(TooManyRequests):
    """Too many imports of yours are under way: wait until one has ended."""

    example: ClassVar[dict[str, object]] = {"limit": 2, "of": "imports of a person"}
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class NothingToRun(Conflict):
    """Only what a dry run has shown can be run, as long as its file is kept."""


_MAY_EDIT = Judgement(BOARD, body="b.seq::text")
_INSERT = """
    insert into imports (id, user_id, session_id, format, status, is_dry_run, options, file_id,
        file_bytes, file_sha256, created_at)
    values ($1, $2, $3, $4, 'reading', $5, $6, $7, $8, $9, $10)"""
_RUN_AGAIN = """
    update imports set status = 'reading', is_dry_run = false, options = $2, report = null,
        session_id = $3, attempts = 0, finished_at = null
    where id = $1 and status = 'done' and is_dry_run and file_id is not null returning 1"""
_CANCEL = f"""
    update imports x set finished_at = coalesce(finished_at, clock_timestamp()), file_id = null,
        status = case when finished_at is null then '{ImportStatus.CANCELLED}' else status end
    from (select file_id from imports where id = $1 for update) old
    where x.id = $1 returning old.file_id::text"""


async def begin(request: Request, access: Access, options: dict[str, Any]) -> Answer[ImportOut]:
    """Receive a file, and have it imported."""
    store: Store = request.app.state.store
    await _judge(access, options, declared_length(request) or 0)
    free = await store.free_bytes()
    least = access.limits.settings.files_free_gb_min * GB
    if free is not None and free - (declared_length(request) or 0) < least:
        raise InsufficientStorage
    with request.app.state.uploads.one_of(access.caller.user_id):
        try:
            file = await receive(store, streamed(request))
        except StoreFull as error:
            log.error("file not stored", **described(error))
            raise NotStored from error
    try:
        answer = await _insert(access, options, file)
    except BaseException:
        await store.remove(file.id)
        raise
    request.app.state.imports.wake()
    return answer


async def _judge(access: Access, options: dict[str, Any], length: int) -> None:
    """Refuse what could not succeed, before anything is read."""
    key = access.conditions.key
    row = await STARTING.ask(access.caller, key=key.key if key else None)
    if row["is_repeated"]:
        return
    settings = access.limits.settings
    if row["under_way"] >= settings.imports_per_user_max:
        raise TooManyImports(limit=settings.imports_per_user_max, of="imports of a person")
    if row["kept_bytes"] + length > settings.imports_kept_mb_max * MB:
        raise InsufficientStorage
    await _judge_target(access, options["into"], fetch_row, is_limited=row["is_limited"])


async def _judge_target(access: Access, into: str, fetch: Fetch, *, is_limited: bool) -> None:
    if into in ("auto", "new"):
        if is_limited:
            raise ScopeTooSmall("It is limited to certain boards, and cannot create others.")
        return
    wanted = replace(access, right=Right.EDIT_BOARD).at(into)
    standing, _ = await _MAY_EDIT.ask(wanted, fetch)
    standing.require(Right.EDIT_TASKS)


async def _insert(access: Access, options: dict[str, Any], file: Received) -> Answer[ImportOut]:
    """Write the import and its job, and keep the answer for a repeated request."""
    access, import_id = _claiming(access, file), new_id()
    settings = access.limits.settings
    async with transaction() as connection:
        await claim_alone(connection, access)
        await lock_user(connection, access.caller.user_id)
        row = await STARTING.ask(access.caller, connection.fetchrow, key=None)
        if row["under_way"] >= settings.imports_per_user_max:
            raise TooManyImports(limit=settings.imports_per_user_max, of="imports of a person")
        if row["kept_bytes"] + file.size > settings.imports_kept_mb_max * MB:
            raise InsufficientStorage
        await connection.execute(
            _INSERT, import_id, access.caller.user_id, access.caller.session_id,
            options["format"], options["dry_run"], json.dumps(options), file.id, file.size,
            file.sha256, clock_now(),
        )  # fmt: skip
        await ask_for(connection, RUN, import_id, {"import_id": import_id})
        await ask_for(connection, FORGET, import_id, {}, in_seconds=FILE_SECONDS + 1)
        found = await ONE_IMPORT.ask(access.caller, connection.fetchrow, import_id=import_id)
        answer: Answer[ImportOut] = accepted(found["body"], import_id)
        if claim := access.conditions.claim:
            kept_answer = kept(access.caller.user_id, claim, None, answer)
            await connection.execute(KEEP_ALONE, kept_answer)
    return answer


def accepted(body: str, import_id: str) -> Answer[ImportOut]:
    """Answer that it is under way."""
    return Answer(body.encode(), location=f"/imports/{import_id}", code=202)


def _claiming(access: Access, file: Received) -> Access:
    """Complete what identifies the request: until now nobody knew its body."""
    claim = access.conditions.key
    if claim is None:
        return access
    whole = blake2b(claim.request_hash + file.sha256.encode(), digest_size=16).digest()
    return replace(access, conditions=replace(access.conditions, key=Claim(claim.key, whole)))


async def run(request: Request, access: Access, import_id: str, body: RunIn) -> Answer[ImportOut]:
    """Do what a dry run has shown."""
    caller = access.caller
    async with transaction() as connection:
        await lock_user(connection, caller.user_id)
        found = await ONE_IMPORT.ask(caller, connection.fetchrow, import_id=import_id)
        if found["body"] is None:
            raise NotFound
        options = json_of(found["options"])
        given = body.model_dump(exclude_unset=True)
        options["named"] = {**options["named"], **given.get("people", {})}
        await check_named(connection.fetchrow, caller, options["named"])
        options["into"] = given.get("into") or options["into"]
        for name in ("mapping", "title"):
            if given.get(name) is not None:
                options["reading"][name] = given[name]
        row = await STARTING.ask(caller, connection.fetchrow, key=None)
        await _judge_target(
            access, options["into"], connection.fetchrow, is_limited=row["is_limited"]
        )
        settings = access.limits.settings
        if row["under_way"] >= settings.imports_per_user_max:
            raise TooManyImports(limit=settings.imports_per_user_max, of="imports of a person")
        values = (import_id, json.dumps(options), caller.session_id)
        if found["file_id"] is None or not await connection.fetch(_RUN_AGAIN, *values):
            raise NothingToRun
        await ask_for(connection, RUN, import_id, {"import_id": import_id})
        shown = await ONE_IMPORT.ask(caller, connection.fetchrow, import_id=import_id)
    request.app.state.imports.wake()
    return accepted(shown["body"], import_id)


async def cancel(request: Request, caller: Caller, import_id: str) -> None:
    """End an import that is not done, and forget its file."""
    found = await ONE_IMPORT.ask(caller, import_id=import_id)
    if found["body"] is None:
        raise NotFound
    async with transaction() as connection:
        file_id = await connection.fetchval(_CANCEL, import_id)
    if file_id:
        await request.app.state.store.remove(file_id)
