"""What people do with tasks: every write."""

from dataclasses import replace
from typing import Any

from doska.answers import Answer
from doska.boards.access import Access
from doska.boards.actions import HOME, make_sure_of_home_board
from doska.boards.log import Change
from doska.boards.models import Status
from doska.boards.opening import Action, change, rehearsing
from doska.boards.rows import ColumnRow
from doska.boards.schemas import differences
from doska.boards.statements import register
from doska.errors import Conflict, NotFound
from doska.identity.queries import user_view
from doska.schemas import new_id
from doska.tasks.access import COLUMN, TASK
from doska.tasks.assignees import NEW_PEOPLE, TASK_PARTS, assign, people_of
from doska.tasks.moves import TaskMoveIn
from doska.tasks.places import (
    Spot,
    bottom,
    check_room,
    choose_rank,
    dealt_anew,
    neighbours,
    spot,
    way_of,
)
from doska.tasks.placing import placed, target_of_move
from doska.tasks.queries import ONE_TASK
from doska.tasks.rows import SubtaskRow, TaskAssigneeRow, TaskRow
from doska.tasks.schemas import TaskNew, TaskOut, shown_task
from doska.tasks.state import entering

register(columns=ColumnRow, tasks=TaskRow, task_assignees=TaskAssigneeRow, subtasks=SubtaskRow)


class NoColumn(Conflict):
    """The board has no column for a task to stand in."""


NO_SUBTASKS = {"total": 0, "completed": 0}
ME = user_view("u")
BY_STATUS = "true order by (d.status is distinct from :status), d.rank"

CREATE_TASK = Action(COLUMN, spot=spot("d.id = c.id"), people=NEW_PEOPLE, author=ME)
CREATE_TASK_AT_HOME = Action(HOME, spot=spot(BY_STATUS), people=NEW_PEOPLE, author=ME)

EDIT_TASK = Action(TASK, target=ONE_TASK, **TASK_PARTS)
PLACE_TASK = Action(
    TASK,
    target=ONE_TASK,
    **TASK_PARTS,
    own_spot=spot("d.id = t.column_id"),
    spot=spot("d.id = :column_id::uuid"),
    status_spot=spot("d.status = :status::text order by d.rank"),
)
PLACING = {"column_id", "status", "is_archived"}

_NEAR = "(select to_jsonb(n) from tasks n where n.id = :near_id)"
_TARGET = """coalesce(:column_id::uuid,
    (select n.column_id from tasks n where n.id = :near_id), t.column_id)"""
MOVE_TASK = {
    way: Action(
        TASK,
        target=ONE_TASK,
        near=_NEAR,
        spot=spot(f"d.id = {_TARGET}"),
        **TASK_PARTS,
        **parts,
    )
    for way, parts in neighbours("tasks", _TARGET, "t.id").items()
}
DELETE_TASK = Action(
    TASK,
    target=ONE_TASK,
    task="to_jsonb(t)",
    assignments=TASK_PARTS["assignments"],
    subtasks="""(select coalesce(jsonb_agg(to_jsonb(k)), '[]')
        from subtasks k where k.task_id = t.id)""",
)


async def create_task(access: Access, body: TaskNew) -> Answer[TaskOut]:
    """Make a task at the bottom of a column; without one, on the author's own board."""
    if body.column_id:
        return await _create_task(access.at(body.column_id), CREATE_TASK, body)
    at_home = replace(access, anchor=HOME)
    try:
        return await _create_task(at_home, CREATE_TASK_AT_HOME, body)
    except NotFound:
        async with rehearsing(access.conditions):
            await make_sure_of_home_board(access.caller)
            return await _create_task(at_home, CREATE_TASK_AT_HOME, body)


async def _create_task(access: Access, what: Action, body: TaskNew) -> Answer[TaskOut]:
    values = {"assignee_ids": body.assignee_ids, "status": body.status or Status.TODO}
    async with change(access, what, **values) as opened:
        place: Spot | None = opened.parts["spot"]
        if place is None:
            raise NoColumn
        row = _new_task(opened, body, place)
        opened.task_number = row["number"]
        opened.insert("tasks", row)
        assignments = assign(opened, row["id"], body.assignee_ids, [])
        view = _view(opened, row, assignments, NO_SUBTASKS)
        opened.record("task.created", {"task": view}, task_id=row["id"])
        return opened.show_new(view, row["id"])


