"""Jira's REST answers: issues with their fields, texts or trees, a comment list or its wrapper."""

import re
from collections.abc import Iterator
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE
from doska.doors.readers.jira_document import markdown_of
from doska.doors.readers.jira_rest_paths import TABLE
from doska.doors.readers.jira_words import CATEGORIES, number_of, priority_of, status_of
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
    short,
    text,
)
from doska.doors.source import SourceFile

_RANK = re.compile(r"\d\|[0-9a-z]+:[0-9a-z]*")
_CUSTOM = re.compile(r"customfield_\d+")


def is_answer(value: Any) -> bool:
    """Tell whether it is an answer with issues."""
    issues = inner(value, "issues")
    found = dicts(issues)
    return isinstance(issues, list) and bool(found) and all("fields" in one for one in found)


def read(file: SourceFile) -> model.Plan:
    """Read the issues of an answer."""
    fields = [inner(one, "fields") for one in dicts(file.json["issues"])]
    keys = {key for one in fields if isinstance(one, dict) for key in one}
    custom = {f"issues[].fields.{key}": ASIDE for key in keys if _CUSTOM.fullmatch(key)}
    return _Rest(file, {**TABLE, **custom}).board()


class _Rest(Reading):
    def board(self) -> model.Plan:
        root = self.file.json
        self.names = root.get("names") if isinstance(root.get("names"), dict) else {}
        self.people: dict[str, model.Person] = {}
        self.labels: dict[str, model.Label] = {}
        self.columns: dict[str, model.Column] = {}
        issues = self.objects(root, "issues", "")
        keys = {key_of(issue.get("key")) for issue in issues}
        whole = [one for one in issues if not _is_step(one, keys)]
        made = [(self._column(one), _rank(one), place, one) for place, one in enumerate(whole)]
        if all(rank for _, rank, _, _ in made):
            made.sort(key=lambda part: part[1:3])
        self.steps: dict[str, list[Json]] = {}
        for one in issues:
            if _is_step(one, keys):
                parent = key_of(inner(one, "fields", "parent", "key"))
                self.steps.setdefault(parent, []).append(one)
        tasks = tuple(self._task(issue, column) for column, _, _, issue in made)
        projects = {text(inner(one, "fields", "project", "name")) for one in issues} - {""}
        board = model.Board(
            id=None,
            title=projects.pop() if len(projects) == 1 else "",
            columns=tuple(self.columns.values()),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
            extra=self.account.take(root, "", but=("issues",)),
        )
        return self.plan("jira", [board])

    def _column(self, issue: Json) -> str | None:
        title = text(inner(issue, "fields", "status", "name"))
        category = text(inner(issue, "fields", "status", "statusCategory", "key")).lower()
        if not title:
            return None
        made = model.Column(id=short(title), title=title, status=CATEGORIES.get(category))
        return self.columns.setdefault(title, made).id

    def _task(self, issue: Json, column: str | None) -> model.Task:
        path = "issues[].fields"
        fields: Json = issue["fields"] if isinstance(issue["fields"], dict) else {}
        extra = self._taken(issue, fields, path)
        resolution = text(inner(fields, "resolution", "name"))
        category = text(inner(fields, "status", "statusCategory", "key"))
        assignee, priority = (
            self._person(fields.get("assignee")),
            text(inner(fields, "priority", "name")),
        )
        extra |= {"priority": priority} if priority else {}
        return model.Task(
            id=key_of(issue.get("id")) or key_of(issue.get("key")),
            column=column,
            title=text(fields.get("summary")),
            description=markdown_of(fields.get("description")),
            number=number_of(key_of(issue.get("key"))),
            status=status_of(category, resolution),
            priority=priority_of(priority),
            **due(self.when(fields, "duedate", path, extra)),
            created_at=self.moment(fields, "created", path, extra),
            updated_at=self.moment(fields, "updated", path, extra),
            completed_at=self.moment(fields, "resolutiondate", path, extra),
            author=self._person(fields.get("reporter")),
            labels=tuple(self._label(text(one)) for one in items(fields.get("labels"))),
            assignees=(assignee,) if assignee else (),
            subtasks=tuple(self._subtasks(issue, fields)),
            comments=self._comments(fields, path, extra),
            attachments=tuple(_attachments(fields)),
            fields=tuple(self._fields(fields)),
            extra=extra,
        )

    def _taken(self, issue: Json, fields: Json, path: str) -> model.Extra:
        """Count an issue; a tree is kept as Markdown, and itself aside."""
        extra: model.Extra = self.account.take(issue, "issues[]", but=("fields",))
        apart = [key for key in ("description", "comment") if fields.get(key)]
        if fields:
            extra |= self.account.take(fields, path, but=apart)
        else:
            self.account.take(issue["fields"], path)
        if "description" in apart:
            tree = isinstance(fields["description"], dict)
            self.account.take(
                fields["description"], f"{path}.description", fate=ASIDE if tree else None
            )
            extra |= {"description": fields["description"]} if tree else {}
        return extra

    def _person(self, user: Any) -> str | None:
        ident = key_of(inner(user, "accountId")) or key_of(inner(user, "name"))
        name, mail = name_of(inner(user, "displayName")), name_of(inner(user, "emailAddress"))
        if ident and ident not in self.people:
            username = name_of(inner(user, "name"))
            self.people[ident] = model.Person(id=ident, username=username, name=name, email=mail)
        return ident or None

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, model.Label(id=short(title), title=title)).id

    def _subtasks(self, issue: Json, fields: Json) -> Iterator[model.Subtask]:
        """Give sub-tasks that are in the answer themselves, else as the parent lists them."""
        own = self.steps.get(key_of(issue.get("key")), [])
        for one in own:
            extra = self.account.take(one, "issues[]", fate=ASIDE)
            yield _subtask(one, extra)
        known = {key_of(one.get("key")) for one in own}
        for one in dicts(fields.get("subtasks")):
            if key_of(one.get("key")) not in known:
                yield _subtask(one, {})

    def _comments(self, fields: Json, path: str, extra: model.Extra) -> tuple[model.Comment, ...]:
        given = fields.get("comment")
        if not given:
            return ()
        path = f"{path}.comment"
        if isinstance(given, dict):
            extra |= self.account.take(given, path, but=("comments",))
            found = self.objects(given, "comments", path)
            path = f"{path}.comments"
        else:
            found = self.objects(fields, "comment", path.rpartition(".")[0])
        total = inner(given, "total")
        if isinstance(total, int) and total > len(found):
            self.warn("comments-missing", path, total - len(found))
        return oldest_first(self._comment(one, f"{path}[]") for one in found)

    def _comment(self, comment: Json, path: str) -> model.Comment:
        tree = isinstance(comment.get("body"), dict)
        extra = self.account.take(comment, path, but=("body",))
        if "body" in comment:
            self.account.take(comment["body"], f"{path}.body", fate=ASIDE if tree else None)
        return model.Comment(
            id=key_of(comment.get("id")),
            text=markdown_of(comment.get("body")),
            author=self._person(comment.get("author")),
            created_at=self.moment(comment, "created", path, extra),
            extra=extra | ({"body": comment["body"]} if tree else {}),
        )

    def _fields(self, fields: Json) -> Iterator[model.FieldValue]:
        """Give custom fields by their names, if the answer has them, and components and such."""
        for key, value in fields.items():
            if _CUSTOM.fullmatch(key) and value is not None and not _is_rank(value):
                shown = ", ".join(
                    _shown(one) for one in (value if isinstance(value, list) else [value])
                )
                yield model.FieldValue(
                    name=text(self.names.get(key)) or key, value=shown, field_id=key
                )


