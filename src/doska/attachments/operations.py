"""The operations of a batch on attachments. Files are not uploaded in batches."""

from typing import Any

from doska.attachments import actions
from doska.attachments.declared import ATTACHMENTS
from doska.attachments.schemas import AttachmentOut, AttachmentPatch
from doska.boards.access import Parts
from doska.boards.operations import given_fields, operation
from doska.boards.policy import Right
from doska.boards.world import World


def _of_attachment(world: World, operation: Any) -> Parts:
    """Return the attachment with its author, and how many its task has."""
    row = world.need("attachments", operation.attachment_id)
    return {
        "attachment": row,
        "author": world.authors.get(row["author_id"]),
        "count": world.beside("tasks", row["task_id"])["attachment_count"],
    }


operation(
    "update_attachment",
    AttachmentPatch,
    about="As `PATCH /attachments/{attachment_id}`.",
    right=Right.COMMENT,
    parts=_of_attachment,
    do=lambda o, op: actions.do_rename(o, given_fields(op)),
    on=ATTACHMENTS,
    gives=AttachmentOut,
)
operation(
    "delete_attachment",
    about="As `DELETE /attachments/{attachment_id}`.",
    right=Right.COMMENT,
    parts=_of_attachment,
    do=lambda o, _: actions.do_delete(o),
    on=ATTACHMENTS,
)
