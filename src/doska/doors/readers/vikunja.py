"""Vikunja: the zip of a user's data, of versions with namespaces, with buckets, and with views."""

from collections.abc import Iterator
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE
from doska.doors.formats import reads
from doska.doors.model import in_order
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import (
    Json,
    dicts,
    due,
    inner,
    items,
    key_of,
    name_of,
    oldest_first,
    text,
    whole,
)
from doska.doors.readers.vikunja_paths import TABLE
from doska.doors.source import SourceFile

PRIORITIES = {1: "LOW", 2: "LOW", 3: "MEDIUM", 4: "HIGH", 5: "HIGH"}
KANBAN = ("kanban", 3)


@reads("vikunja", recognises=lambda file: {"data.json", "VERSION"} <= set(file.entries))
def read(file: SourceFile) -> model.Plan:
    """Read all projects; each is a board."""
    return _Vikunja(file, TABLE).all()


class _Vikunja(Reading):
    def all(self) -> model.Plan:
        self.used: set[str] = set()
        root = self.file.opened("data.json").json
        found = [board for one in dicts(root) for board in self._top(one)]
        others = [name for name in self.file.entries if name not in ("data.json", *self.used)]
        self.account.count("files", len(self.used))
        self.account.count("other files", len(others), ASIDE)
        return self.plan("vikunja", found)

    def _top(self, one: Json) -> Iterator[model.Board]:
        """Read a project, or the projects of a namespace."""
        nested = next((key for key in ("projects", "lists") if items(one.get(key))), None)
        if nested is None or "tasks" in one:
            yield _Project(self, one, "[]").board()
            return
        aside = self.account.take(one, "[]", but=(nested,), fate=ASIDE)
        for project in self.objects(one, nested, "[]"):
            yield _Project(self, project, f"[].{nested}[]", {"namespace": aside}).board()


