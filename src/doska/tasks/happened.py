"""What can happen on a board and to its columns, tasks and people, and its words."""

from doska.boards import tells
from doska.boards.happenings import happening
from doska.boards.tells import of_task, simply
from doska.tasks import payloads
from doska.tasks.tells import (
    column_created,
    column_deleted,
    column_updated,
    subtask_updated,
    task_assignees,
    task_created,
    task_moved,
    task_updated,
)

ACCOUNT_GONE = "An account that is deleted does not come back."

happening(
    "board.created",
    payloads.BoardAsMade,
    about="The board was created.",
    tell=simply("board_created", "boards"),
    says=("board_created",),
    why_not="A board is not taken back: delete it.",
)
happening(
    "board.updated",
    payloads.BoardChanged,
    about="The board's own fields were changed.",
    tell=tells.board_updated,
    says=("board_changed",),
)
happening(
    "board.handed_over",
    payloads.PeopleChanged,
    about="The board has another CREATOR.",
    tell=tells.handed_over,
    says=("board_handed_over",),
)
happening(
    "person.added",
    payloads.PersonAsAdded,
    about="Somebody joined the board.",
    tell=tells.person_added,
    says=(
        "person_added",
        "person_joined",
    ),
)
happening(
    "person.updated",
    payloads.PersonChanged,
    about="Somebody got another role.",
    tell=tells.person_updated,
    says=("person_role",),
)
happening(
    "person.removed",
    payloads.PersonGone,
    about="Somebody left the board, or was removed; their assignments have ended.",
    tell=tells.person_removed,
    says=(
        "person_left",
        "person_left_with_tasks",
        "person_removed",
        "person_removed_with_tasks",
    ),
    is_of_many=True,
)
happening(
    "column.created",
    payloads.ColumnAsMade,
    about="A column was created.",
    tell=column_created,
    says=("column_created",),
)
happening(
    "column.updated",
    payloads.ColumnChanged,
    about="A column's fields were changed.",
    tell=column_updated,
    says=("column_changed",),
)
happening(
    "column.moved",
    payloads.ColumnChanged,
    about="A column was moved.",
    tell=simply("column_moved", "columns"),
    says=("column_moved",),
)
happening(
    "column.deleted",
    payloads.ColumnGone,
    about="A column was deleted; its tasks were moved, or deleted too.",
    tell=column_deleted,
    says=(
        "column_deleted",
        "column_deleted_with_tasks",
        "column_emptied",
    ),
    is_of_many=True,
)
happening(
    "task.created",
    payloads.TaskAsMade,
    about="A task was created.",
    tell=task_created,
    says=("task_created",),
)
happening(
    "task.updated",
    payloads.TaskChanged,
    about="A task's fields were changed.",
    tell=task_updated,
    says=("task_changed",),
)
happening(
    "task.moved",
    payloads.TaskChanged,
    about="A task was moved.",
    tell=task_moved,
    says=(
        "task_moved",
        "task_moved_within",
    ),
)
happening(
    "task.assigned",
    payloads.TaskChanged,
    about="Somebody was assigned to a task.",
    tell=task_assignees,
    says=("task_assigned",),
)
happening(
    "task.unassigned",
    payloads.TaskChanged,
    about="Somebody was unassigned from a task.",
    tell=task_assignees,
    says=("task_unassigned",),
)
happening(
    "task.deleted",
    payloads.TaskGone,
    about="A task was deleted, with its subtasks and comments.",
    tell=simply("task_deleted", "tasks"),
    says=("task_deleted",),
)
happening(
    "subtask.created",
    payloads.SubtaskAsMade,
    about="A subtask was created.",
    tell=of_task("subtask_created", "subtasks"),
    says=("subtask_created",),
)
happening(
    "subtask.updated",
    payloads.SubtaskChanged,
    about="A subtask's fields were changed.",
    tell=subtask_updated,
    says=("subtask_changed",),
)
happening(
    "subtask.moved",
    payloads.SubtaskChanged,
    about="A subtask was moved.",
    tell=of_task("subtask_moved", "subtasks"),
    says=("subtask_moved",),
)
happening(
    "subtask.deleted",
    payloads.SubtaskGone,
    about="A subtask was deleted.",
    tell=of_task("subtask_deleted", "subtasks"),
    says=("subtask_deleted",),
)
happening(
    "user.updated",
    payloads.UserChanged,
    about="A person shown on the board has a new name or picture.",
    tell=tells.user_updated,
    says=(
        "profile_changed",
        "profile_changed_by",
    ),
    why_not="What people change of their accounts is theirs.",
)
happening(
    "user.deleted",
    payloads.UserGone,
    about="The account of a person shown on the board was deleted; no event shows their name.",
    tell=tells.user_deleted,
    says=(
        "account_deleted",
        "account_deleted_by",
    ),
    is_of_many=True,
    why_not=ACCOUNT_GONE,
)
