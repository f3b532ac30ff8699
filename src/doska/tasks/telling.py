"""What events tell of tasks, so that whoever keeps a board by them keeps it exactly.

Also who keeps no more than the first cards of each column, and of the others how many there are:
whatever leaves a column's cards says which column that was.
"""

from typing import Any

from doska.boards.schemas import differences
from doska.tasks.cards import marked
from doska.tasks.rows import TaskRow

View = dict[str, Any]


def news(before: TaskRow, after: TaskRow, old: View, view: View) -> View:
    """Tell what is new of a task by its rows and views; all of it when the archive gives it back."""
    if before["rank"] is None and after["rank"] is not None:
        return marked(view)
    return {**marked(differences(old, view)), **_left(before, after)}


def moved(before: TaskRow, after: TaskRow) -> View:
    """Tell of a task what is new of its row."""
    return {**differences(dict(before), dict(after)), **_left(before, after)}


def gone(row: TaskRow) -> View:
    """Name a task that is deleted, and where it was."""
    return {"id": row["id"], "column_id": row["column_id"], **_left(row, None)}


def _left(before: TaskRow, after: TaskRow | None) -> View:
    """Name the column in which a task stood and stands no more; archived, it stood in none."""
    column = before["column_id"]
    stays = after is not None and after["rank"] is not None and after["column_id"] == column
    return {} if before["rank"] is None or stays else {"from_column_id": column}
