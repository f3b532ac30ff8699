"""What events of columns, tasks and subtasks say: from the rows before and after to facts."""

from doska.boards.facts import Column, Description, Fact, Labels, People, fact, only
from doska.boards.happenings import Logged, Tell
from doska.boards.tells import changes_of, pair, title_of
from doska.tasks.details import (
    COLUMN_DETAILS,
    LABEL_DETAILS,
    SUBTASK_DETAILS,
    TASK_DETAILS,
    with_due,
)


def column_created(event: Logged) -> Description:
    """Describe a new column, and whether it is archived."""
    _, row = pair(event, "columns")
    made = fact("column_created", title=row["title"])
    is_archived = row.get("archived_at")  # which an earlier release has not logged
    return Description(
        (made, *([fact("column_archived", title=row["title"])] if is_archived else []))
    )


def column_updated(event: Logged) -> Description:
    """Describe what has changed of a column."""
    before, after = pair(event, "columns")
    title = before["title"]
    found = changes_of(COLUMN_DETAILS, before, after, event["seq"], title=title)
    return Description(found, fact("column_changed", title=title))


def column_deleted(event: Logged) -> Description:
    """Describe that a column was deleted, and what happened to its tasks."""
    title, count, to = title_of(event, "columns"), event["task_count"], event["to_column"]
    if not count:
        return only("column_deleted", title=title)
    if to is None:
        return only("column_deleted_with_tasks", title=title, count=count)
    return only("column_emptied", title=title, count=count, column=Column(to, event["seq"]))


def task_created(event: Logged) -> Description:
    """Describe a new task, its assignees, and whether it is archived."""
    _, row = pair(event, "tasks")
    column = Column(row["column_id"], event["seq"])
    made = fact("task_created", title=row["title"], column=column)
    archived = (fact("task_archived", title=row["title"]),) if row["archived_at"] else ()
    return Description((made, *_assignees(event), *_labels(event), *archived))


def task_updated(event: Logged) -> Description:
    """Describe what has changed of a task."""
    before, after = map(with_due, pair(event, "tasks"))
    title = before["title"]
    found = changes_of(TASK_DETAILS, before, after, event["seq"], title=title)
    links = (*_assignees(event), *_labels(event))
    return Description((*found, *links), fact("task_changed", title=title))


def task_moved(event: Logged) -> Description:
    """Describe only columns: a task's status follows its column."""
    before, after = pair(event, "tasks")
    if before["column_id"] == after["column_id"]:
        column = Column(after["column_id"], event["seq"])
        return only("task_moved_within", title=after["title"], column=column)
    details = {"column_id": TASK_DETAILS["column_id"]}
    return Description(changes_of(details, before, after, event["seq"], title=after["title"]))


def task_assignees(event: Logged) -> Description:
    """Describe who was assigned to a task, or unassigned."""
    title = title_of(event, "tasks")
    return Description(_assignees(event), fact("task_changed", title=title))


def task_labels(event: Logged) -> Description:
    """Describe which labels were added to a task, or removed."""
    return Description(_labels(event), fact("task_changed", title=title_of(event, "tasks")))


def _labels(event: Logged) -> tuple[Fact, ...]:
    """Describe which labels were added to the task, and which were removed from it."""
    title = pair(event, "tasks")[1]["title"]
    rows = [row for row in event["rows"] if row["table"] == "task_labels"]
    added = tuple(row["after"]["label_id"] for row in rows if row["after"])
    gone = tuple(row["before"]["label_id"] for row in rows if row["before"])
    return tuple(
        fact(key, title=title, labels=Labels(ids, event["seq"]))
        for key, ids in (("task_labelled", added), ("task_unlabelled", gone))
        if ids
    )


def of_label(key: str) -> Tell:
    """Describe a label as a whole; without a title it is named by its color."""

    def tell(event: Logged) -> Description:
        before, after = pair(event, "labels")
        row = before or after
        return only(key, title=row["title"] or row["color"])

    return tell


def label_updated(event: Logged) -> Description:
    """Describe what has changed of a label."""
    before, after = pair(event, "labels")
    title = before["title"] or before["color"]
    found = changes_of(LABEL_DETAILS, before, after, event["seq"], title=title)
    return Description(found, fact("label_changed", title=title))


def _assignees(event: Logged) -> tuple[Fact, ...]:
    """Describe who was assigned to the task, and who was unassigned."""
    title = pair(event, "tasks")[1]["title"]
    rows = [row for row in event["rows"] if row["table"] == "task_assignees"]
    added = tuple(row["after"]["user_id"] for row in rows if row["after"])
    gone = tuple(row["before"]["user_id"] for row in rows if row["before"])
    return tuple(
        fact(key, title=title, people=People(ids))
        for key, ids in (("task_assigned", added), ("task_unassigned", gone))
        if ids
    )


def subtask_updated(event: Logged) -> Description:
    """Describe what has changed of a subtask."""
    before, after = pair(event, "subtasks")
    names = {"title": before["title"], "task": title_of(event, "tasks")}
    found = changes_of(SUBTASK_DETAILS, before, after, event["seq"], **names)
    return Description(found, fact("subtask_changed", **names))
