"""Kanboard's JSON-RPC: answers of getBoard, alone or with getAllSubtasks, getAllComments and such."""

from collections.abc import Iterator
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.model import exact, in_order
from doska.doors.readers.dates import of_unix
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import (
    Json,
    dicts,
    inner,
    key_of,
    name_of,
    oldest_first,
    short,
    text,
    under,
)
from doska.doors.source import SourceFile

DERIVED, SERVICE = dropped("derived"), dropped("service")
LANE: Table = {
    "id": DERIVED, "name": ASIDE, "position": kept("order"), "nb_tasks": DERIVED,
    "nb_columns": DERIVED, "nb_swimlanes": DERIVED, "project_id": DERIVED, "score": DERIVED,
}  # fmt: skip
TASK: Table = {
    "id": kept("import_refs"), "title": kept("tasks.title"), "position": kept("order"),
    "description": kept("tasks.description"), "date_due": kept("tasks.due_at"),
    "date_creation": kept("tasks.created_at"), "date_modification": kept("tasks.updated_at"),
    "date_completed": kept("tasks.completed_at"), "is_active": kept("tasks.status"),
    "owner_id": kept("tasks.assignees"), "assignee_username": kept("people"),
    "assignee_name": kept("people"), "creator_id": kept("author"),
    "priority": kept("tasks.priority"), "column_id": DERIVED, "project_id": DERIVED,
    "column_name": DERIVED, "column_title": DERIVED, "column_position": DERIVED,
    "swimlane_name": DERIVED, "project_name": DERIVED, "tags[].id": DERIVED,
    "tags[].name": kept("labels.title"), "tags[].task_id": DERIVED,
    **{f"nb_{what}": DERIVED for what in (
        "comments", "files", "subtasks", "completed_subtasks", "links", "external_links")},
    "assignee_email": DERIVED, "assignee_avatar_path": dropped("service"),
}  # fmt: skip
COLUMN: Table = {
    "id": kept("import_refs"), "title": kept("columns.title"), "position": kept("order"),
    "task_limit": kept("columns.task_limit"), "tasks": DERIVED, "project_id": DERIVED, "nb_tasks": DERIVED,
    "score": DERIVED, "description": ASIDE, "nb_column_tasks": DERIVED, "column_nb_score": DERIVED,
    "column_nb_tasks": DERIVED, "column_nb_open_tasks": DERIVED, "nb_closed_tasks": DERIVED,
}  # fmt: skip
SUBTASK: Table = {
    "id": kept("import_refs"), "title": kept("subtasks.title"), "position": kept("order"),
    "status": kept("subtasks.is_completed"), "task_id": kept("subtasks.task_id"),
    "comment": kept("comments.body"), "user_id": kept("comments.author"),
    "date_creation": kept("comments.created_at"), "username": kept("people"),
    "name": kept("people"), "date_modification": ASIDE, "email": DERIVED,
}  # fmt: skip


def _lanes(value: Any) -> bool:
    found = dicts(value) if isinstance(value, list) else []
    return bool(found) and all(isinstance(lane.get("columns"), list) for lane in found)


def _answers(value: Any) -> list[tuple[Any, str]]:
    """Return the results with the paths at which they stand."""
    if isinstance(value, list) and any("jsonrpc" in one for one in dicts(value)):
        return [(one["result"], "[].result") for one in dicts(value) if "result" in one]
    if isinstance(value, dict) and "jsonrpc" in value and "result" in value:
        return [(value["result"], "result")]
    return [(value, "")]


def is_answer(value: Any) -> bool:
    """Tell whether there is a board among the answers."""
    return any(_lanes(result) for result, _ in _answers(value))


def _table(value: Any) -> Table:
    path = _answers(value)[0][1]
    envelope = path.removesuffix("result")
    return {
        **({f"{envelope}{key}": SERVICE for key in ("jsonrpc", "id")} if path else {}),
        **under(path, {"name": kept("boards.title")}),
        **under(f"{path}[]", {**SUBTASK, **LANE}),
        **under(f"{path}[].columns[]", COLUMN),
        **under(f"{path}[].columns[].tasks[]", TASK),
    }


def read(file: SourceFile) -> model.Plan:
    """Read a board, and what other answers say of its tasks."""
    return _Answers(file, _table(file.json)).board()


