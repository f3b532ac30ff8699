"""What happens to a task, once its board is open and the needed parts are read.

``actions`` opens a board for one of these; a batch performs several on one open board.
"""

from collections.abc import Iterable
from typing import Any

from doska.boards.hanging import take_away
from doska.boards.log import Change
from doska.boards.models import Status
from doska.boards.pieces import nothing_beside
from doska.errors import Conflict, NotFound
from doska.http.answers import Answer
from doska.schemas import new_id
from doska.tasks.assignees import assign, people_of
from doska.tasks.cards import marked
from doska.tasks.declared import DUE, TASKS_MAX
from doska.tasks.drawing import shown_task
from doska.tasks.labelling import label
from doska.tasks.moves import TaskMoveIn
from doska.tasks.places import Spot, bottom, check_open, check_room, choose_rank, dealt_anew, way_of
from doska.tasks.placing import placed, target_of_move
from doska.tasks.rows import TaskRow
from doska.tasks.schemas import TaskNew, TaskOut
from doska.tasks.state import entering
from doska.tasks.telling import gone, news


class NoColumn(Conflict):
    """The board has no column for the task."""


Pieces = dict[str, Any]  # what is shown with a task, by its name

PLACING = {"column_id", "status", "is_archived"}


def is_placing(fields: Iterable[str]) -> bool:
    """Return whether a change of these fields can move the task, for which more must be read."""
    return not PLACING.isdisjoint(fields)


async def create_task(opened: Change, body: TaskNew) -> Answer[TaskOut]:
    """Create a task at the bottom of the column that was read."""
    place: Spot | None = opened.parts["spot"]
    if place is None:
        raise NoColumn
    check_open(place["column"])
    if (count := opened.parts["count"]) is not None:  # otherwise there are far fewer
        opened.limits.check(TASKS_MAX, count + 1)
    row = _new_task(opened, body, place)
    opened.task_number = row["number"]
    opened.insert("tasks", row)
    linked = {
        "assignees": people_of(opened, assign(opened, row["id"], body.assignee_ids, [])),
        "label_ids": label(opened, row["id"], body.label_ids, []) if body.label_ids else [],
    }
    view = _view(opened, row, {**nothing_beside("tasks"), **linked})
    opened.record("task.created", {"task": marked(view)}, task_id=row["id"])
    return opened.show_new(view, row["id"])


async def update_task(opened: Change, fields: dict[str, Any]) -> Answer[TaskOut]:
    """Change the task's fields, and its position if they imply one."""
    before: TaskRow = opened.parts["task"]
    places = placed(opened, before, fields) if is_placing(fields) else {}
    linked = _linked(opened, fields)
    kept_apart = {*PLACING, "assignee_ids", "label_ids"}
    own = {name: value for name, value in fields.items() if name not in kept_apart}
    if any(own.get(name) is not None for name in DUE):  # which replaces the other
        own |= {name: None for name in DUE if own.get(name) is None}
    return _saved(opened, "task.updated", {**own, **places}, linked)


def _linked(opened: Change, fields: dict[str, Any]) -> Pieces:
    """Set the task's people and labels; returns how it is shown with them."""
    linked: Pieces = {}
    if (wanted := fields.get("assignee_ids")) is not None:
        linked["assignees"] = _reassigned(opened, wanted, "/body/assignee_ids/{}")
    if (wanted := fields.get("label_ids")) is not None:
        linked["label_ids"] = _relabelled(opened, wanted)
    return linked


async def move_task(opened: Change, body: TaskMoveIn) -> Answer[TaskOut]:
    """Move the task on its board."""
    _, near_id = way_of(body)
    row: TaskRow = opened.parts["task"]
    column = target_of_move(opened, row, near_id)
    if near_id == row["id"]:
        return _saved(opened, "task.moved", {})
    moved: dict[str, Any] = {}
    if column["id"] != row["column_id"]:
        check_room(opened.parts["spot"])
        moved = entering(row, column, opened.at)
    moved["rank"] = await choose_rank(opened, "tasks", column["id"], row)
    return _saved(opened, "task.moved", moved)


async def assign_task(opened: Change, user_id: str) -> Answer[TaskOut]:
    """Assign one person to the task."""
    wanted = [*_others(opened, user_id), user_id]
    return _saved(opened, "task.assigned", {}, {"assignees": _reassigned(opened, wanted)})


