"""What ``gh project item-list --format json`` says: items with the project's fields beside them."""

from typing import Any

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.model import Board, Column, FieldValue, Label, Person, Plan, Task
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import Ids, Json, inner, items, key_of, short, text, whole
from doska.doors.source import SourceFile

TABLE: Table = {
    "items[].id": kept("import_refs"), "items[].title": kept("tasks.title"),
    "items[].status": kept("columns.title"), "items[].labels": kept("labels.title"),
    "items[].assignees": kept("tasks.assignees"), "items[].content.body": kept("tasks.description"),
    "items[].content.number": kept("tasks.number"), "items[].content.url": kept("import_refs"),
    "items[].content.title": dropped("derived"), "items[].content.type": kept("labels.title"),
    "totalCount": dropped("derived"),
}  # fmt: skip
NO_VALUE = "(no value)"
NO_FIELDS = {"id", "title", "status", "labels", "assignees", "content"}


def is_project(value: Any) -> bool:
    """Tell whether it is such a list."""
    found = items(inner(value, "items"))
    return bool(found) and all(isinstance(inner(one, "content"), dict) for one in found)


def read_project(file: SourceFile) -> Plan:
    """Read a project; its columns are the statuses in the order in which they appear."""
    return _Items(file, TABLE).board()


class _Items(Reading):
    def board(self) -> Plan:
        self.columns: dict[str, Column] = {}
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        self.ids = Ids()
        tasks = [self._task(item) for item in self.objects(self.file.json, "items", "")]
        last = self.columns.pop(NO_VALUE, None)
        board = Board(
            id=None,
            title="",
            columns=(*self.columns.values(), *([last] if last else [])),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tuple(tasks),
            extra=self.account.take(self.file.json, "", but=("items",)),
        )
        return self.plan("github", [board])

    def _task(self, item: Json) -> Task:
        others = {key for key in item if key not in NO_FIELDS and isinstance(item[key], str | int)}
        extra = self.account.take(item, "items[]", but=others)
        for key in others:
            self.account.take(item[key], f"items[].{key}", fate=ASIDE)
        content: Json = item["content"]
        column = text(item.get("status")) or NO_VALUE
        self.columns.setdefault(column, Column(id=short(column), title=column))
        title = text(item.get("title") or content.get("title"))
        number = content.get("number")
        is_pull = content.get("type") == "PullRequest"
        labels = [text(label) for label in items(item.get("labels"))]
        return Task(
            id=self.ids.one(key_of(content.get("url")) or key_of(item.get("id")) or title),
            column=short(column),
            title=title,
            description=text(content.get("body")).replace("\r\n", "\n"),
            number=whole(number),
            labels=tuple(map(self._label, dict.fromkeys(labels + ["pull request"] * is_pull))),
            assignees=tuple(map(self._person, map(text, items(item.get("assignees"))))),
            fields=tuple(
                FieldValue(name=key.capitalize(), value=text(item[key]), field_id=key)
                for key in sorted(others)
            ),
            extra=extra,
        )

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _person(self, login: str) -> str:
        return self.people.setdefault(login, Person(id=login, username=login)).id
