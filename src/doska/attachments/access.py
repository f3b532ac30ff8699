"""How a board is found from an attachment, and the rights required there."""

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
AttachmentEditor = Annotated[Access, requires(Right.EDIT_TASKS, ATTACHMENT)]
# The body is a file: nothing of it is read before the access is judged.
TaskFiler = Annotated[Access, requires(Right.EDIT_TASKS, TASK, is_streamed=True)]