async def unassign_task(opened: Change, user_id: str) -> Answer[None]:
    """Unassign one person from the task."""
    wanted = _others(opened, user_id)
    if user_id not in {person["id"] for person in people_of(opened, opened.parts["assignments"])}:
        raise NotFound
    _saved(opened, "task.unassigned", {}, {"assignees": _reassigned(opened, wanted)})
    return opened.nothing()


async def label_task(opened: Change, label_id: str) -> Answer[TaskOut]:
    """Add one label to the task."""
    wanted = list(dict.fromkeys([*_label_ids(opened), label_id]))
    return _saved(opened, "task.labelled", {}, {"label_ids": _relabelled(opened, wanted)})


async def unlabel_task(opened: Change, label_id: str) -> Answer[None]:
    """Remove one label from the task."""
    wanted = [other for other in _label_ids(opened) if other != label_id]
    if wanted == _label_ids(opened):
        raise NotFound
    _saved(opened, "task.unlabelled", {}, {"label_ids": _relabelled(opened, wanted)})
    return opened.nothing()


async def delete_task(opened: Change) -> Answer[None]:
    """Delete the task with its subtasks."""
    task: TaskRow = opened.parts["task"]
    take_away(opened, "tasks", [task], opened.parts["hanging"])
    opened.record("task.deleted", {"task": gone(task)}, task_id=task["id"])
    return opened.nothing()


def _others(opened: Change, user_id: str) -> list[str]:
    assigned = people_of(opened, opened.parts["assignments"])
    return [other["id"] for other in assigned if other["id"] != user_id]


def _reassigned(opened: Change, wanted: list[str], pointer: str = "/path/user_id") -> list[Any]:
    now_there, task_id = opened.parts["assignments"], opened.parts["task"]["id"]
    return people_of(opened, assign(opened, task_id, wanted, now_there, pointer))


def _label_ids(opened: Change) -> list[str]:
    return [row["label_id"] for row in opened.parts["labellings"]]


def _relabelled(opened: Change, wanted: list[str]) -> list[str]:
    return label(opened, opened.parts["task"]["id"], wanted, opened.parts["labellings"])


def _new_task(opened: Change, body: TaskNew, place: Spot) -> TaskRow:
    column, given = place["column"], body.model_dump(mode="json")  # enums are slow to write
    status: Any = given["status"] or column["status"] or Status.TODO.value
    return {
        "id": body.id or new_id(),
        "board_id": opened.board["id"],
        "column_id": column["id"],
        "number": opened.task_number + 1,
        "title": body.title,
        "description": body.description,
        "rank": None if body.is_archived else bottom(place),
        "due_at": given["due_at"],
        "due_on": given["due_on"],
        "priority": given["priority"],
        "status": status,
        "color": body.color,
        "author_id": opened.actor_id,
        "version": 1,
        "created_at": opened.at,
        "updated_at": opened.at,
        "completed_at": opened.at if status == Status.DONE else None,
        "archived_at": opened.at if body.is_archived else None,
    }


def _saved(
    opened: Change, kind: str, values: dict[str, Any], linked: Pieces | None = None
) -> Answer[TaskOut]:
    """Record the change; ``linked`` are the pieces that differ from what was read."""
    before: TaskRow = opened.parts["task"]
    after: TaskRow = opened.update("tasks", before, **values)
    if after is before and opened.rows:  # only its links or the others' keys
        after = opened.touch("tasks", before)
    view = task_view(opened, after, linked)
    if after is not before:
        old = task_view(opened, before)
        others = dealt_anew(opened, "tasks", after["id"])
        is_hidden = opened.parts.get("is_hidden", False)
        task = news(before, after, old, view, is_hidden=is_hidden)
        opened.record(kind, {"task": task, **others}, task_id=after["id"])
    return opened.show(view)


def task_view(opened: Change, row: TaskRow, linked: Pieces | None = None) -> dict[str, Any]:
    """Show a task's row with the pieces that were read, or the new ones."""
    read = {
        **opened.parts["beside"],
        "assignees": people_of(opened, opened.parts["assignments"]),
    }
    return _view(opened, row, {**read, **(linked or {})})


def _view(opened: Change, row: TaskRow, pieces: Pieces) -> dict[str, Any]:
    return shown_task(row, opened.board["key"], opened.parts["author"], pieces)
