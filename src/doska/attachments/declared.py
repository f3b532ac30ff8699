"""The kind of thing of this feature."""

from doska.attachments.rows import AttachmentRow
from doska.attachments.schemas import AttachmentOut, shown_attachment
from doska.boards.declaring import kind
from doska.boards.kinds import Parent
from doska.boards.limits import AtMost
from doska.boards.policy import Right

ATTACHMENTS_MAX = AtMost("attachments_per_task_max", "attachments of a task", "task_id")
ATTACHMENTS = kind(
    "attachments",
    AttachmentRow,
    noun="attachment",
    plural="attachments",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"), Parent("comments", "comment_id")),
    shown=AttachmentOut,
    drawn=lambda row, _, scene: shown_attachment(row, scene.users.get(row["author_id"])),
    is_named=True,
    is_apart=True,
    limit=ATTACHMENTS_MAX,
    owner="author_id",
    owned_with="comment_id",
    taken_by=Right.MODERATE,
    people={"author_id": "forget"},
    holds={"blob_id": "blobs"},
    searched={"title": "title"},
)