class _Project:
    def __init__(
        self, reading: _Vikunja, project: Json, path: str, extra: model.Extra | None = None
    ) -> None:
        self.reading, self.project, self.path = reading, project, path
        rows = ("tasks", "buckets")
        self.extra = {**reading.account.take(project, path, but=rows), **(extra or {})}
        self.buckets = reading.objects(project, "buckets", path)
        self.tasks = reading.objects(project, "tasks", path)
        self.people: dict[str, model.Person] = {}
        self.labels: dict[str, model.Label] = {}
        views = dicts(project.get("views"))
        self.view: Json = next((view for view in views if view.get("view_kind") in KANBAN), {})
        self.column_of = self._columns_of_tasks()
        self.position_of = self._positions()

    def _is_here(self, row: Json) -> bool:
        return not self.view or row.get("project_view_id") == self.view.get("id")

    def _columns_of_tasks(self) -> dict[str, str]:
        found = {key_of(task.get("id")): key_of(task.get("bucket_id")) for task in self.tasks}
        for row in filter(self._is_here, dicts(self.project.get("task_buckets"))):
            found[key_of(row.get("task_id"))] = key_of(row.get("bucket_id"))
        return found

    def _positions(self) -> dict[str, Any]:
        found = {
            key_of(task.get("id")): task.get("kanban_position", task.get("position"))
            for task in self.tasks
        }
        for row in filter(self._is_here, dicts(self.project.get("positions"))):
            found[key_of(row.get("task_id"))] = row.get("position")
        return found

    def board(self) -> model.Board:
        path, project = self.path, self.project
        buckets = [self._bucket(one) for one in in_order(self.buckets, lambda b: b.get("position"))]
        columns = tuple(bucket for bucket in buckets if bucket)
        self.known = known = {column.id for column in columns}
        groups: dict[str | None, list[Json]] = {}
        steps = self._steps(known)
        for task in self.tasks:
            ident = key_of(task.get("id"))
            column = self.column_of.get(ident)
            if ident in steps:
                self._put_aside(task)
            else:
                groups.setdefault(column if column in known else None, []).append(task)
        tasks = [
            self._task(task, column)
            for column, rows in groups.items()
            for task in in_order(rows, lambda task: self.position_of.get(key_of(task.get("id"))))
        ]
        color = name_of(project.get("hex_color"))
        return model.Board(
            id=key_of(project.get("id")) or None,
            title=text(project.get("title")),
            description=text(project.get("description")),
            color=f"#{color.lstrip('#')}" if color else None,
            is_archived=project.get("is_archived") is True,
            created_at=self.reading.moment(project, "created", path, self.extra),
            people=tuple(self.people.values()),
            labels=tuple(self.labels.values()),
            columns=columns,
            tasks=tuple(tasks),
            extra=self.extra,
        )

    def _bucket(self, bucket: Json) -> model.Column | None:
        extra = self.reading.account.take(bucket, f"{self.path}.buckets[]")
        ident, limit = key_of(bucket.get("id")), bucket.get("limit")
        is_done = bucket.get("is_done_bucket") is True
        done = key_of(self.view.get("done_bucket_id"))
        if not self._is_here(bucket) and "project_view_id" in bucket:
            self.extra.setdefault("buckets", []).append(bucket)
            return None
        return model.Column(
            id=ident,
            title=text(bucket.get("title")),
            task_limit=whole(limit),
            status="DONE" if is_done or ident == done else None,
            extra=extra,
        )

    def _steps(self, columns: set[str]) -> set[str]:
        """Find the tasks that are subtasks only: of another, and in no bucket themselves."""
        related = [
            key_of(one.get("id"))
            for task in self.tasks
            for one in dicts(inner(task, "related_tasks", "subtask"))
        ]
        return {ident for ident in related if self.column_of.get(ident) not in columns}

    def _put_aside(self, task: Json) -> None:
        """Keep the rest of a task that is a subtask only: its own dates, labels and comments."""
        left = self.reading.account.take(task, f"{self.path}.tasks[]", fate=ASIDE)
        self.extra.setdefault("subtasks", []).append(left)

    def _task(self, task: Json, column: str | None) -> model.Task:
        reading, path = self.reading, f"{self.path}.tasks[]"
        extra = reading.account.take(task, path)
        priority, number = task.get("priority"), task.get("index")
        extra |= {"priority": priority} if priority else {}
        is_done = task.get("done") is True
        done_at = reading.moment(task, "done_at", path, extra)
        return model.Task(
            id=key_of(task.get("id")),
            column=column,
            title=text(task.get("title")),
            description=text(task.get("description")),
            status="DONE" if is_done else None,
            priority=PRIORITIES.get(priority) if isinstance(priority, int) else None,
            number=whole(number),
            **due(reading.when(task, "due_date", path, extra)),
            created_at=reading.moment(task, "created", path, extra),
            updated_at=reading.moment(task, "updated", path, extra),
            completed_at=done_at if is_done else None,
            author=self._person(task.get("created_by")),
            labels=tuple(dict.fromkeys(map(self._label, dicts(task.get("labels"))))),
            assignees=tuple(filter(None, map(self._person, dicts(task.get("assignees"))))),
            subtasks=tuple(self._subtasks(task)),
            comments=oldest_first(map(self._comment, dicts(task.get("comments")))),
            attachments=tuple(self._attachments(task, path)),
            extra=extra,
        )

    def _person(self, user: Any) -> str | None:
        ident = key_of(inner(user, "id")) or key_of(inner(user, "username"))
        name, username = name_of(inner(user, "name")), name_of(inner(user, "username"))
        if ident and ident not in self.people:
            mail = name_of(inner(user, "email"))
            self.people[ident] = model.Person(id=ident, username=username, name=name, email=mail)
        return ident or None

    def _label(self, label: Json) -> str:
        color, title = name_of(label.get("hex_color")), text(label.get("title"))
        ident = key_of(label.get("id")) or title
        made = model.Label(id=ident, title=title, color=f"#{color.lstrip('#')}" if color else None)
        return self.labels.setdefault(ident, made).id

    def _subtasks(self, task: Json) -> Iterator[model.Subtask]:
        for one in dicts(inner(task, "related_tasks", "subtask")):
            ident = key_of(one.get("id"))
            if self.column_of.get(ident) not in self.known:
                title, done = text(one.get("title")), one.get("done") is True
                yield model.Subtask(id=ident, title=title, is_completed=done)

    def _comment(self, comment: Json) -> model.Comment:
        path = f"{self.path}.tasks[].comments[]"
        return model.Comment(
            id=key_of(comment.get("id")),
            text=text(comment.get("comment")),
            author=self._person(comment.get("author")),
            created_at=self.reading.moment(comment, "created", path, {}),
        )

    def _attachments(self, task: Json, path: str) -> Iterator[model.Attachment]:
        """Give the files that are in the zip, under their ids."""
        for one in dicts(task.get("attachments")):
            ident, name = key_of(inner(one, "file", "id")), text(inner(one, "file", "name"))
            entry = f"files/{ident}"
            if entry not in self.reading.file.entries:
                self.reading.dangling(f"{path}.attachments[].file.id", f"{path}.attachments[]")
                continue
            self.reading.used.add(entry)
            content = self.reading.file.entry(entry)
            yield model.Attachment(id=key_of(one.get("id")) or ident, title=name, content=content)
