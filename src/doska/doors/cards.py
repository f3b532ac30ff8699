"""Planning tasks: new ones, those that have changed in the source, and where they stand."""

from collections import defaultdict
from typing import Any

from doska.doors.desk import Desk, day_of, time_of
from doska.doors.model import PRIORITIES, Task
from doska.doors.parts import plan_parts
from doska.doors.ranking import Places
from doska.doors.shown import Whole
from doska.doors.state import Ref, Row
from doska.schemas import new_id
from doska.texts import TASK_TITLE_CHARS_MAX, TEXT_CHARS_MAX

LINKS_MAX = 50  # people of a task, and labels
NUMBER_MAX = 10**9  # room for those that come after them


class Cards:
    """The tasks of one board."""

    def __init__(self, desk: Desk, labels: dict[str, str], columns: dict[str, Row]) -> None:
        self._desk, self._labels, self._columns = desk, labels, columns
        self._homeless = columns.get("") or next(iter(columns.values()), None)
        self._members = {row["user_id"] for row in desk.state.rows["board_users"].values()}
        self._linked = {
            table: _by_task(desk.state.rows[table], name)
            for table, name in (("task_labels", "label_id"), ("task_assignees", "user_id"))
        }
        self._placed = Places(desk)
        self._numbers = _numbers(desk)
        self.task_number = max([desk.state.task_number, *self._numbers.values()])

    def plan(self) -> None:
        """Plan all of them, in their order."""
        rows: list[Any] = [(task, *self._row(task)) for task in self._desk.board.tasks]
        rows = [found for found in rows if found[1] is not None]
        self._placed.deal(rows)
        for task, row, is_new, extra, whole in rows:
            self._finish(task, row, is_new=is_new, extra=extra, whole=whole)

    def _finish(self, task: Task, row: Row, *, is_new: bool, extra: Any, whole: Whole) -> None:
        desk, changed = self._desk, row.pop("_changed", {})
        fields, links = row.pop("_fields", {}), row.pop("_links", {})
        n, before = row.pop("_n", None), row.pop("_before", None)
        is_kept = row.pop("_is_kept", False)
        if is_new:
            desk.create("task", task.id, row, fields, n=n, list=task.column or "")
        elif {k: v for k, v in row.items() if before.get(k) != v} or changed:
            row = desk.update("tasks", before, **row)
            if not changed:  # it has only moved among the others of its list
                desk.moved("tasks", row, "updated")
        elif is_kept:
            desk.moved("tasks", row, "kept_yours")
        for table, name in (("task_labels", "label_id"), ("task_assignees", "user_id")):
            if table in links:
                have = self._linked[table].get(row["id"], {})
                own = {"board_id": desk.state.board_id, "task_id": row["id"]}
                desk.link(table, links[table], have, name, own)
        plan_parts(desk, task, row["id"], extra)
        desk.put_aside(row["id"], extra, whole)

    def _row(self, task: Task) -> tuple[Row | None, bool, dict[str, Any], Whole]:
        """Give a task's row as it is to be, but for its place; None: it was deleted here."""
        desk, whole = self._desk, Whole()
        ref, before = desk.known("task", task.id)
        extra = desk.sourced(task.extra)
        if ref is not None and before is None:
            return None, False, extra, whole
        column = self._columns.get(task.column or "") or self._homeless
        if column is None:  # "(no list)" was deleted here as well
            desk.noticed.add("dangling-reference", "tasks.column")
            return None, False, extra, whole
        fields = self._fields(task, column, extra, whole)
        if task.column is not None and task.column not in self._columns:
            desk.noticed.add("dangling-reference", "tasks.column")
        if before is None or ref is None:
            return self._new(task, column, fields), True, extra, whole
        return self._again(task, ref, before, fields), False, extra, whole

    def _fields(
        self, task: Task, column: Row, extra: dict[str, Any], whole: Whole
    ) -> dict[str, Any]:
        status = task.status or column["status"] or "TODO"
        return {
            "title": whole.title(task.title, TASK_TITLE_CHARS_MAX),
            "description": whole.text(task.description, TEXT_CHARS_MAX, name="description"),
            "status": status,
            "priority": task.priority if task.priority in PRIORITIES else "MEDIUM",
            "due": [time_of(task.due_at), day_of(task.due_on)],
            "is_archived": task.is_archived,
            "column_id": column["id"],
            "labels": sorted(self._labels_of(task, extra)),
            "assignees": sorted(self._assignees_of(task, extra)),
        }

    def _labels_of(self, task: Task, extra: dict[str, Any]) -> set[str]:
        known = [label for label in task.labels if label in self._labels]
        ids = list(dict.fromkeys(self._labels[label] for label in known))
        if len(ids) > LINKS_MAX:
            extra["labels"] = known
            self._desk.aside["tasks.labels"] += len(ids) - LINKS_MAX
        return set(ids[:LINKS_MAX])

    def _assignees_of(self, task: Task, extra: dict[str, Any]) -> set[str]:
        """Give those who have a place on the board; the others stay names."""
        found: list[str | None] = []
        others: list[str] = []
        for person in task.assignees:
            user = self._desk.user_of(person)
            if user in self._members and len(found) < LINKS_MAX:
                found.append(user)
            else:
                others.append(person)
        if others:
            extra["assignees"] = others
            self._desk.aside["tasks.assignees"] += len(others)
        if task.author:
            extra["author"] = task.author
        if task.fields:
            extra["fields"] = {field.name: field.value for field in task.fields}
        return {user for user in found if user}

    def _new(self, task: Task, column: Row, fields: dict[str, Any]) -> Row:
        desk = self._desk
        at, due = desk.wish.at, fields["due"]
        created = time_of(task.created_at) or at
        updated = max(time_of(task.updated_at) or created, created)
        row: Row = {
            "id": new_id(), "board_id": desk.state.board_id, "column_id": column["id"],
            "number": self._numbers[task.id], "title": fields["title"],
            "description": fields["description"], "rank": None, "due_at": due[0], "due_on": due[1],
            "priority": fields["priority"], "status": fields["status"], "color": None,
            "author_id": desk.wish.me, "version": 1, "created_at": created, "updated_at": updated,
            "completed_at": self._completed(task, fields["status"]),
            "archived_at": updated if task.is_archived else None,
        }  # fmt: skip
        links = {"task_labels": set(fields["labels"]), "task_assignees": set(fields["assignees"])}
        return {**row, "_fields": fields, "_links": links}

    def _completed(self, task: Task, status: str) -> str | None:
        if status != "DONE":
            return None
        if found := time_of(task.completed_at or task.updated_at):
            return found
        self._desk.noticed.add("completed-date-unknown", "")
        return self._desk.wish.at

    def _again(self, task: Task, ref: Ref, before: Row, fields: dict[str, Any]) -> Row:
        """Give the row with what has changed in the source."""
        desk, links = self._desk, {}
        here = {
            **before,
            "due": [before["due_at"], before["due_on"]],
            "is_archived": before["archived_at"] is not None,
            "labels": sorted(self._linked["task_labels"].get(before["id"], {})),
            "assignees": sorted(self._linked["task_assignees"].get(before["id"], {})),
        }
        n = self._placed.place_of(task)
        changed = desk.compare(ref, fields, here, n=n, list=task.column or "")
        row, noted = dict(before), dict(changed)
        for name, table in (("labels", "task_labels"), ("assignees", "task_assignees")):
            if name in changed:
                links[table] = set(changed.pop(name))
        if "due" in changed:
            row["due_at"], row["due_on"] = changed.pop("due")
        if "is_archived" in changed:
            row["archived_at"] = desk.wish.at if changed.pop("is_archived") else None
        if "status" in changed:
            row["completed_at"] = self._completed(task, changed["status"])
        row |= changed
        if row["archived_at"]:
            row["rank"] = None
        own = {"_changed": noted, "_before": before, "_links": links}
        return {**row, **own, "_is_ours": row["column_id"] != fields["column_id"]}


def _by_task(rows: dict[str, Row], name: str) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows.values():
        found[row["task_id"]][row[name]] = row
    return found


def _numbers(desk: Desk) -> dict[str, int]:
    """Deal numbers to new tasks: the source's, if they fit a new board, else by creation."""
    new = [task for task in desk.board.tasks if ("task", task.id) not in desk.state.refs]
    given = [task.number for task in new]
    fits = all(n is not None and 0 < n <= NUMBER_MAX for n in given)
    if desk.state.is_new and fits and len(set(given)) == len(given):
        return {task.id: task.number for task in new if task.number}
    by_age = sorted(new, key=lambda task: time_of(task.created_at) or desk.wish.at)
    return {task.id: desk.state.task_number + n for n, task in enumerate(by_age, 1)}
