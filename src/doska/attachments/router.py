"""Endpoints: attachments of tasks, and their contents."""

import re
from typing import Annotated, Any, ClassVar

from fastapi import Query, Request
from pydantic_core import from_json
from starlette.responses import Response

from doska.attachments import actions, queries
from doska.attachments.access import AttachmentEditor, AttachmentViewer, FileAdder, LinkAdder
from doska.attachments.drawing import is_drawable
from doska.attachments.erasing import FileShared, erase_attachment
from doska.attachments.schemas import AttachmentOut, AttachmentPatch, FileName, LinkNew
from doska.attachments.uploading import InsufficientStorage, NotStored, upload
from doska.errors import AlreadyExists, LimitReached, NotFound
from doska.files.serving import FileGone, FileResponse, RangeNotSatisfiable, Served
from doska.files.signatures import MEDIA_TYPES, UNKNOWN
from doska.files.thumbnails import MEDIA_TYPE, SUFFIX
from doska.files.uploads import TooManyUploads, UploadsBusy
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import IF_CHANGED, RANGE, Json, Tagged
from doska.http.routing import Router
from doska.schemas import Id
from doska.tasks.access import TaskViewer

IsInline = Annotated[
    bool,
    Query(description="show it instead of saving it: PNG, JPEG, GIF, WebP and AVIF only"),
]

IsErasing = Annotated[bool, Query(description="delete the file for good, too: no undo")]

OfComment = Annotated[
    Id | None, Query(description="a comment of yours, if the file belongs to one")
]

attachments = Router(prefix="/attachments", tags=["attachments"])
attachments_of_task = Router(prefix="/tasks", tags=["attachments"])

FILES_POSTED = re.compile(r"/tasks/[^/]+/attachments")  # where the body is the file


class NoThumbnailYet(NotFound):
    """The thumbnail is not made yet: try again."""

    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_A_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}}
_CONTENT = {"content": {kind.partition(";")[0]: _BYTES for kind in MEDIA_TYPES}}
_THUMBNAIL = {"content": dict.fromkeys((MEDIA_TYPE, UNKNOWN), _BYTES)}


@attachments_of_task.create("/{task_id}/attachments", openapi_extra=_A_FILE)
@refuses(InsufficientStorage, LimitReached, NotStored, TooManyUploads, UploadsBusy)
async def add_attachment(
    request: Request, access: FileAdder, name: FileName, comment_id: OfComment = None
) -> Answer[AttachmentOut]:
    """Attach a file to a task.

    The body is the file, whatever its `Content-Type`: `curl --data-binary @plan.pdf`. Its media
    type is determined from its first bytes. The task's version stays. A dry run reads no body: it
    goes by the `Content-Length`.

    This needs the right `EDIT_TASKS`; with `comment_id`, a comment of your own, `COMMENT`.
    """
    return await upload(request, access, actions.NewFile(name, comment_id))


@attachments_of_task.create("/{task_id}/links")
@refuses(AlreadyExists, LimitReached)
async def add_link(access: LinkAdder, body: LinkNew) -> Answer[AttachmentOut]:
    """Attach a link to a task.

    A web address, which Doska never requests. The task's version stays. This needs the right
    `EDIT_TASKS`; with `comment_id`, a comment of your own, `COMMENT`.
    """
    return await actions.add_link(access, body)


@attachments_of_task.get("/{task_id}/attachments")
async def list_attachments_of_task(
    request: Request, access: TaskViewer, page: Paging
) -> Json[Page[AttachmentOut]]:
    """List the attachments of a task.

    The oldest first.
    """
    values = page.values(queries.BY_TIME)
    return answer_page(request, *await queries.ATTACHMENTS_OF_TASK.read(access, **values))


@attachments.get("/{attachment_id}")
async def read_attachment(access: AttachmentViewer) -> Tagged[AttachmentOut]:
    """Read an attachment.

    What it is; its bytes are at its `/content`.
    """
    return Tagged.of(*await queries.ONE_ATTACHMENT.show(access))


@attachments.patch("/{attachment_id}")
async def update_attachment(
    access: AttachmentEditor, body: AttachmentPatch
) -> Answer[AttachmentOut]:
    """Rename an attachment.

    A merge patch: an omitted title stays. A file and an address never change.
    """
    fields = body.model_dump(mode="json", exclude_unset=True)
    return await actions.rename_attachment(access, fields)


@attachments.remove("/{attachment_id}")
@refuses(FileShared)
async def delete_attachment(
    request: Request,
    access: AttachmentEditor,
    erase: IsErasing = False,  # noqa: FBT002  # as it stands in the address
) -> Answer[None]:
    """Delete an attachment.

    The file is kept for some time, so that this can be undone. With `erase` it is deleted for good
    at once, by its author, or with the right `MODERATE`.
    """
    if erase:
        return await erase_attachment(access, request.app.state.store)
    return await actions.delete_attachment(access)


@attachments.get(
    "/{attachment_id}/content",
    response_class=Response,
    responses={
        200: _CONTENT,
        206: {"description": "A part of it", **_CONTENT},
        304: {"description": "The client has the file"},
    },
    openapi_extra={"parameters": [RANGE, IF_CHANGED]},
)
@refuses(FileGone, RangeNotSatisfiable)
async def read_attachment_content(
    request: Request,
    access: AttachmentViewer,
    inline: IsInline = False,  # noqa: FBT002  # as it stands in the address
) -> Response:
    """Download an attached file.

    As a download, with its media type; a link has no content. `Range` gets a part of it. The ETag
    is the file's SHA-256.
    """
    body, _ = await queries.CONTENT.read(access)
    found = from_json(body)
    if not found["is_kept"]:
        raise FileGone
    named = {name: found[name] for name in Served.__slots__}
    return FileResponse(request.app.state.store, Served(**named), is_inline=inline)


@attachments.get(
    "/{attachment_id}/thumbnail",
    response_class=Response,
    responses={
        200: _THUMBNAIL,
        206: {"description": "A part of it", **_THUMBNAIL},
        304: {"description": "The client has it"},
    },
    openapi_extra={"parameters": [RANGE, IF_CHANGED]},
)
@refuses(NoThumbnailYet, FileGone, RangeNotSatisfiable)
async def read_attachment_thumbnail(request: Request, access: AttachmentViewer) -> Response:
    """Show a small version of an attached picture.

    A WebP of at most 320 pixels a side; as `application/octet-stream` for clients that accept that
    and no image. Until it is made: 404 with `Retry-After`; what is no picture, or one that cannot
    be read, never has one.
    """
    body, _ = await queries.CONTENT.read(access)
    found, store = from_json(body), request.app.state.store
    if not found["is_kept"]:
        raise FileGone
    if not is_drawable(found["media_type"], found.pop("width"), found.pop("height")):
        raise NotFound
    name = found["name"] + SUFFIX
    if (size := await store.size_of(name)) is None:
        raise NoThumbnailYet
    accepted = request.headers.get("accept", "")
    kind = UNKNOWN if UNKNOWN in accepted and "image/" not in accepted else MEDIA_TYPE
    served = Served(name, found["title"], size, found["sha256"] + SUFFIX, kind)
    return FileResponse(store, served, is_inline=True, is_negotiated=True)
