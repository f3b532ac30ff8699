"""What each type of event says: from the rows before and after to facts."""

from collections.abc import Callable
from typing import Any, NotRequired, TypedDict

from doska.activity.details import (
    BOARD_DETAILS,
    COLUMN_DETAILS,
    SUBTASK_DETAILS,
    TASK_DETAILS,
    Row,
    changes_of,
    with_due,
)
from doska.activity.facts import (
    Column,
    Description,
    Fact,
    People,
    Someone,
    Term,
    fact,
    only,
)
from doska.boards.models import known_role


class Logged(TypedDict):
    """An event as ``queries`` reads it: its own rows, and of a large one no more than counts.

    ``rows`` have ``table``, ``before`` and ``after``; a description is there as its digest.
    """

    seq: int
    type: str
    actor_id: str | None
    rows: list[dict[str, Any]]
    user: dict[str, Any] | None
    people: list[dict[str, Any]] | None
    task_count: int
    to_column: str | None
    undone: dict[str, Any] | None
    undone_event: NotRequired["Logged | None"]


def describe(event: Logged) -> Description:
    """Say what has happened; of a type without words, that something has."""
    try:
        return DESCRIBED.get(event["type"], _something)(event)
    except (LookupError, StopIteration):  # a newer release beside this tells it by other rows
        return _something(event)


def _something(_: Logged) -> Description:
    return only("something_changed")


def _pair(event: Logged, table: str) -> tuple[Row, Row]:
    """Give a table's row before and after; the one that is not there is empty."""
    row = next((row for row in event["rows"] if row["table"] == table), None)
    return (row["before"] or {}, row["after"] or {}) if row else ({}, {})


def _title(event: Logged, table: str) -> str:
    before, after = _pair(event, table)
    return str((before or after).get("title", ""))


def _simply(key: str, table: str) -> Callable[[Logged], Description]:
    """Say one thing about a board or a column as a whole."""
    return lambda event: only(key, title=_title(event, table))


def _board_updated(event: Logged) -> Description:
    before, after = _pair(event, "boards")
    title = before["title"]
    found = changes_of(BOARD_DETAILS, before, after, event["seq"], title=title)
    return Description(found, fact("board_changed", title=title))


def _handed_over(event: Logged) -> Description:
    heir = next(r["after"] for r in event["rows"] if r["after"]["role"] == "CREATOR")
    return only("board_handed_over", person=Someone(heir["user_id"]))


def _person_added(event: Logged) -> Description:
    _, row = _pair(event, "board_users")
    role = Term("added_role", known_role(row["role"]))
    if row["user_id"] == event["actor_id"]:
        return only("person_joined", role=role)
    return only("person_added", person=Someone(row["user_id"]), role=role)


def _person_updated(event: Logged) -> Description:
    before, after = _pair(event, "board_users")
    return only(
        "person_role",
        person=Someone(after["user_id"]),
        before=Term("role", known_role(before["role"])),
        after=Term("role", known_role(after["role"])),
    )


def _person_removed(event: Logged) -> Description:
    row, _ = _pair(event, "board_users")
    count = event["task_count"]
    if row["user_id"] == event["actor_id"]:
        return only("person_left_with_tasks", count=count) if count else only("person_left")
    person, role = Someone(row["user_id"]), Term("role", known_role(row["role"]))
    if not count:
        return only("person_removed", person=person, role=role)
    return only("person_removed_with_tasks", person=person, role=role, count=count)


def _user_updated(event: Logged) -> Description:
    user = event["user"] or {}
    if user["id"] != event["actor_id"]:
        return only("profile_changed_by", person=Someone(user["id"]))
    return only("profile_changed")


def _user_deleted(event: Logged) -> Description:
    user = event["user"] or {}
    is_own = user["id"] == event["actor_id"]
    gone = fact("account_deleted" if is_own else "account_deleted_by")
    heirs = [person["user"]["id"] for person in event["people"] or []]
    return Description((gone, *(fact("board_inherited", person=Someone(heir)) for heir in heirs)))


def _column_updated(event: Logged) -> Description:
    before, after = _pair(event, "columns")
    title = before["title"]
    found = changes_of(COLUMN_DETAILS, before, after, event["seq"], title=title)
    return Description(found, fact("column_changed", title=title))


