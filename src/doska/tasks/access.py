"""How a board is found from a column, a task or a subtask, and the rights required there."""

from typing import Annotated

from doska.boards.access import BOARD, Access, Anchor, requires
from doska.boards.policy import Right

COLUMN = Anchor(
    "column",
    "left join columns c on c.id = :anchor_id left join boards b on b.id = c.board_id",
    "select board_id from columns where id = :anchor_id",
)
TASK = Anchor(
    "task",
    "left join tasks t on t.id = :anchor_id left join boards b on b.id = t.board_id",
    "select board_id from tasks where id = :anchor_id",
)
SUBTASK = Anchor(
    "subtask",
    """left join subtasks i on i.id = :anchor_id left join tasks t on t.id = i.task_id
       left join boards b on b.id = i.board_id""",
    "select board_id from subtasks where id = :anchor_id",
)

LABEL = Anchor(
    "label",
    "left join labels l on l.id = :anchor_id left join boards b on b.id = l.board_id",
    "select board_id from labels where id = :anchor_id",
)

ColumnViewer = Annotated[Access, requires(Right.VIEW, COLUMN)]
ColumnEditor = Annotated[Access, requires(Right.EDIT_BOARD, COLUMN)]
ColumnCreator = Annotated[Access, requires(Right.EDIT_BOARD, BOARD, in_body="board_id")]

TaskViewer = Annotated[Access, requires(Right.VIEW, TASK)]
TaskEditor = Annotated[Access, requires(Right.EDIT_TASKS, TASK)]
TaskCreator = Annotated[Access, requires(Right.EDIT_TASKS, COLUMN, in_body="column_id")]

SubtaskViewer = Annotated[Access, requires(Right.VIEW, SUBTASK)]
SubtaskEditor = Annotated[Access, requires(Right.EDIT_TASKS, SUBTASK)]
SubtaskCreator = Annotated[Access, requires(Right.EDIT_TASKS, TASK, in_body="task_id")]

LabelViewer = Annotated[Access, requires(Right.VIEW, LABEL)]
LabelEditor = Annotated[Access, requires(Right.EDIT_BOARD, LABEL)]
LabelCreator = Annotated[Access, requires(Right.EDIT_BOARD, BOARD, in_body="board_id")]
