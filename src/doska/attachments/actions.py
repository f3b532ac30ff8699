"""What people do with attachments: every write."""

from dataclasses import replace
from typing import Any

from doska.attachments.access import ATTACHMENT
from doska.attachments.declared import ATTACHMENTS_MAX
from doska.attachments.models import BlobState
from doska.attachments.queries import ONE_ATTACHMENT, author_of
from doska.attachments.room import ROOM, check_room
from doska.attachments.rows import AttachmentRow, BlobRow
from doska.attachments.schemas import NAME_CHARS_MAX, AttachmentOut, LinkNew, shown_attachment
from doska.boards.access import Access
from doska.boards.log import Change
from doska.boards.opening import Action, change
from doska.boards.schemas import differences
from doska.files.intake import Received
from doska.http.answers import Answer
from doska.identity.queries import user_view
from doska.schemas import new_id
from doska.tasks.access import TASK
from doska.tasks.pieces import ATTACHMENT_COUNT

PLACE = "/attachments"  # where a new one is, wherever it was sent

_OF_TASK: Any = {"task": "to_jsonb(t)", "count": ATTACHMENT_COUNT.of_row("t.id")}
ADD_FILE = Action(TASK, **_OF_TASK, author=user_view("u"), **ROOM)
ADD_LINK = Action(TASK, **_OF_TASK, author=user_view("u"))
RENAME = Action(
    ATTACHMENT,
    target=ONE_ATTACHMENT,
    attachment="to_jsonb(a)",
    author=author_of("a"),
)
DELETE = Action(ATTACHMENT, target=ONE_ATTACHMENT, attachment="to_jsonb(a)", **_OF_TASK)


async def add_file(access: Access, title: str, file: Received) -> Answer[AttachmentOut]:
    """Attach a file that is in the store."""
    async with change(_placed(access), ADD_FILE) as opened:
        check_room(opened.limits, opened.parts, file.size)
        opened.beside("blobs", _blob(opened, file))
        what = {n: getattr(file, n) for n in ("media_type", "size", "width", "height")}
        return _added(opened, {"title": title, "blob_id": file.id, **what}, None)


async def add_link(access: Access, body: LinkNew) -> Answer[AttachmentOut]:
    """Add a link, which nobody requests."""
    async with change(_placed(access), ADD_LINK) as opened:
        title = body.title or body.url[:NAME_CHARS_MAX]
        return _added(opened, {"title": title, "url": body.url}, body.id)


async def rename_attachment(access: Access, fields: dict[str, Any]) -> Answer[AttachmentOut]:
    """Give the attachment another title."""
    async with change(access, RENAME) as opened:
        return await do_rename(opened, fields)


async def delete_attachment(access: Access) -> Answer[None]:
    """Delete the attachment; its file stays for a while, for undo."""
    async with change(access, DELETE) as opened:
        return await do_delete(opened)


# What happens to an attachment, once its board is open: for one request or a batch of many.


async def do_rename(opened: Change, fields: dict[str, Any]) -> Answer[AttachmentOut]:
    """Give the attachment another title."""
    before: AttachmentRow = opened.parts["attachment"]
    after: AttachmentRow = opened.update("attachments", before, **fields)
    if after is not before:
        news = differences(dict(before), dict(after))
        payload = {"attachment": news, "task": {"id": after["task_id"]}}
        opened.record("attachment.renamed", payload, task_id=after["task_id"])
    return opened.show(shown_attachment(after, opened.parts["author"]))


async def do_delete(opened: Change) -> Answer[None]:
    """Delete the attachment."""
    row: AttachmentRow = opened.parts["attachment"]
    opened.delete("attachments", row)
    task = {"id": row["task_id"], "attachment_count": opened.parts["count"] - 1}
    payload = {"attachment": {"id": row["id"]}, "task": task}
    opened.record("attachment.deleted", payload, task_id=row["task_id"])
    return opened.nothing()


def _placed(access: Access) -> Access:
    return replace(access, conditions=replace(access.conditions, path=PLACE))


def _added(opened: Change, fields: dict[str, Any], own_id: str | None) -> Answer[AttachmentOut]:
    """Insert what is new; its task's version stays, because nobody has edited the task."""
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
