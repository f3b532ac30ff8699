"""The kinds of things of this feature: columns and labels, tasks, and what belongs to them."""

from doska.boards.kinds import Parent, Row, Scene, View, by, kind
from doska.boards.limits import ASSIGNEES_MAX, LABELS_OF_TASK_MAX, AtMost
from doska.boards.policy import Right
from doska.boards.rows import ColumnRow
from doska.tasks.cards import marked
from doska.tasks.drawing import shown_task
from doska.tasks.label_schemas import LabelOut, same_label
from doska.tasks.news import ColumnNews, TaskNews
from doska.tasks.rows import LabelRow, SubtaskRow, TaskAssigneeRow, TaskLabelRow, TaskRow
from doska.tasks.schemas import ColumnOut, SubtaskOut, TaskOut, shown_column
from doska.tasks.telling import gone, gone_column, news, news_of_column


def _column_told(
    before: Row | None, after: Row | None, _old: View, view: View, _scene: Scene
) -> View:
    if after is None:
        return {**gone_column(before), "is_deleted": True}  # type: ignore[arg-type]
    return view if before is None else news_of_column(before, after)


COLUMNS_MAX = AtMost("columns_per_board_max", "columns of a board", "board_id")
COLUMNS = kind(
    "columns",
    ColumnRow,
    noun="column",
    plural="columns",
    right=Right.EDIT_BOARD,
    parents=(),
    shown=ColumnOut,
    news=ColumnNews,
    drawn=lambda row, _beside, _scene: shown_column(row),
    told=_column_told,
    is_named=True,
    ranked_in="board_id",
    limit=COLUMNS_MAX,
)
TASKS_MAX = AtMost("tasks_per_board_max", "tasks of a board", "board_id")
DUE = frozenset({"due_at", "due_on"})  # a task is due at a time or on a day


def _task_told(before: Row | None, after: Row | None, old: View, view: View, scene: Scene) -> View:
    if after is None:
        return {**gone(before), "is_deleted": True}  # type: ignore[arg-type]
    if before is None:
        return marked(view)
    column = scene.rows["columns"][before["column_id"]]
    return news(before, after, old, view, is_hidden=column["rank"] is None)


TASKS = kind(
    "tasks",
    TaskRow,
    noun="task",
    plural="tasks",
    right=Right.EDIT_TASKS,
    parents=(Parent("columns", "column_id"),),
    shown=TaskOut,
    news=TaskNews,
    drawn=lambda row, beside, scene: shown_task(
        row, scene.board["key"], scene.users.get(row["author_id"]), beside
    ),
    told=_task_told,
    is_named=True,
    ranked_in="column_id",
    limit=TASKS_MAX,
    together=(DUE,),
    people={"author_id": "forget"},
    searched={"title": "title", "description": "description"},
    brief={"description": 0},
)
ASSIGNEES_AT_MOST = AtMost(ASSIGNEES_MAX, "assignees of a task", "task_id")
ASSIGNEES = kind(
    "task_assignees",
    TaskAssigneeRow,
    noun="assignee",
    plural="assignees",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"), Parent("board_users", "user_id", "user_id")),
    shown_in="tasks",
    known_by="user_id",
    limit=ASSIGNEES_AT_MOST,
    is_link=True,
    unique=by("task_id", "user_id"),
    people={"user_id": "leaves with the place"},
)
SUBTASKS_MAX = AtMost("subtasks_per_task_max", "subtasks of a task", "task_id")
SUBTASKS = kind(
    "subtasks",
    SubtaskRow,
    noun="subtask",
    plural="subtasks",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"),),
    shown=SubtaskOut,
    is_named=True,
    ranked_in="task_id",
    limit=SUBTASKS_MAX,
    searched={"title": "title"},
)

LABELS_MAX = AtMost("labels_per_board_max", "labels of a board", "board_id")
LABELS = kind(
    "labels",
    LabelRow,
    noun="label",
    plural="labels",
    right=Right.EDIT_BOARD,
    parents=(),
    shown=LabelOut,
    is_named=True,
    ranked_in="board_id",
    limit=LABELS_MAX,
    unique=same_label,
    searched={"title": "title"},
)
LABELS_AT_MOST = AtMost(LABELS_OF_TASK_MAX, "labels of a task", "task_id")
LABELLINGS = kind(
    "task_labels",
    TaskLabelRow,
    noun="labelling",
    plural="labellings",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"), Parent("labels", "label_id")),
    shown_in="tasks",
    known_by="label_id",
    limit=LABELS_AT_MOST,
    is_link=True,
    unique=by("task_id", "label_id"),
)
