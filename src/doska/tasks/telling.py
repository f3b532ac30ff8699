"""What events say about tasks, so that clients that keep a board by events keep it exactly.

Including clients that keep only the first cards of each column, and count the others: whatever
leaves a column's cards says which column that was.
"""

from typing import Any

from doska.boards.rows import ColumnRow
from doska.boards.schemas import differences
from doska.tasks.cards import marked
from doska.tasks.rows import TaskRow
from doska.tasks.schemas import shown_column

View = dict[str, Any]


def news(
    before: TaskRow, after: TaskRow, old: View, view: View, *, is_hidden: bool = False
) -> View:
    """Return what has changed of a task, by rows and views; all of it if it leaves the archive.

    ``is_hidden``: its column before was archived.
    """
    is_out = is_hidden and after["column_id"] != before["column_id"]
    if after["rank"] is not None and (before["rank"] is None or is_out):
        return marked(view)
    return {**marked(differences(old, view)), **_left(before, after)}


def news_of_column(before: ColumnRow, after: ColumnRow) -> View:
    """Return what has changed of a column; all of it if it leaves the archive, which is marked.

    Its tasks are not told: there can be thousands. Clients read the board again.
    """
    view = shown_column(after)
    if before["rank"] is None and after["rank"] is not None:
        return {**view, "from_archive": True}
    return differences(shown_column(before), view)


def gone_column(row: ColumnRow) -> View:
    """Name a deleted column; if it was archived, tasks may have left it, and are not told whole."""
    return {"id": row["id"], **({"from_archive": True} if row["rank"] is None else {})}


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
