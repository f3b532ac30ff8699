"""What becomes of a task, once its board is open and the parts that are needed are read.

``actions`` opens a board for one of these; a batch does several on one that is open.
"""

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
from doska.tasks.moves import TaskMoveIn
from doska.tasks.places import Spot, bottom, check_room, choose_rank, dealt_anew, way_of
from doska.tasks.placing import placed, target_of_move
from doska.tasks.rows import TaskRow
from doska.tasks.schemas import TaskNew, TaskOut
from doska.tasks.state import entering
from doska.tasks.telling import gone, news


class NoColumn(Conflict):
    """The board has no column for the task."""


PLACING = {"column_id", "status", "is_archived"}


def is_placing(fields: dict[str, Any]) -> bool:
    """Tell whether such a change can put the task elsewhere, for which more is read."""
    return bool(PLACING & fields.keys())


async def create_task(opened: Change, body: TaskNew) -> Answer[TaskOut]:
    """Make a task at the bottom of the column that was read."""
    place: Spot | None = opened.parts["spot"]
    if place is None:
        raise NoColumn
    if (count := opened.parts["count"]) is not None:  # else there are far fewer
        opened.limits.check(TASKS_MAX, count + 1)
    row = _new_task(opened, body, place)
    opened.task_number = row["number"]
    opened.insert("tasks", row)
    assignments = assign(opened, row["id"], body.assignee_ids, [])
    view = _view(opened, row, assignments, nothing_beside("tasks"))
    opened.record("task.created", {"task": marked(view)}, task_id=row["id"])
    return opened.show_new(view, row["id"])


async def update_task(opened: Change, fields: dict[str, Any]) -> Answer[TaskOut]:
    """Change the task's fields, and its place if they tell one."""
    before: TaskRow = opened.parts["task"]
    places = placed(opened, before, fields) if is_placing(fields) else {}
    assignments = opened.parts["assignments"]
    if (wanted := fields.get("assignee_ids")) is not None:
        assignments = assign(opened, before["id"], wanted, assignments)
    kept_apart = {*PLACING, "assignee_ids"}
    own = {name: value for name, value in fields.items() if name not in kept_apart}
    if any(own.get(name) is not None for name in DUE):  # which takes the other's place
        own |= {name: None for name in DUE if own.get(name) is None}
    return _saved(opened, "task.updated", {**own, **places}, assignments)


async def move_task(opened: Change, body: TaskMoveIn) -> Answer[TaskOut]:
    """Put the task somewhere else on its board."""
    _, near_id = way_of(body)
    row: TaskRow = opened.parts["task"]
    column = target_of_move(opened, row, near_id)
    if near_id == row["id"]:
        return _saved(opened, "task.moved", {}, opened.parts["assignments"])
    moved: dict[str, Any] = {}
    if column["id"] != row["column_id"]:
        check_room(opened.parts["spot"])
        moved = entering(row, column, opened.at)
    moved["rank"] = await choose_rank(opened, "tasks", column["id"], row)
    return _saved(opened, "task.moved", moved, opened.parts["assignments"])


async def assign_task(opened: Change, user_id: str) -> Answer[TaskOut]:
    """Put one person on the task."""
    wanted = [*_others(opened, user_id), user_id]
    return _saved(opened, "task.assigned", {}, _reassigned(opened, wanted))


async def unassign_task(opened: Change, user_id: str) -> Answer[None]:
    """Take one person off the task."""
    wanted = _others(opened, user_id)
    if user_id not in {person["id"] for person in people_of(opened, opened.parts["assignments"])}:
        raise NotFound
    _saved(opened, "task.unassigned", {}, _reassigned(opened, wanted))
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


def _reassigned(opened: Change, wanted: list[str]) -> list[Any]:
    now_there, task_id = opened.parts["assignments"], opened.parts["task"]["id"]
    return assign(opened, task_id, wanted, now_there, "/path/user_id")


def _new_task(opened: Change, body: TaskNew, place: Spot) -> TaskRow:
    column, given = place["column"], body.model_dump(mode="json")  # enums take long to write
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
    opened: Change, kind: str, values: dict[str, Any], assignments: list[Any]
) -> Answer[TaskOut]:
    before: TaskRow = opened.parts["task"]
    after: TaskRow = opened.update("tasks", before, **values)
    if after is before and opened.rows:  # only its assignees or the others' keys have changed
        after = opened.touch("tasks", before)
    view = task_view(opened, after, assignments)
    if after is not before:
        old = task_view(opened, before, opened.parts["assignments"])
        others = dealt_anew(opened, "tasks", after["id"])
        task = news(before, after, old, view)
        opened.record(kind, {"task": task, **others}, task_id=after["id"])
    return opened.show(view)


def task_view(opened: Change, row: TaskRow, assignments: list[Any]) -> dict[str, Any]:
    """Show a task's row with what was read beside it."""
    return _view(opened, row, assignments, opened.parts["beside"])


def _view(
    opened: Change, row: TaskRow, assignments: list[Any], beside: dict[str, Any]
) -> dict[str, Any]:
    pieces = {**beside, "assignees": people_of(opened, assignments)}
    return shown_task(row, opened.board["key"], opened.parts["author"], pieces)
