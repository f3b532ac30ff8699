"""What events say about tasks, so that clients that keep a board by events keep it exactly.

Including clients that keep only the first cards of each column, and count the others: whatever
leaves a column's cards says which column that was.
"""

from typing import Any

from doska.boards.schemas import differences
from doska.tasks.cards import marked
from doska.tasks.rows import TaskRow

View = dict[str, Any]


def news(before: TaskRow, after: TaskRow, old: View, view: View) -> View:
    """Return what has changed of a task, by rows and views; all of it if it leaves the archive."""
    if before["rank"] is None and after["rank"] is not None:
        return marked(view)
    return {**marked(differences(old, view)), **_left(before, after)}


def moved(before: TaskRow, after: TaskRow) -> View:
    """Return what has changed of a task's row."""
    return {**differences(dict(before), dict(after)), **_left(before, after)}


def gone(row: TaskRow) -> View:
    """Name a deleted task, and where it was."""
    return {"id": row["id"], "column_id": row["column_id"], **_left(row, None)}


def _left(before: TaskRow, after: TaskRow | None) -> View:
    """Name the column that a task has left; an archived one was in none."""
    column = before["column_id"]
    stays = after is not None and after["rank"] is not None and after["column_id"] == column
    return {} if before["rank"] is None or stays else {"from_column_id": column}
