"""Which fields people are told of when they have changed, and what is said of each."""

from collections.abc import Callable, Mapping
from typing import Any

from doska.activity.facts import Column, Day, Fact, Moment, Term, Value

Row = Mapping[str, Any]
Tell = Callable[[Any, Any, int], Fact]  # from the values before and after, and the event's number


def changes_of(
    told: Mapping[str, Tell], before: Row, after: Row, seq: int, **names: Value
) -> tuple[Fact, ...]:
    """Say what has changed, in the order of the table; each fact also has the object's names."""
    changed = [name for name in told if before.get(name) != after.get(name)]
    found = [told[name](before.get(name), after.get(name), seq) for name in changed]
    return tuple(Fact(fact.key, {**names, **fact.values}) for fact in found)


def _replaced(key: str) -> Tell:
    return lambda before, after, _: Fact(key, {"before": before, "after": after})


def _changed(key: str) -> Tell:
    return lambda _before, _after, _seq: Fact(key)


def _either(is_set: str, is_cleared: str) -> Tell:
    """Say one thing when a field has a value now, and another when it has none."""
    return lambda _before, after, _: Fact(is_set, {"after": after}) if after else Fact(is_cleared)


def _terms(key: str, kind: str) -> Tell:
    return lambda before, after, _: Fact(
        key, {"before": Term(kind, before), "after": Term(kind, after)}
    )


Due = Moment | Day | None


def with_due(row: Row) -> Row:
    """Give a task with when it is due as one thing, whether a moment or a day."""
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


BOARD_DETAILS: dict[str, Tell] = {
    "title": _replaced("board_renamed"),
    "description": _changed("board_described"),
    "is_public": _either("board_public", "board_private"),
    "color": _either("board_colored", "board_color_cleared"),
    "archived_at": _either("board_archived", "board_restored"),
}
COLUMN_DETAILS: dict[str, Tell] = {
    "title": _replaced("column_renamed"),
    "status": _column_status,
    "task_limit": _limit,
    "limit_is_hard": _either("column_limit_hard", "column_limit_soft"),
    "color": _either("column_colored", "column_color_cleared"),
}
TASK_DETAILS: dict[str, Tell] = {
    "title": _replaced("task_renamed"),
    "column_id": _column,
    "status": _terms("task_status", "status"),
    "priority": _terms("task_priority", "priority"),
    "due": _due,
    "color": _either("task_colored", "task_color_cleared"),
    "description": _changed("task_described"),
    "archived_at": _either("task_archived", "task_restored"),
}
SUBTASK_DETAILS: dict[str, Tell] = {
    "title": _replaced("subtask_renamed"),
    "is_completed": _either("subtask_completed", "subtask_reopened"),
}
