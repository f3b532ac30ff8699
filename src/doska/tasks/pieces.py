"""What is shown beside a task, whichever feature it comes from."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from doska.boards.kinds import Row
from doska.boards.pieces import Faces, piece
from doska.identity.schemas import UserView
from doska.schemas import Id, Out


class SubtaskCount(Out):
    """How many subtasks a task has, and how many are completed."""

    total: int
    completed: int


def _assignees(rows: Sequence[Row], faces: Faces) -> list[Any]:
    return [faces[row["user_id"]] for row in rows if row["user_id"] in faces]


def _count(rows: Sequence[Row], _: Faces) -> dict[str, int]:
    return {"total": len(rows), "completed": sum(row["is_completed"] for row in rows)}


ASSIGNEES = piece(
    "assignees",
    of="tasks",
    source="task_assignees",
    key="task_id",
    agg="'[' || string_agg({face}::text, ', ' order by x.id) || ']'",
    drawn=_assignees,
    empty=[],
    field=list[UserView],
    face_of="user_id",
)
SUBTASKS = piece(
    "subtasks",
    of="tasks",
    source="subtasks",
    key="task_id",
    agg="""concat('{{"total" : ', count(*),
        ', "completed" : ', count(*) filter (where x.is_completed), '}}')""",
    drawn=_count,
    empty={"total": 0, "completed": 0},
    field=SubtaskCount,
    uses=("is_completed",),
)
LABEL_IDS = piece(
    "label_ids",
    of="tasks",
    source="task_labels",
    key="task_id",
    agg="""'["' || string_agg(x.label_id::text, '", "' order by x.id) || '"]'""",
    drawn=lambda rows, _: [row["label_id"] for row in rows],
    empty=[],
    field=list[Id],
    uses=("label_id",),
)
COMMENT_COUNT = piece(
    "comment_count",
    of="tasks",
    source="comments",
    key="task_id",
    agg="count(*)::text",
    drawn=lambda rows, _: len(rows),
    empty=0,
    field=Annotated[int, Field(description="how many comments it has", ge=0)],
)
ATTACHMENT_COUNT = piece(
    "attachment_count",
    of="tasks",
    source="attachments",
    key="task_id",
    agg="count(*)::text",
    drawn=lambda rows, _: len(rows),
    empty=0,
    field=Annotated[int, Field(description="how many files and links it has", ge=0)],
)
