"""What people do with subtasks: every write counts as a change of their task, too."""

from typing import Any

from doska.boards.access import Access
from doska.boards.acting import act
from doska.boards.log import Change
from doska.boards.opening import Action
from doska.boards.operations import Like
from doska.boards.schemas import differences
from doska.errors import NotFound
from doska.http.answers import Answer
from doska.ordering import between
from doska.schemas import new_id
from doska.tasks.access import SUBTASK, TASK
from doska.tasks.declared import SUBTASKS_MAX
from doska.tasks.moves import MoveIn
from doska.tasks.pieces import SUBTASKS
from doska.tasks.places import choose_rank, dealt_anew, neighbours, way_of
from doska.tasks.queries import ONE_SUBTASK
from doska.tasks.rows import SubtaskRow, TaskRow
from doska.tasks.schemas import SubtaskNew, SubtaskOut, shown_subtask

PARTS = {"subtask": "to_jsonb(i)", "task": "to_jsonb(t)", "count": SUBTASKS.of_row("t.id")}

CREATE_SUBTASK = Action(
    TASK,
    task=PARTS["task"],
    count=PARTS["count"],
    last="(select to_jsonb(max(x.rank)) from subtasks x where x.task_id = t.id)",
)
EDIT_SUBTASK = Action(SUBTASK, target=ONE_SUBTASK, **PARTS)
MOVE_SUBTASK = {
    way: Action(
        SUBTASK,
        target=ONE_SUBTASK,
        near="(select to_jsonb(n) from subtasks n where n.id = :near_id)",
        **PARTS,
        **parts,
    )
    for way, parts in neighbours("subtasks", "t.id", "i.id").items()
}


async def create_subtask(access: Access, body: SubtaskNew) -> Answer[SubtaskOut]:
    """Create a subtask at the bottom of its task."""
    like = Like("create_subtask", body=body)
    return await act(
        access.at(body.task_id), CREATE_SUBTASK, lambda opened: do_create(opened, body), like=like
    )


async def update_subtask(access: Access, fields: dict[str, Any]) -> Answer[SubtaskOut]:
    """Change the subtask's fields; omitted ones stay."""
    like = Like("update_subtask", subtask_id=access.anchor_id)
    return await act(access, EDIT_SUBTASK, lambda opened: do_update(opened, fields), like=like)


async def move_subtask(access: Access, body: MoveIn) -> Answer[SubtaskOut]:
    """Move the subtask in its task."""
    way, near_id = way_of(body)
    like = Like("move_subtask", subtask_id=access.anchor_id, body=body)
    return await act(
        access, MOVE_SUBTASK[way], lambda opened: do_move(opened, body), like=like, near_id=near_id
    )


async def delete_subtask(access: Access) -> Answer[None]:
    """Delete a subtask."""
    like = Like("delete_subtask", subtask_id=access.anchor_id)
    return await act(access, EDIT_SUBTASK, do_delete, like=like)


# What happens to a subtask, once its board is open: for one request or a batch of many.


async def do_create(opened: Change, body: SubtaskNew) -> Answer[SubtaskOut]:
    """Create a subtask at the bottom of the task."""
    opened.limits.check(SUBTASKS_MAX, opened.parts["count"]["total"] + 1)
    fields = body.model_dump(exclude={"id"})
    rank = between(opened.parts["last"], None)
    own = {"id": body.id or new_id(), "board_id": opened.board["id"], "rank": rank, "version": 1}
    row: SubtaskRow = {**fields, **own}  # type: ignore[typeddict-item]
    opened.insert("subtasks", row)
    view = shown_subtask(row)
    _record(opened, "subtask.created", view, total=1, completed=int(row["is_completed"]))
    return opened.show_new(view, row["id"])


async def do_update(opened: Change, fields: dict[str, Any]) -> Answer[SubtaskOut]:
    """Change the subtask's fields."""
    return _saved(opened, "subtask.updated", fields)


async def do_move(opened: Change, body: MoveIn) -> Answer[SubtaskOut]:
    """Move the subtask in its task."""
    _, near_id = way_of(body)
    row: SubtaskRow = opened.parts["subtask"]
    near: SubtaskRow | None = opened.parts["near"]
    if near_id and near is None:
        raise NotFound
    if near and near["task_id"] != row["task_id"]:
        raise NotFound
    if near_id == row["id"]:
        return opened.show(shown_subtask(row))
    rank = await choose_rank(opened, "subtasks", row["task_id"], row)
    return _saved(opened, "subtask.moved", {"rank": rank})


async def do_delete(opened: Change) -> Answer[None]:
    """Delete the subtask."""
    row: SubtaskRow = opened.parts["subtask"]
    opened.delete("subtasks", row)
    view = {"id": row["id"]}
    _record(opened, "subtask.deleted", view, total=-1, completed=-int(row["is_completed"]))
    return opened.nothing()


def _saved(opened: Change, kind: str, fields: dict[str, Any]) -> Answer[SubtaskOut]:
    before: SubtaskRow = opened.parts["subtask"]
    after: SubtaskRow = opened.update("subtasks", before, **fields)
    if after is before and opened.rows:  # the others only have new keys
        after = opened.touch("subtasks", before)
    if after is not before:
        completed = int(after["is_completed"]) - int(before["is_completed"])
        _record(opened, kind, differences(dict(before), dict(after)), completed=completed)
    return opened.show(shown_subtask(after))


def _record(
    opened: Change, kind: str, subtask: dict[str, Any], *, total: int = 0, completed: int = 0
) -> None:
    task: TaskRow = opened.touch("tasks", opened.parts["task"])
    count = opened.parts["count"]
    view = {
        "id": task["id"],
        "version": task["version"],
        "updated_at": task["updated_at"],
        "subtasks": {
            "total": count["total"] + total,
            "completed": count["completed"] + completed,
        },
    }
    others = dealt_anew(opened, "subtasks", subtask["id"])
    opened.record(kind, {"subtask": subtask, "task": view, **others}, task_id=task["id"])
