"""Where a change of a task moves it: to which column, and what the task gets there."""

from typing import Any

from doska.boards.log import Change
from doska.boards.models import Status
from doska.errors import Conflict, NotFound
from doska.tasks.places import NeighbourElsewhere, Spot, bottom, check_open
from doska.tasks.rows import TaskRow
from doska.tasks.state import entering, with_status


class TaskArchived(Conflict):
    """The task is archived: restore it first."""


def placed(opened: Change, row: TaskRow, fields: dict[str, Any]) -> dict[str, Any]:
    """Compute column, rank, status and archive of a changed task."""
    place = _target(opened, row, fields)
    column = place["column"]
    is_elsewhere = column["id"] != row["column_id"]
    values = entering(row, column, opened.at) if is_elsewhere else {}
    if "status" in fields:
        status = fields["status"] or column["status"] or Status.TODO
        values |= with_status(row, status, opened.at)
    was_archived = row["archived_at"] is not None
    is_archived = fields.get("is_archived", was_archived)
    if is_elsewhere or (was_archived and not is_archived):
        check_open(column)
    if is_archived:
        return {**values, "rank": None, "archived_at": row["archived_at"] or opened.at}
    if is_elsewhere or was_archived:
        values["rank"] = bottom(place)
    return {**values, "archived_at": None}


def _target(opened: Change, row: TaskRow, fields: dict[str, Any]) -> Spot:
    """Choose the column: the named one, or that of a new status, or the task's own."""
    own: Spot = opened.parts["own_spot"]
    if fields.get("column_id"):
        named: Spot | None = opened.parts["spot"]
        if named is None:
            raise NotFound
        return named
    stands_for = own["column"]["status"]
    status = fields.get("status")
    if status and status != row["status"] and stands_for not in (None, status):
        return opened.parts["status_spot"] or own
    return own


def target_of_move(opened: Change, row: TaskRow, near_id: str | None) -> Any:
    """Choose the column that a task moves to: the named one, the neighbour's, or its own."""
    place, near = opened.parts["spot"], opened.parts["near"]
    if place is None or (near_id and (near is None or near["board_id"] != opened.board["id"])):
        raise NotFound
    if row["rank"] is None:
        raise TaskArchived
    check_open(place["column"])
    if near_id and (near["rank"] is None or near["column_id"] != place["column"]["id"]):
        raise NeighbourElsewhere(column_id=near["column_id"])
    return place["column"]
