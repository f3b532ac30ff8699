"""A file from a request into the store and onto a task.

First it is judged whether there may be one, by what is known without reading: the access, the
limits, the room. Then it is read, while no connection and no lock is held. Then all of this is
judged again, with the file in the store. If the process dies in between, there is a file without a
row, which the sweeper removes, and never a row without a file.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import Request
from starlette.requests import ClientDisconnect

from doska.attachments import actions
from doska.attachments.access import adding
from doska.attachments.actions import NewFile
from doska.attachments.declared import ATTACHMENTS_MAX
from doska.attachments.room import ALL_BYTES, GB, ROOM, check_room
from doska.attachments.schemas import AttachmentOut
from doska.boards.access import Access, Judgement
from doska.errors import BadRequest, DoskaError, Invalid, Unavailable
from doska.files.intake import Received, receive
from doska.files.store import Store, StoreFull
from doska.files.uploads import Uploads
from doska.http.answers import Answer, Claim, Rehearsed, Replayed
from doska.http.telemetry import described, log
from doska.postgres.database import fetch_row
from doska.schemas import new_id
from doska.tasks.access import TASK
from doska.tasks.pieces import ATTACHMENT_COUNT


class InsufficientStorage(DoskaError):
    """This server has no more room for files."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


class NotStored(Unavailable):
    """The file could not be stored: try again later."""

    headers: ClassVar[dict[str, str]] = {"Retry-After": "60"}


_BEFORE = Judgement(
    TASK,
    count=ATTACHMENT_COUNT.of_row("t.id"),
    is_repeated="""to_json(exists (select from idempotency_keys k
        where k.user_id = u.id and k.key = :key::text))""",
    all_bytes=ALL_BYTES,
    **ROOM,
)


async def upload(request: Request, access: Access, new: NewFile) -> Answer[AttachmentOut]:
    """Judge, read, judge again; see above."""
    length, store = declared_length(request), request.app.state.store
    await _judge(adding(access, new.comment_id), store, length or 0)
    if access.conditions.is_rehearsal:
        return await _rehearse(access, new, length)
    uploads: Uploads = request.app.state.uploads
    with uploads.one_of(access.caller.user_id):
        file = await _received(request, store)
    try:
        return await actions.add_file(_claiming(access, file), new, file)
    except (DoskaError, Replayed, Rehearsed):
        await store.remove(file.id)  # after any other error nobody knows what was committed
        raise


def declared_length(request: Request) -> int | None:
    """Return how many bytes the client says will come; None: it does not say."""
    given = request.headers.get("content-length", "")
    return int(given) if given.isascii() and given.isdigit() else None


async def _judge(access: Access, store: Store, length: int) -> None:
    """Refuse what could not succeed, before anything is read.

    Of a repeated request nobody knows yet whether it is one: its limits were judged the first time.
    """
    settings, key = access.limits.settings, access.conditions.key
    values: dict[str, Any] = {"key": key.key if key else None}
    values["is_limited"] = settings.files_gb_max > 0
    _, parts = await _BEFORE.load(access, fetch_row, **values)
    if parts["is_repeated"]:
        return
    access.limits.check(ATTACHMENTS_MAX, parts["count"] + 1)
    check_room(access.limits, parts, length)
    free = await store.free_bytes()
    if free is not None and free - length < settings.files_free_gb_min * GB:
        raise InsufficientStorage


async def _rehearse(access: Access, new: NewFile, length: int | None) -> Answer[AttachmentOut]:
    """Tell what would happen, by the length alone; or that a file has come with this key."""
    if length is None:
        raise Invalid.at("/header/Content-Length", "missing", "should be given for a dry run")
    key = access.conditions.key
    conditions = replace(access.conditions, key=key and Claim(key.key, b""))
    nothing = Received(new_id(), length, sha256="0" * 64)
    return await actions.add_file(replace(access, conditions=conditions), new, nothing)


async def _received(request: Request, store: Store) -> Received:
    try:
        return await receive(store, streamed(request))
    except StoreFull as error:
        log.error("file not stored", **described(error))
        raise NotStored from error


async def streamed(request: Request) -> AsyncIterator[bytes]:
    """Read a request's body, piece by piece."""
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:  # it ended early; nobody is there to be told
        raise BadRequest from None


def _claiming(access: Access, file: Received) -> Access:
    """Complete what identifies the request: until now nobody knew its body."""
    claim = access.conditions.key
    if claim is None:
        return access
    whole = blake2b(claim.request_hash + file.sha256.encode(), digest_size=16).digest()
    return replace(access, conditions=replace(access.conditions, key=Claim(claim.key, whole)))
