"""The operations of a batch on labels, and on those of tasks."""

from collections.abc import Awaitable
from typing import Any

from pydantic import Field

from doska.boards.access import Parts
from doska.boards.log import Change
from doska.boards.operations import given_fields, operation
from doska.boards.policy import Right
from doska.boards.references import Reference
from doska.boards.world import World
from doska.errors import AlreadyExists, Invalid, LimitReached
from doska.http.answers import Answer
from doska.schemas import Id, body_examples
from doska.tasks import deeds, labels, parts
from doska.tasks.columns import TooManyTasks
from doska.tasks.declared import LABELS, TASKS
from doska.tasks.label_schemas import LabelNew, LabelOut, LabelPatch
from doska.tasks.moves import MoveIn
from doska.tasks.places import way_of
from doska.tasks.schemas import TaskOut


class LabelInBatch(LabelNew):
    """A new label."""

    model_config = body_examples({"title": "Bug", "color": "#d64545"})

    board_id: Id | None = Field(None, description="this board's, or left out")  # type: ignore[assignment]


def _of_new_label(world: World, operation: Any) -> Parts:
    """Return the existing labels."""
    del operation
    return {"labels": world.whole("labels")}


def _of_label(world: World, operation: Any) -> Parts:
    """Return the label among the others."""
    label = world.need("labels", operation.label_id)
    return {"label": label, "labels": world.whole("labels")}


def _of_moving_label(world: World, operation: Any) -> Parts:
    """Return the label, and its neighbours at the new position."""
    label, (way, near_id) = world.need("labels", operation.label_id), way_of(operation.body)
    near, ladder = world.find("labels", near_id), world.ladder("labels", label["board_id"])
    return {"label": label, "near": near, **parts.around(ladder, label["id"], way, near)}


def _of_deleting_label(world: World, operation: Any) -> Parts:
    """Return the label with its tasks, and which other labels these have."""
    label = world.need("labels", operation.label_id)
    found = world.hanging("labels", [label])
    tasks = [row["task_id"] for row in found["task_labels"]]
    others = {task_id: world.beside("tasks", task_id)["label_ids"] for task_id in tasks}
    kept = {task: [x for x in ids if x != label["id"]] for task, ids in others.items()}
    return {"label": label, "hanging": found, "others": kept}


def _create_label(opened: Change, operation: Any) -> Awaitable[Answer[Any]]:
    body, board_id = operation.body, opened.board["id"]
    if body.board_id not in (None, board_id):
        raise Invalid.at("/body/board_id", "other_board", "should be this board, or left out")
    fields = {**body.model_dump(mode="json", exclude={"id"}), "board_id": board_id}
    return labels.do_create(opened, fields, body.id)


operation(
    "create_label",
    LabelInBatch,
    about="As `POST /labels`.",
    right=Right.EDIT_BOARD,
    parts=_of_new_label,
    do=_create_label,
    creates=LABELS,
    gives=LabelOut,
    refuses=(AlreadyExists, LimitReached, labels.LabelTaken),
)
operation(
    "update_label",
    LabelPatch,
    about="As `PATCH /labels/{label_id}`.",
    right=Right.EDIT_BOARD,
    parts=_of_label,
    do=lambda o, op: labels.do_update(o, given_fields(op)),
    on=LABELS,
    gives=LabelOut,
    refuses=(labels.LabelTaken,),
)
operation(
    "move_label",
    MoveIn,
    about="As `POST /labels/{label_id}/move`.",
    right=Right.EDIT_BOARD,
    parts=_of_moving_label,
    do=lambda o, op: labels.do_move(o, op.body),
    on=LABELS,
    gives=LabelOut,
    is_referring=True,
)
operation(
    "delete_label",
    about="As `DELETE /labels/{label_id}`.",
    right=Right.EDIT_BOARD,
    parts=_of_deleting_label,
    do=lambda o, _: labels.do_delete(o),
    on=LABELS,
    refuses=(TooManyTasks,),
    only_adds=lambda _: False,
    names=lambda op: [("doomed_ids", op.label_id)],
)
operation(
    "label_task",
    about="As `PUT /tasks/{task_id}/labels/{label_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_task,
    do=lambda o, op: deeds.label_task(o, op.label_id),
    on=TASKS,
    gives=TaskOut,
    takes={"label_id": (Reference, ...)},
    refuses=(LimitReached,),
)
operation(
    "unlabel_task",
    about="As `DELETE /tasks/{task_id}/labels/{label_id}`.",
    right=Right.EDIT_TASKS,
    parts=parts.of_task,
    do=lambda o, op: deeds.unlabel_task(o, op.label_id),
    on=TASKS,
    takes={"label_id": (Reference, ...)},
)