async def update_task(access: Access, fields: dict[str, Any]) -> Answer[TaskOut]:
    """Change the task's fields; a field that is not named stays.

    Another column moves it to the bottom there. A new status moves it to the column of that status
    if its own column stands for another.
    """
    question = PLACE_TASK if PLACING & fields.keys() else EDIT_TASK
    wanted = fields.pop("assignee_ids", None)
    values = {"assignee_ids": wanted or [], "column_id": None, "status": None, **fields}
    async with change(access, question, **values) as opened:
        before: TaskRow = opened.parts["task"]
        places = placed(opened, before, fields) if question is PLACE_TASK else {}
        assignments = opened.parts["assignments"]
        if wanted is not None:
            assignments = assign(opened, before["id"], wanted, assignments)
        own = {name: value for name, value in fields.items() if name not in PLACING}
        return _saved(opened, "task.updated", {**own, **places}, assignments)


async def move_task(access: Access, body: TaskMoveIn) -> Answer[TaskOut]:
    """Put the task somewhere else on its board."""
    way, near_id = way_of(body)
    values: dict[str, Any] = {"near_id": near_id, "column_id": body.column_id, "assignee_ids": []}
    async with change(access, MOVE_TASK[way], **values) as opened:
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


async def assign_task(access: Access, user_id: str) -> Answer[TaskOut]:
    """Put one person on the task; twice is the same as once."""
    async with change(access, EDIT_TASK, assignee_ids=[user_id]) as opened:
        wanted = [*_others(opened, user_id), user_id]
        return _saved(opened, "task.assigned", {}, _reassigned(opened, wanted))


async def unassign_task(access: Access, user_id: str) -> Answer[None]:
    """Take one person off the task."""
    async with change(access, EDIT_TASK, assignee_ids=[user_id]) as opened:
        wanted = _others(opened, user_id)
        if len(wanted) == len(opened.parts["assignments"]):
            raise NotFound
        _saved(opened, "task.unassigned", {}, _reassigned(opened, wanted))
        return opened.nothing()


async def delete_task(access: Access) -> Answer[None]:
    """Delete a task with its subtasks."""
    async with change(access, DELETE_TASK) as opened:
        task: TaskRow = opened.parts["task"]
        for table in ("assignments", "subtasks"):
            for row in opened.parts[table]:
                opened.delete("task_assignees" if table == "assignments" else table, row)
        opened.delete("tasks", task)
        opened.record("task.deleted", {"task": {"id": task["id"]}}, task_id=task["id"])
        return opened.nothing()


def _others(opened: Change, user_id: str) -> list[str]:
    assigned = [row["user_id"] for row in opened.parts["assignments"]]
    return [other for other in assigned if other != user_id]


def _reassigned(opened: Change, wanted: list[str]) -> list[Any]:
    now_there, task_id = opened.parts["assignments"], opened.parts["task"]["id"]
    return assign(opened, task_id, wanted, now_there, "/path/user_id")


def _new_task(opened: Change, body: TaskNew, place: Spot) -> TaskRow:
    column = place["column"]
    status = body.status or column["status"] or Status.TODO
    return {
        "id": body.id or new_id(),
        "board_id": opened.board["id"],
        "column_id": column["id"],
        "number": opened.task_number + 1,
        "title": body.title,
        "description": body.description,
        "rank": None if body.is_archived else bottom(place),
        "due_at": body.model_dump()["due_at"],
        "priority": body.priority,
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
    view = _view(opened, after, assignments, opened.parts["subtasks"])
    if after is not before:
        old = _view(opened, before, opened.parts["assignments"], opened.parts["subtasks"])
        others = dealt_anew(opened, "tasks", after["id"])
        opened.record(kind, {"task": differences(old, view), **others}, task_id=after["id"])
    return opened.show(view)


def _view(
    opened: Change, row: TaskRow, assignments: list[Any], subtasks: dict[str, int]
) -> dict[str, Any]:
    beside = {
        "key": f"{opened.board['key']}-{row['number']}",
        "assignees": people_of(opened, assignments),
        "author": opened.parts["author"],
        "subtasks": subtasks,
    }
    return shown_task(row, beside)
