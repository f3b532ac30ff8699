"""How a board is found from an attachment, and the rights required there."""

from dataclasses import replace
from typing import Annotated

from doska.boards.access import Access, Anchor, requires
from doska.boards.policy import Right
from doska.tasks.access import TASK

ATTACHMENT = Anchor(
    "attachment",
    """left join attachments a on a.id = :anchor_id left join tasks t on t.id = a.task_id
       left join boards b on b.id = a.board_id""",
    "select board_id from attachments where id = :anchor_id",
)

AttachmentViewer = Annotated[Access, requires(Right.VIEW, ATTACHMENT)]
# Of a comment's files this is enough; of those of a task the actions ask for EDIT_TASKS.
AttachmentEditor = Annotated[Access, requires(Right.COMMENT, ATTACHMENT)]
LinkAdder = Annotated[Access, requires(Right.COMMENT, TASK)]
# The body is a file: nothing of it is read before the access is judged.
FileAdder = Annotated[Access, requires(Right.COMMENT, TASK, is_streamed=True)]


def adding(access: Access, comment_id: str | None) -> Access:
    """Ask for the right that it needs: to a comment of one's own, or to the task."""
    return access if comment_id else replace(access, right=Right.EDIT_TASKS)