class _Answers(Reading):
    def board(self) -> model.Plan:
        self.columns: dict[str, model.Column] = {}
        self.labels: dict[str, model.Label] = {}
        self.people: dict[str, model.Person] = {}
        self.steps: dict[str, list[tuple[Json, model.Extra]]] = {}
        self.comments: dict[str, list[tuple[Json, model.Extra]]] = {}
        extra: model.Extra = {}
        title = ""
        boards: list[tuple[Any, str]] = []
        for result, path in _answers(self.file.json):
            if _lanes(result):
                boards.append((result, path))
            elif isinstance(result, dict) and "identifier" in result:
                title = text(result.get("name"))
                extra |= self.account.take(result, path)
            else:
                self._others(result, path, extra)
        self._envelopes()
        tasks = [task for lanes, path in boards for task in self._lanes_of(lanes, path)]
        board = model.Board(
            id=None,
            title=title,
            columns=tuple(in_order(self.columns.values(), lambda one: one.extra.pop("position"))),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tuple(tasks),
            extra=extra,
        )
        return self.plan("kanboard", [board])

    def _envelopes(self) -> None:
        root = self.file.json
        if not _answers(root)[0][1]:
            return
        for one in root if isinstance(root, list) else [root]:
            is_answer = isinstance(one, dict) and "result" in one
            but = ("result",) if is_answer else ()
            self.account.take(one, "[]" if isinstance(root, list) else "", but=but)

    def _others(self, result: Any, path: str, extra: model.Extra) -> None:
        """Take subtasks and comments; the rest is aside."""
        if not isinstance(result, list) or not result:
            extra.setdefault("results", []).append(self.account.take(result, path, fate=ASIDE))
            return
        for row in result:
            task = key_of(row.get("task_id")) if isinstance(row, dict) else ""
            is_step = bool(task) and "title" in row and "status" in row
            if not is_step and not (task and "comment" in row):
                extra.setdefault("results", []).append(
                    self.account.take(row, f"{path}[]", fate=ASIDE)
                )
                continue
            place = self.steps if is_step else self.comments
            place.setdefault(task, []).append((row, self.account.take(row, f"{path}[]")))

    def _lanes_of(self, lanes: list[Any], path: str) -> Iterator[model.Task]:
        for other in lanes:
            if not isinstance(other, dict):
                self.account.take(other, f"{path}[]")
        for lane in in_order(dicts(lanes), lambda lane: lane.get("position")):
            columns = self.objects(lane, "columns", f"{path}[]")
            aside = self.account.take(lane, f"{path}[]", but=("columns",))
            for column in in_order(columns, lambda column: column.get("position")):
                yield from self._column(column, f"{path}[].columns[]", aside)

    def _column(self, column: Json, path: str, lane: model.Extra) -> Iterator[model.Task]:
        extra = self.account.take(column, path, but=("tasks",))
        ident, limit = key_of(column.get("id")), exact(column.get("task_limit"))
        made = model.Column(
            id=ident,
            title=text(column.get("title")),
            task_limit=int(limit) if limit and limit > 0 else None,
            extra=extra | {"position": column.get("position")},
        )
        self.columns.setdefault(ident, made)
        tasks = self.objects(column, "tasks", path)
        for task in in_order(tasks, lambda task: task.get("position")):
            yield self._task(task, f"{path}.tasks[]", ident, lane)

    def _task(self, task: Json, path: str, column: str, lane: model.Extra) -> model.Task:
        extra = self.account.take(task, path) | (
            {"swimlane": lane["name"]} if lane.get("name") else {}
        )
        ident, who = key_of(task.get("id")), self._owner(task)
        if exact(task.get("priority")):
            extra["priority"] = task["priority"]
        return model.Task(
            id=ident,
            column=column,
            title=text(task.get("title")),
            description=text(task.get("description")),
            number=int(ident) if ident.isdecimal() and len(ident) < 10 else None,  # noqa: PLR2004
            status="DONE" if text(task.get("is_active")) == "0" else None,
            priority=priority_of(task.get("priority")),
            due_at=of_unix(task.get("date_due")),
            created_at=of_unix(task.get("date_creation")),
            updated_at=of_unix(task.get("date_modification")),
            completed_at=of_unix(task.get("date_completed")),
            labels=tuple(self._label(text(tag.get("name"))) for tag in dicts(task.get("tags"))),
            assignees=(who,) if who else (),
            subtasks=tuple(self._subtasks(ident)),
            comments=oldest_first(self._comment(*taken) for taken in self.comments.get(ident, [])),
            extra=extra,
        )

    def _owner(self, task: Json) -> str | None:
        ident, username = key_of(task.get("owner_id")), name_of(task.get("assignee_username"))
        if ident in ("", "0"):
            return None
        name = name_of(task.get("assignee_name"))
        return self.people.setdefault(
            ident, model.Person(id=ident, username=username, name=name)
        ).id

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, model.Label(id=short(title), title=title)).id

    def _subtasks(self, task: str) -> Iterator[model.Subtask]:
        for row, extra in in_order(self.steps.get(task, []), lambda pair: pair[0].get("position")):
            yield model.Subtask(
                id=key_of(row.get("id")),
                title=text(row.get("title")),
                is_completed=text(row.get("status")) == "2",
                extra=extra,
            )

    def _comment(self, row: Json, extra: model.Extra) -> model.Comment:
        who = key_of(row.get("user_id")) or key_of(inner(row, "username"))
        username, name = name_of(row.get("username")), name_of(row.get("name"))
        if who:
            self.people.setdefault(who, model.Person(id=who, username=username, name=name))
        at = of_unix(row.get("date_creation"))
        ident, said = key_of(row.get("id")), text(row.get("comment"))
        return model.Comment(id=ident, text=said, author=who or None, created_at=at, extra=extra)


def priority_of(value: Any) -> str | None:
    """Return ours: 0 is none, 1 low, 2 medium, more high."""
    number = exact(value)
    if not number or number < 0:
        return None
    return {1: "LOW", 2: "MEDIUM"}.get(int(number), "HIGH")
