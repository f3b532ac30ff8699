"""What people do with tasks: every write."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from doska.boards.access import Access
from doska.boards.acting import act
from doska.boards.actions import HOME, make_sure_of_home_board
from doska.boards.hanging import hanging
from doska.boards.models import Status
from doska.boards.opening import Action, rehearsing
from doska.boards.operations import Fields, Like
from doska.errors import NotFound
from doska.http.answers import Answer
from doska.identity.queries import user_view
from doska.tasks import deeds
from doska.tasks.access import COLUMN, TASK
from doska.tasks.assignees import NEW_PEOPLE, TASK_PARTS
from doska.tasks.declared import TASKS_MAX
from doska.tasks.deeds import is_placing
from doska.tasks.labelling import LABEL_PARTS, LABELS
from doska.tasks.moves import TaskMoveIn
from doska.tasks.places import neighbours, spot, way_of
from doska.tasks.queries import ONE_TASK
from doska.tasks.schemas import TaskNew, TaskOut

ME = user_view("u")
BY_STATUS = "d.archived_at is null order by (d.status is distinct from :status), d.rank"

# Numbers are never reused, so there are no more tasks than numbers: mostly none are counted.
COUNT = """case when b.task_number >= :tasks_max::int then
    (select to_jsonb(count(*)) from tasks x where x.board_id = b.id) end"""
# How often a home board may be published or shared between being found and being locked.
TRIES = 3
NEW_TASK = {"people": NEW_PEOPLE, "author": ME, "count": COUNT, "labels": LABELS}

CREATE_TASK = Action(COLUMN, target=None, spot=spot("d.id = c.id"), **NEW_TASK)
CREATE_TASK_AT_HOME = Action(HOME, target=None, spot=spot(BY_STATUS), **NEW_TASK)

# Whether the task is in an archived column; nothing else of it is asked.
IS_HIDDEN = """(select to_jsonb(k.archived_at is not null) from columns k
    where k.id = t.column_id)"""
SPOTS = {
    "is_hidden": IS_HIDDEN,
    "own_spot": spot("d.id = t.column_id"),
    "spot": spot("d.id = :column_id::uuid"),
    "status_spot": spot("d.archived_at is null and d.status = :status::text order by d.rank"),
}
LABEL_TASK = Action(TASK, target=ONE_TASK, **TASK_PARTS, **LABEL_PARTS)
EDIT_TASK = {  # by whether it is positioned, and labelled: most are neither, and read less
    (False, False): Action(TASK, target=ONE_TASK, **TASK_PARTS),
    (False, True): LABEL_TASK,
    (True, False): Action(TASK, target=ONE_TASK, **TASK_PARTS, **SPOTS),
    (True, True): Action(TASK, target=ONE_TASK, **TASK_PARTS, **LABEL_PARTS, **SPOTS),
}
ASSIGN_TASK = EDIT_TASK[False, False]

_NEAR = "(select to_jsonb(n) from tasks n where n.id = :near_id)"
_TARGET = """coalesce(:column_id::uuid,
    (select n.column_id from tasks n where n.id = :near_id), t.column_id)"""
MOVE_TASK = {
    way: Action(
        TASK,
        target=ONE_TASK,
        near=_NEAR,
        is_hidden=IS_HIDDEN,
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
    hanging=lambda: hanging("tasks", "select t.id"),
)


async def create_task(access: Access, body: TaskNew) -> Answer[TaskOut]:
    """Create a task at the bottom of a column; without a column, where nobody else sees it."""
    if body.column_id:
        return await _create_task(access.at(body.column_id), CREATE_TASK, body)
    at_home = replace(access, anchor=HOME)
    try:
        return await _create_task(at_home, CREATE_TASK_AT_HOME, body)
    except NotFound:
        async with rehearsing(access.conditions):
            for _ in range(TRIES):
                await make_sure_of_home_board(access)
                with suppress(NotFound):
                    return await _create_task(at_home, CREATE_TASK_AT_HOME, body)
        raise


async def _create_task(access: Access, what: Action, body: TaskNew) -> Answer[TaskOut]:
    values = {
        "assignee_ids": body.assignee_ids,
        "label_ids": body.label_ids,
        "status": body.status or Status.TODO,
    }
    return await act(
        access,
        what,
        lambda opened: deeds.create_task(opened, body),
        like=Like("create_task", body=body) if body.column_id else None,
        **values,
        tasks_max=access.limits.of(TASKS_MAX),
    )


async def update_task(access: Access, fields: dict[str, Any]) -> Answer[TaskOut]:
    """Change the task's fields; omitted ones stay.

    Another column moves it to the bottom there. A new status moves it to the column of that status
    if its own column represents another.
    """
    question = EDIT_TASK[is_placing(fields), fields.get("label_ids") is not None]
    wanted = {name: fields.get(name) or [] for name in ("assignee_ids", "label_ids")}
    values = {"column_id": None, "status": None, **fields, **wanted}
    like = Like("update_task", task_id=access.anchor_id, body=Fields(fields))
    return await act(
        access, question, lambda opened: deeds.update_task(opened, fields), like=like, **values
    )


async def move_task(access: Access, body: TaskMoveIn) -> Answer[TaskOut]:
    """Move the task on its board."""
    way, near_id = way_of(body)
    values: dict[str, Any] = {"near_id": near_id, "column_id": body.column_id, "assignee_ids": []}
    return await act(
        access,
        MOVE_TASK[way],
        lambda opened: deeds.move_task(opened, body),
        like=Like("move_task", task_id=access.anchor_id, body=body),
        **values,
    )


async def assign_task(access: Access, user_id: str) -> Answer[TaskOut]:
    """Assign one person to the task; repeating it has no effect."""
    return await act(
        access,
        ASSIGN_TASK,
        lambda opened: deeds.assign_task(opened, user_id),
        like=Like("assign_task", task_id=access.anchor_id, user_id=user_id),
        assignee_ids=[user_id],
    )


async def unassign_task(access: Access, user_id: str) -> Answer[None]:
    """Unassign one person from the task."""
    return await act(
        access,
        ASSIGN_TASK,
        lambda opened: deeds.unassign_task(opened, user_id),
        like=Like("unassign_task", task_id=access.anchor_id, user_id=user_id),
        assignee_ids=[user_id],
    )


async def label_task(access: Access, label_id: str) -> Answer[TaskOut]:
    """Add one label to the task; repeating it has no effect."""
    return await act(
        access,
        LABEL_TASK,
        lambda opened: deeds.label_task(opened, label_id),
        like=Like("label_task", task_id=access.anchor_id, label_id=label_id),
        assignee_ids=[],
        label_ids=[label_id],
    )


async def unlabel_task(access: Access, label_id: str) -> Answer[None]:
    """Remove one label from the task."""
    return await act(
        access,
        LABEL_TASK,
        lambda opened: deeds.unlabel_task(opened, label_id),
        like=Like("unlabel_task", task_id=access.anchor_id, label_id=label_id),
        assignee_ids=[],
        label_ids=[],
    )


async def delete_task(access: Access) -> Answer[None]:
    """Delete a task with its subtasks."""
    like = Like("delete_task", task_id=access.anchor_id)
    return await act(access, DELETE_TASK, deeds.delete_task, like=like)
