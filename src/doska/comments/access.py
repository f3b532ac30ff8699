"""How a board is found from a comment, and the rights required there."""

from typing import Annotated

from doska.boards.access import Access, Anchor, requires
from doska.boards.policy import Right
from doska.tasks.access import TASK

COMMENT = Anchor(
    "comment",
    """left join comments o on o.id = :anchor_id left join tasks t on t.id = o.task_id
       left join boards b on b.id = t.board_id""",
    """select t.board_id from comments o join tasks t on t.id = o.task_id
       where o.id = :anchor_id""",
)

CommentViewer = Annotated[Access, requires(Right.VIEW, COMMENT)]
Commenter = Annotated[Access, requires(Right.COMMENT, COMMENT)]
CommentCreator = Annotated[Access, requires(Right.COMMENT, TASK, in_body="task_id")]