def _shown(value: Any) -> str:
    named = inner(value, "value") or inner(value, "name") or inner(value, "displayName")
    return text(named if named is not None else value)


def _is_rank(value: Any) -> bool:
    return isinstance(value, str) and _RANK.fullmatch(value) is not None


def _rank(issue: Json) -> bytes:
    """Return what Jira sorts by, of whatever custom field it is."""
    fields = issue["fields"] if isinstance(issue["fields"], dict) else {}
    return next((value.encode() for value in fields.values() if _is_rank(value)), b"")


def _is_step(issue: Json, keys: set[str]) -> bool:
    kind = inner(issue, "fields", "issuetype", "subtask")
    return kind is True and key_of(inner(issue, "fields", "parent", "key")) in keys - {""}


def _subtask(issue: Json, extra: model.Extra) -> model.Subtask:
    fields = issue.get("fields")
    category = text(inner(fields, "status", "statusCategory", "key"))
    status = status_of(category, text(inner(fields, "resolution", "name")))
    ident, title = (
        key_of(issue.get("id")) or key_of(issue.get("key")),
        text(inner(fields, "summary")),
    )
    return model.Subtask(
        id=ident, title=title, is_completed=status in ("DONE", "REJECTED"), extra=extra
    )


def _attachments(fields: Json) -> Iterator[model.Attachment]:
    for one in dicts(fields.get("attachment")):
        url, title = text(one.get("content")), text(one.get("filename"))
        yield model.Attachment(id=key_of(one.get("id")) or url, title=title or url, url=url)
