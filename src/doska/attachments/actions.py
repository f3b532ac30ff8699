"""What people do with attachments: every write."""

from dataclasses import replace
from typing import Any, NamedTuple

from doska.attachments.access import ATTACHMENT, adding
from doska.attachments.declared import ATTACHMENTS, ATTACHMENTS_MAX
from doska.attachments.drawing import DRAW, is_drawable
from doska.attachments.models import BlobState
from doska.attachments.queries import ONE_ATTACHMENT, author_of
from doska.attachments.room import ROOM, check_room
from doska.attachments.rows import AttachmentRow, BlobRow
from doska.attachments.schemas import NAME_CHARS_MAX, AttachmentOut, LinkNew, shown_attachment
from doska.background.jobs import ask_for
from doska.boards.access import Access
from doska.boards.acting import act
from doska.boards.log import Change
from doska.boards.opening import Action, change
from doska.boards.owning import check_change
from doska.boards.schemas import differences
from doska.comments.rows import CommentRow
from doska.errors import NotFound
from doska.files.intake import Received
from doska.http.answers import Answer
from doska.identity.queries import user_view
from doska.schemas import new_id
from doska.tasks.access import TASK
from doska.tasks.pieces import ATTACHMENT_COUNT


class NewFile(NamedTuple):
    """What a request says of a file, beside its bytes."""

    title: str
    comment_id: str | None


PLACE = "/attachments"  # where a new one is, wherever it was sent

_COMMENT = """(select to_jsonb(o) from comments o
    where o.id = :comment_id::uuid and o.task_id = t.id)"""
_OF_TASK: Any = {"task": "to_jsonb(t)", "count": ATTACHMENT_COUNT.of_row("t.id")}
_NEW: Any = {**_OF_TASK, "author": user_view("u"), "comment": _COMMENT}
ADD_FILE = Action(TASK, **_NEW, **ROOM)
ADD_LINK = Action(TASK, **_NEW)
RENAME = Action(
    ATTACHMENT,
    target=ONE_ATTACHMENT,
    attachment="to_jsonb(a)",
    author=author_of("a"),
)
DELETE_PARTS: Any = {"attachment": "to_jsonb(a)", **_OF_TASK}
DELETE = Action(ATTACHMENT, target=ONE_ATTACHMENT, **DELETE_PARTS)


async def add_file(access: Access, new: NewFile, file: Received) -> Answer[AttachmentOut]:
    """Attach a file that is in the store."""
    wanted = _placed(adding(access, new.comment_id))
    async with change(wanted, ADD_FILE, comment_id=new.comment_id) as opened:
        check_room(opened.limits, opened.parts, file.size)
        opened.beside("blobs", _blob(opened, file))
        if is_drawable(file.media_type, file.width, file.height):
            await ask_for(opened.connection, DRAW, file.id, {"blob_id": file.id})
        what = {n: getattr(file, n) for n in ("media_type", "size", "width", "height")}
        own = {"title": new.title, "comment_id": new.comment_id, "blob_id": file.id}
        return _added(opened, {**own, **what}, None)


async def add_link(access: Access, body: LinkNew) -> Answer[AttachmentOut]:
    """Add a link, which nobody requests."""
    wanted = _placed(adding(access, body.comment_id))
    async with change(wanted, ADD_LINK, comment_id=body.comment_id) as opened:
        title = body.title or body.url[:NAME_CHARS_MAX]
        own = {"title": title, "comment_id": body.comment_id, "url": body.url}
        return _added(opened, own, body.id)


async def rename_attachment(access: Access, fields: dict[str, Any]) -> Answer[AttachmentOut]:
    """Give the attachment another title."""
    return await act(access, RENAME, lambda opened: do_rename(opened, fields))


async def delete_attachment(access: Access) -> Answer[None]:
    """Delete the attachment; its file stays for a while, for undo."""
    return await act(access, DELETE, do_delete)


# What happens to an attachment, once its board is open: for one request or a batch of many.


async def do_rename(opened: Change, fields: dict[str, Any]) -> Answer[AttachmentOut]:
    """Give the attachment another title."""
    before: AttachmentRow = opened.parts["attachment"]
    opened.standing.require(ATTACHMENTS.right_for(before))
    check_change("attachments", before, opened.actor_id, opened.standing)
    after: AttachmentRow = opened.update("attachments", before, **fields)
    if after is not before:
        news = differences(dict(before), dict(after))
        payload = {"attachment": news, "task": {"id": after["task_id"]}}
        opened.record("attachment.renamed", payload, task_id=after["task_id"])
    return opened.show(shown_attachment(after, opened.parts["author"]))


async def do_delete(opened: Change) -> Answer[None]:
    """Delete the attachment."""
    row: AttachmentRow = opened.parts["attachment"]
    opened.standing.require(ATTACHMENTS.right_for(row))
    opened.delete("attachments", row)
    task = {"id": row["task_id"], "attachment_count": opened.parts["count"] - 1}
    payload = {"attachment": {"id": row["id"]}, "task": task}
    opened.record("attachment.deleted", payload, task_id=row["task_id"])
    return opened.nothing()


def _placed(access: Access) -> Access:
    return replace(access, conditions=replace(access.conditions, path=PLACE))


def _added(opened: Change, fields: dict[str, Any], own_id: str | None) -> Answer[AttachmentOut]:
    """Insert what is new; its task's version stays, because nobody has edited the task."""
    if fields["comment_id"]:
        _must_be_own(opened, opened.parts["comment"])
    count = opened.parts["count"] + 1
    opened.limits.check(ATTACHMENTS_MAX, count)
    task, names = opened.parts["task"], AttachmentRow.__annotations__
    own = {
        "id": own_id or new_id(),
        "board_id": opened.board["id"],
        "task_id": task["id"],
        "author_id": opened.actor_id,
        "version": 1,
        "created_at": opened.at,
    }
    row: Any = opened.insert("attachments", {**dict.fromkeys(names), **fields, **own})
    view = shown_attachment(row, opened.parts["author"])
    payload = {"attachment": view, "task": {"id": task["id"], "attachment_count": count}}
    opened.record("attachment.added", payload, task_id=task["id"])
    return opened.show_new(view, row["id"])


def _must_be_own(opened: Change, comment: CommentRow | None) -> None:
    """Refuse a comment of another task, and one of somebody else."""
    if comment is None:
        raise NotFound
    check_change("comments", comment, opened.actor_id, opened.standing)


def _blob(opened: Change, file: Received) -> BlobRow:
    return {
        "id": file.id,
        "board_id": opened.board["id"],
        "sha256": file.sha256,
        "size": file.size,
        "media_type": file.media_type,
        "width": file.width,
        "height": file.height,
        "state": BlobState.KEPT,
        "created_by": opened.actor_id,
        "created_at": opened.at,
        "unused_since": None,
    }
