"""How a task's status, completion and column stay in step."""

from typing import Any

from doska.boards.models import Status
from doska.boards.rows import ColumnRow
from doska.tasks.rows import TaskRow


def with_status(row: TaskRow, status: Status, at: str) -> dict[str, Any]:
    """Return what changes with a status: a task is completed when it becomes DONE."""
    done = status == Status.DONE
    return {"status": status, "completed_at": (row["completed_at"] or at) if done else None}


def entering(row: TaskRow, column: ColumnRow, at: str) -> dict[str, Any]:
    """Return what changes when a task enters a column."""
    status = with_status(row, column["status"], at) if column["status"] else {}
    return {"column_id": column["id"], **status}
