"""GitHub: issues as its API gives them, a project's TSV, and what ``gh project item-list`` says."""

from typing import Any

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, FieldValue, Label, Person, Plan, Task
from doska.doors.readers.cells import TableReading
from doska.doors.readers.github_project import is_project, read_project
from doska.doors.readers.reading import Reading
from doska.doors.readers.tables import Row, beginning, has, sheet, split
from doska.doors.readers.values import (
    Ids,
    Json,
    dicts,
    inner,
    items,
    key_of,
    name_of,
    short,
    text,
    whole,
)
from doska.doors.source import SourceFile

DERIVED = dropped("derived")
SERVICE = dropped("service")
_LINKS = (
    "url", "repository_url", "labels_url", "comments_url", "events_url", "timeline_url",
    "comments", "assignee", "reactions",
)  # fmt: skip
_OF_A_PERSON = ("html_url", "url", "avatar_url", "gravatar_id", "followers_url", "following_url",
    "gists_url", "starred_url", "subscriptions_url", "organizations_url", "repos_url",
    "events_url", "received_events_url", "type", "site_admin", "node_id", "id", "user_view_type",
)  # fmt: skip
ISSUES: Table = {
    "[].id": DERIVED, "[].number": kept("tasks.number"), "[].title": kept("tasks.title"),
    "[].html_url": kept("import_refs"), "[].body": kept("tasks.description"),
    "[].state": kept("tasks.status"), "[].state_reason": kept("tasks.status"),
    "[].created_at": kept("tasks.created_at"), "[].updated_at": kept("tasks.updated_at"),
    "[].closed_at": kept("tasks.completed_at"), "[].pull_request": kept("labels.title"),
    "[].user.login": kept("author"), "[].user.name": kept("people"),
    "[].assignees[].login": kept("tasks.assignees"),
    "[].labels[].name": kept("labels.title"), "[].labels[].color": kept("labels.color"),
    "[].labels[].url": DERIVED, "[].labels[].node_id": SERVICE, "[].labels[].id": DERIVED,
    "[].labels[].default": SERVICE, "[].milestone.title": ASIDE,
    "[].labels": ASIDE, "[].assignees": ASIDE, "[].milestone": ASIDE, "[].locked": ASIDE,
    "[].author_association": ASIDE, "[].active_lock_reason": ASIDE, "[].draft": ASIDE,
    "[].node_id": SERVICE, "[].score": SERVICE, "[].performed_via_github_app": SERVICE,
    **{f"[].{link}": DERIVED for link in _LINKS},
    **{f"[].{who}.{key}": DERIVED for who in ("user", "assignees[]", "closed_by")
       for key in _OF_A_PERSON},
}  # fmt: skip
TSV: Table = {
    "": ASIDE, "Title": kept("tasks.title"), "URL": kept("import_refs"),
    "Assignees": kept("tasks.assignees"), "Status": kept("columns.title"),
    "Labels": kept("labels.title"),
}  # fmt: skip
NO_VALUE = "(no value)"
PULL_REQUEST = "pull request"


def _is_issues(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and {"number", "html_url"} <= one.keys() for one in value)
    )


def _is_tsv(file: SourceFile) -> bool:
    rows = beginning(file)
    is_wide = "\t" in file.text.partition("\n")[0] if rows else False
    return is_wide and has(rows[0], "Title", "URL", "Status")


@reads(
    "github",
    recognises=lambda f: (
        _is_issues(f.json) or is_project(f.json) or (f.json is None and _is_tsv(f))
    ),
)
def read(file: SourceFile) -> Plan:
    """Read issues, or the items of a project."""
    if _is_issues(file.json):
        return _Issues(file, ISSUES).board()
    return read_project(file) if is_project(file.json) else _Project(file).board()


class _Issues(Reading):
    def board(self) -> Plan:
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        tasks = [self._task(issue) for issue in dicts(self.file.json)]
        open_, closed = Column(id="open", title="Open"), Column(id="closed", title="Closed")
        board = Board(
            id=None,
            title="",
            columns=(open_, closed),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tuple(tasks),
        )
        return self.plan("github", [board])

    def _task(self, issue: Json) -> Task:
        extra = self.account.take(issue, "[]")
        is_closed = issue.get("state") == "closed"
        is_rejected = issue.get("state_reason") == "not_planned"
        milestone = name_of(inner(issue, "milestone", "title"))
        number = issue.get("number")
        labels = [self._label(label) for label in items(issue.get("labels"))]
        labels += [self._named(PULL_REQUEST)] if issue.get("pull_request") else []
        return Task(
            id=text(issue["html_url"]),
            column="closed" if is_closed else "open",
            title=text(issue.get("title")),
            description=text(issue.get("body")).replace("\r\n", "\n"),
            number=whole(number),
            status=("REJECTED" if is_rejected else "DONE") if is_closed else None,
            created_at=self.moment(issue, "created_at", "[]", extra),
            updated_at=self.moment(issue, "updated_at", "[]", extra),
            completed_at=self.moment(issue, "closed_at", "[]", extra),
            author=self._person(issue.get("user")),
            labels=tuple(dict.fromkeys(labels)),
            assignees=tuple(filter(None, map(self._person, dicts(issue.get("assignees"))))),
            fields=(FieldValue(name="Milestone", value=milestone),) if milestone else (),
            extra=extra,
        )

    def _person(self, user: Any) -> str | None:
        login = key_of(inner(user, "login"))
        if not login:
            return None
        name = name_of(inner(user, "name"))
        return self.people.setdefault(login, Person(id=login, username=login, name=name)).id

    def _label(self, label: Any) -> str:
        """Take a label: an object, or in old answers its name."""
        if not isinstance(label, dict):
            return self._named(text(label))
        color = name_of(label.get("color"))
        return self._named(text(label.get("name")), f"#{color}" if color else None)

    def _named(self, title: str, color: str | None = None) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title, color=color)).id


class _Project(TableReading):
    def __init__(self, file: SourceFile) -> None:
        super().__init__(file, TSV, sheet(file))
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        self.ids = Ids()

    def board(self) -> Plan:
        statuses = list(dict.fromkeys(self.sheet.column("Status")))
        has_others = any(not self.sheet.cell(row, "Status") for row in self.sheet.rows)
        columns = [Column(id=short(title), title=title) for title in statuses]
        columns += [Column(id=NO_VALUE, title=NO_VALUE)] if has_others else []
        tasks = tuple(self._task(row) for row in self.sheet.rows)
        board = Board(
            id=None,
            title="",
            columns=tuple(columns),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
        )
        return self.plan("github", [board])

    def _task(self, row: Row) -> Task:
        column = self.sheet.cell(row, "Status") or NO_VALUE
        title, url = self.sheet.cell(row, "Title"), self.sheet.cell(row, "URL")
        labels = split(self.sheet.cell(row, "Labels"), ", ")
        people = split(self.sheet.cell(row, "Assignees"), ", ")
        return Task(
            id=self.ids.one(url or f"{column}\x1e{title}"),
            column=short(column),
            title=title,
            labels=tuple(dict.fromkeys(map(self._label, labels))),
            assignees=tuple(dict.fromkeys(map(self._person, people))),
            fields=self.fields(row),
            extra=self.aside_of(row) | ({"url": url} if url else {}),
        )

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _person(self, login: str) -> str:
        return self.people.setdefault(login, Person(id=login, username=login)).id
