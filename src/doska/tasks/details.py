"""Which changed fields are shown to people, and how each is described."""

from doska.boards.facts import Column, Day, Fact, Moment, Term
from doska.boards.tells import Row, Told, changed, either, replaced, terms

Due = Moment | Day | None


def with_due(row: Row) -> Row:
    """Return a task with its due time or day as one value."""
    due: Due = Moment(row["due_at"]) if row.get("due_at") else None
    return {**row, "due": Day(row["due_on"]) if row.get("due_on") else due}


def _due(before: Due, after: Due, _: int) -> Fact:
    if after is None:
        return Fact("task_due_cleared")
    if before is None:
        return Fact("task_due_set", {"after": after})
    return Fact("task_due_changed", {"before": before, "after": after})


def _column(before: str, after: str, seq: int) -> Fact:
    return Fact("task_moved", {"before": Column(before, seq), "after": Column(after, seq)})


def _column_status(_before: str | None, after: str | None, _seq: int) -> Fact:
    if after is None:
        return Fact("column_status_cleared")
    return Fact("column_status", {"after": Term("status", after)})


def _limit(_before: int | None, after: int | None, _seq: int) -> Fact:
    return Fact("column_limited", {"count": after}) if after else Fact("column_unlimited")


COLUMN_DETAILS: dict[str, Told] = {
    "title": replaced("column_renamed"),
    "status": _column_status,
    "task_limit": _limit,
    "limit_is_hard": either("column_limit_hard", "column_limit_soft"),
    "color": either("column_colored", "column_color_cleared"),
    "archived_at": either("column_archived", "column_restored"),
}
TASK_DETAILS: dict[str, Told] = {
    "title": replaced("task_renamed"),
    "column_id": _column,
    "status": terms("task_status", "status"),
    "priority": terms("task_priority", "priority"),
    "due": _due,
    "color": either("task_colored", "task_color_cleared"),
    "description": changed("task_described"),
    "archived_at": either("task_archived", "task_restored"),
}
SUBTASK_DETAILS: dict[str, Told] = {
    "title": replaced("subtask_renamed"),
    "is_completed": either("subtask_completed", "subtask_reopened"),
}
LABEL_DETAILS: dict[str, Told] = {
    "title": lambda _before, after, _seq: (
        Fact("label_renamed", {"after": after}) if after else Fact("label_untitled")
    ),
    "color": lambda _before, after, _seq: Fact("label_colored", {"after": after}),
}