def _column_deleted(event: Logged) -> Description:
    title, count, to = _title(event, "columns"), event["task_count"], event["to_column"]
    if not count:
        return only("column_deleted", title=title)
    if to is None:
        return only("column_deleted_with_tasks", title=title, count=count)
    return only("column_emptied", title=title, count=count, column=Column(to, event["seq"]))


def _task_created(event: Logged) -> Description:
    _, row = _pair(event, "tasks")
    column = Column(row["column_id"], event["seq"])
    made = fact("task_created", title=row["title"], column=column)
    archived = (fact("task_archived", title=row["title"]),) if row["archived_at"] else ()
    return Description((made, *_assignees(event), *archived))


def _task_updated(event: Logged) -> Description:
    before, after = map(with_due, _pair(event, "tasks"))
    title = before["title"]
    found = changes_of(TASK_DETAILS, before, after, event["seq"], title=title)
    return Description((*found, *_assignees(event)), fact("task_changed", title=title))


def _task_moved(event: Logged) -> Description:
    """Tell columns only: a task's status follows its column."""
    before, after = _pair(event, "tasks")
    if before["column_id"] == after["column_id"]:
        column = Column(after["column_id"], event["seq"])
        return only("task_moved_within", title=after["title"], column=column)
    details = {"column_id": TASK_DETAILS["column_id"]}
    return Description(changes_of(details, before, after, event["seq"], title=after["title"]))


def _task_assignees(event: Logged) -> Description:
    title = _title(event, "tasks")
    return Description(_assignees(event), fact("task_changed", title=title))


def _assignees(event: Logged) -> tuple[Fact, ...]:
    """Tell who was put on the task, and who was taken off it."""
    title = _pair(event, "tasks")[1]["title"]
    rows = [row for row in event["rows"] if row["table"] == "task_assignees"]
    added = tuple(row["after"]["user_id"] for row in rows if row["after"])
    gone = tuple(row["before"]["user_id"] for row in rows if row["before"])
    return tuple(
        fact(key, title=title, people=People(ids))
        for key, ids in (("task_assigned", added), ("task_unassigned", gone))
        if ids
    )


def _subtask(key: str) -> Callable[[Logged], Description]:
    return lambda event: only(key, title=_title(event, "subtasks"), task=_title(event, "tasks"))


def _subtask_updated(event: Logged) -> Description:
    before, after = _pair(event, "subtasks")
    names = {"title": before["title"], "task": _title(event, "tasks")}
    found = changes_of(SUBTASK_DETAILS, before, after, event["seq"], **names)
    return Description(found, fact("subtask_changed", **names))


def _undone(event: Logged) -> Description:
    """Tell what was taken back, in the words that told of it; of a batch, its first change."""
    undone, told = event["undone"] or {}, event.get("undone_event")
    if undone.get("type") == "change.undone":
        return only("undo_undone")
    if told is None:
        return only("undone_unknown")
    action = describe(told)
    if undone["count"] > 1:
        return only("batch_undone", action=action, count=undone["count"])
    if told["actor_id"] == event["actor_id"]:
        return only("own_undone", action=action)
    return only("others_undone", action=action, person=Someone(told["actor_id"] or ""))


DESCRIBED: dict[str, Callable[[Logged], Description]] = {
    "board.created": _simply("board_created", "boards"),
    "board.updated": _board_updated,
    "board.handed_over": _handed_over,
    "person.added": _person_added,
    "person.updated": _person_updated,
    "person.removed": _person_removed,
    "column.created": _simply("column_created", "columns"),
    "column.updated": _column_updated,
    "column.moved": _simply("column_moved", "columns"),
    "column.deleted": _column_deleted,
    "task.created": _task_created,
    "task.updated": _task_updated,
    "task.moved": _task_moved,
    "task.assigned": _task_assignees,
    "task.unassigned": _task_assignees,
    "task.deleted": _simply("task_deleted", "tasks"),
    "subtask.created": _subtask("subtask_created"),
    "subtask.updated": _subtask_updated,
    "subtask.moved": _subtask("subtask_moved"),
    "subtask.deleted": _subtask("subtask_deleted"),
    "user.updated": _user_updated,
    "user.deleted": _user_deleted,
    "change.undone": _undone,
}
