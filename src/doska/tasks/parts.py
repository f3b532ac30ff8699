"""What each operation needs to know, from memory: what its endpoint's action reads with SQL."""

from bisect import bisect_left, bisect_right
from typing import Any

from doska.boards.access import Parts
from doska.boards.world import Ladder, World
from doska.tasks.places import Spot, way_of

_LAST_ID = "~"  # above every id


def of_new_column(world: World, operation: Any) -> Parts:
    """Return where the columns end, and how many there are."""
    del operation
    return {"last": _last(world.column_ladder), "count": len(world.whole("columns"))}


def of_column(world: World, operation: Any) -> Parts:
    """Return the column."""
    return {"column": world.need("columns", operation.column_id)}


def of_updating_column(world: World, operation: Any) -> Parts:
    """Return the column, and where the columns end."""
    return {**of_column(world, operation), "last": _last(world.column_ladder)}


def of_moving_column(world: World, operation: Any) -> Parts:
    """Return the column, and its neighbours at the new position."""
    parts, (way, near_id) = of_column(world, operation), way_of(operation.body)
    near = world.find("columns", near_id)
    return {**parts, "near": near, **around(world.column_ladder, operation.column_id, way, near)}


def of_deleting_column(world: World, operation: Any) -> Parts:
    """Return the column with everything in it, and the position for its tasks, if they stay."""
    parts, column_id = of_column(world, operation), operation.column_id
    tasks = sorted(world.of("tasks", column_id), key=_by_rank)
    return {
        **parts,
        "tasks": tasks,
        "count": world.count(column_id),
        "text": world.texts.get(column_id, 0),
        "hanging": world.hanging("tasks", tasks),
        "spot": _spot(world, operation.to),
    }


def of_new_task(world: World, operation: Any) -> Parts:
    """Return the bottom of the column; and who creates it, as the caller is seen."""
    column = world.need("columns", operation.body.column_id)
    beside = {"people": world.people, "author": world.caller, "labels": _label_ids(world)}
    return {"spot": _spot(world, column["id"]), **beside, "count": world.total}


def of_task(world: World, operation: Any) -> Parts:
    """Return the task and the people and counts that it is shown with."""
    row = world.need("tasks", operation.task_id)
    return {
        "task": row,
        "author": world.authors.get(row["author_id"]),
        "beside": world.beside("tasks", row["id"]),
        "assignments": world.of("task_assignees", row["id"]),
        "people": world.people,
        "labellings": world.of("task_labels", row["id"]),
        "labels": _label_ids(world),
    }


def of_placing_task(world: World, operation: Any) -> Parts:
    """Return the task, and the bottoms of the columns that it may move to."""
    parts, fields = of_task(world, operation), operation.body
    status = fields.status or ""  # which no column has
    of_status = (row["id"] for row in world.columns if row["status"] == status)
    return {
        **parts,
        "is_hidden": _is_hidden(world, parts["task"]),
        "own_spot": _spot(world, parts["task"]["column_id"]),
        "spot": _spot(world, fields.column_id),
        "status_spot": _spot(world, next(of_status, None)),
    }


def of_moving_task(world: World, operation: Any) -> Parts:
    """Return the task, its future neighbour, and the neighbours at the new position."""
    parts, (way, near_id) = of_task(world, operation), way_of(operation.body)
    near = world.find("tasks", near_id)
    column_id = operation.body.column_id or (near or parts["task"])["column_id"]
    ladder = world.ladder("tasks", column_id) if near_id else world.ended(column_id)
    beside = around(ladder, operation.task_id, way, near)
    is_hidden = _is_hidden(world, parts["task"])
    spot = _spot(world, column_id, is_bottom=not near_id)
    return {**parts, "near": near, "is_hidden": is_hidden, "spot": spot, **beside}


def of_deleting_task(world: World, operation: Any) -> Parts:
    """Return the task with everything that is deleted with it."""
    row = world.need("tasks", operation.task_id)
    return {"task": row, "hanging": world.hanging("tasks", [row])}


def of_new_subtask(world: World, operation: Any) -> Parts:
    """Return the task, and where its subtasks end."""
    task = world.need("tasks", operation.body.task_id)
    last = _last(world.ladder("subtasks", task["id"]))
    return {"task": task, "count": _subtask_count(world, task["id"]), "last": last}


def of_subtask(world: World, operation: Any) -> Parts:
    """Return the subtask and its task."""
    row = world.need("subtasks", operation.subtask_id)
    task = world.need("tasks", row["task_id"])
    return {"subtask": row, "task": task, "count": _subtask_count(world, task["id"])}


def of_moving_subtask(world: World, operation: Any) -> Parts:
    """Return the subtask, its future neighbour, and the neighbours at the new position."""
    parts, (way, near_id) = of_subtask(world, operation), way_of(operation.body)
    near = world.find("subtasks", near_id)
    ladder = world.ladder("subtasks", parts["task"]["id"])
    return {**parts, "near": near, **around(ladder, operation.subtask_id, way, near)}


def _label_ids(world: World) -> list[str]:
    return [label["id"] for label in world.whole("labels")]


def _is_hidden(world: World, task: Any) -> bool:
    return world.need("columns", task["column_id"])["archived_at"] is not None


def _by_rank(row: Any) -> tuple[bool, str, str]:
    return row["rank"] is None, row["rank"] or "", row["id"]


def _last(ladder: Ladder) -> str | None:
    return ladder[-1][0] if ladder else None


def _spot(world: World, column_id: str | None, *, is_bottom: bool = True) -> Spot | None:
    column = world.find("columns", column_id)
    if column is None:
        return None
    is_limited = column["limit_is_hard"] and column["task_limit"] is not None
    count = world.standing(column["id"]) if is_limited else None
    last = _last(world.ended(column["id"])) if is_bottom else None
    return {"column": column, "last": last, "count": count}


def _subtask_count(world: World, task_id: str) -> dict[str, int]:
    return world.beside("tasks", task_id)["subtasks"]  # type: ignore[no-any-return]


def around(ladder: Ladder, own_id: str, way: str, near: Any) -> dict[str, str | None]:
    """Return the ranks below and above a position, without the row that moves there."""
    rank = near["rank"] if near else None
    if way == "top":
        return {"low": None, "high": _other(ladder, 0, 1, own_id)}
    if way == "bottom":
        return {"low": _other(ladder, len(ladder) - 1, -1, own_id), "high": None}
    if rank is None:
        return {"low": None, "high": None}  # it has no position, for which it is refused
    if way == "before":
        below = bisect_left(ladder, (rank, "")) - 1
        return {"low": _other(ladder, below, -1, own_id), "high": rank}
    above = bisect_right(ladder, (rank, _LAST_ID))
    return {"low": rank, "high": _other(ladder, above, 1, own_id)}


def _other(ladder: Ladder, index: int, step: int, own_id: str) -> str | None:
    """Return the rank at that place; the next one, if it is the row's own."""
    if 0 <= index < len(ladder) and ladder[index][1] == own_id:
        index += step
    return ladder[index][0] if 0 <= index < len(ladder) else None
