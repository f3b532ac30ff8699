"""Jira: the CSV of its searches, with a header for each value of a list, and its REST answers."""

from datetime import datetime
from itertools import chain

from doska.doors import model
from doska.doors.fates import ASIDE, Fate, dropped, kept
from doska.doors.formats import reads
from doska.doors.readers import jira_rest
from doska.doors.readers.cells import TableReading
from doska.doors.readers.jira_words import CATEGORIES, number_of, priority_of, status_of
from doska.doors.readers.tables import Row, beginning, sheet
from doska.doors.readers.values import Ids, digest_of, due, oldest_first, person_of, short
from doska.doors.source import SourceFile

# Spreadsheets rename headers: they are compared without blanks and case.
KNOWN: dict[str, Fate] = {
    "summary": kept("tasks.title"), "issuekey": kept("tasks.number"),
    "issueid": kept("import_refs"), "issuetype": ASIDE, "status": kept("columns.title"),
    "statuscategory": kept("columns.status"), "priority": kept("tasks.priority"),
    "resolution": kept("tasks.status"), "assignee": kept("tasks.assignees"),
    "assigneeid": kept("people"), "reporter": kept("author"), "reporterid": kept("people"),
    "creator": ASIDE, "creatorid": kept("people"), "created": kept("tasks.created_at"),
    "updated": kept("tasks.updated_at"), "resolved": kept("tasks.completed_at"),
    "duedate": kept("tasks.due_at"), "labels": kept("labels.title"),
    "description": kept("tasks.description"), "customfield(rank)": kept("order"),
    "comment": kept("comments.body"), "attachment": kept("attachments.url"),
    "parent": kept("subtasks.task_id"), "parentid": kept("subtasks.task_id"),
    "parentkey": dropped("derived"), "projectname": kept("boards.title"),
    "projectkey": ASIDE, "lastviewed": dropped("view-state"), "workratio": dropped("derived"),
    "statuscategorychanged": ASIDE,
}  # fmt: skip
DATES = ("created", "updated", "resolved", "duedate")
OF_SUBTASKS = {
    "summary", "issuekey", "issueid", "status", "statuscategory", "parent", "parentid",
    "projectname",
}  # fmt: skip
_PARTS = 4


def _plain(header: str) -> str:
    return header.replace(" ", "").replace("_", "").lower()


def _is_csv(file: SourceFile) -> bool:
    headers = {_plain(cell) for row in beginning(file) for cell in row}
    return "summary" in headers and not headers.isdisjoint({"issuekey", "issueid"})


@reads("jira", recognises=lambda file: jira_rest.is_answer(file.json) or _is_csv(file))
def read(file: SourceFile) -> model.Plan:
    """Read issues of Jira; a sub-task whose parent is there becomes its subtask."""
    return jira_rest.read(file) if jira_rest.is_answer(file.json) else _Jira(file).board()


class _Jira(TableReading):
    def __init__(self, file: SourceFile) -> None:
        table = sheet(file)
        fates = {name: KNOWN[_plain(name)] for name in table.places if _plain(name) in KNOWN}
        super().__init__(file, {"": ASIDE, **fates}, table)
        self.names: dict[str, str] = {}  # known header → as it stands here
        for header in table.places:
            self.names.setdefault(_plain(header), header)
        self.same_order([self.names[name] for name in DATES if name in self.names])
        self.ids = Ids()
        self.people = self._people()
        self.labels: dict[str, model.Label] = {}
        self.columns: dict[str, model.Column] = {}

    def get(self, row: Row, name: str) -> str:
        """Return the first filled cell under a known header."""
        return self.sheet.cell(row, self.names.get(name, ""))

    def all(self, row: Row, name: str) -> list[str]:
        """Return all filled cells under a known header."""
        return self.sheet.cells(row, self.names[name]) if name in self.names else []

    def board(self) -> model.Plan:
        rows = self.sheet.rows
        parents = {key: row for row in rows for key in self._keys(row)}
        steps: dict[str, list[Row]] = {}
        whole: list[Row] = []
        for row in rows:
            parent = self._parent(row, parents)
            if parent is None:
                whole.append(row)
            else:
                steps.setdefault(self._keys(parent)[0], []).append(row)
        by_column: dict[str | None, list[Row]] = {}
        for row in whole:
            by_column.setdefault(self._column(row), []).append(row)
        ordered = chain.from_iterable(map(self._ranked, by_column.values()))
        tasks = tuple(self._task(row, steps.get(self._keys(row)[0], [])) for row in ordered)
        titles = set(self.sheet.column(self.names.get("projectname", "")))
        board = model.Board(
            id=None,
            title=titles.pop() if len(titles) == 1 else "",
            columns=tuple(self.columns.values()),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
        )
        return self.plan("jira", [board])

    def _people(self) -> dict[str, model.Person]:
        found: dict[str, model.Person] = {}
        for row in self.sheet.rows:
            for who in ("assignee", "reporter", "creator"):
                if name := self.get(row, who):
                    person = person_of(name, self.get(row, f"{who}id"))
                    found.setdefault(person.id, person)
        return found

    def _who(self, row: Row, role: str) -> str | None:
        name = self.get(row, role)
        return person_of(name, self.get(row, f"{role}id")).id if name else None

    def _keys(self, row: Row) -> list[str]:
        found = [self.get(row, "issueid").strip(), self.get(row, "issuekey").strip()]
        return [key for key in found if key] or [self.get(row, "summary")]

    def _parent(self, row: Row, parents: dict[str, Row]) -> Row | None:
        """Find the row that a sub-task belongs to; sub-tasks are nowhere else."""
        kind = self.get(row, "issuetype").lower().replace("-", "").replace(" ", "")
        key = self.get(row, "parent") or self.get(row, "parentid")
        if not key or kind != "subtask":
            return None
        parent = parents.get(key.strip())
        if parent is None:
            self.warn("dangling-reference", self.names.get("parent", ""))
        return None if parent is row else parent

    def _column(self, row: Row) -> str | None:
        title = self.get(row, "status")
        if not title:
            return None
        status = CATEGORIES.get(self.get(row, "statuscategory").strip().lower())
        return self.columns.setdefault(
            title, model.Column(id=short(title), title=title, status=status)
        ).id

    def _ranked(self, rows: list[Row]) -> list[Row]:
        """Sort by rank, byte by byte, if all have one."""
        ranks = [self.get(row, "customfield(rank)").encode() for row in rows]
        if not all(ranks):
            return rows
        return [row for _, _, row in sorted(zip(ranks, range(len(rows)), rows, strict=True))]

    def _time(self, row: Row, name: str, extra: model.Extra) -> datetime | None:
        return self.cell_time(row, self.names.get(name, ""), extra) if name in self.names else None

    def _task(self, row: Row, steps: list[Row]) -> model.Task:
        extra = self.aside_of(row)
        if priority := self.get(row, "priority"):
            extra["priority"] = priority
        status = status_of(self.get(row, "statuscategory"), self.get(row, "resolution"))
        day = self.cell_date(row, self.names["duedate"], extra) if "duedate" in self.names else None
        assignee = self._who(row, "assignee")
        return model.Task(
            id=self.ids.one(self._keys(row)[0]),
            column=short(self.get(row, "status")) or None,
            title=self.get(row, "summary"),
            description=self.get(row, "description"),
            number=number_of(self.get(row, "issuekey")),
            status=status,
            priority=priority_of(priority),
            **due(day),
            created_at=self._time(row, "created", extra),
            updated_at=self._time(row, "updated", extra),
            completed_at=self._time(row, "resolved", extra),
            author=self._who(row, "reporter"),
            labels=tuple(map(self._label, dict.fromkeys(self.all(row, "labels")))),
            assignees=(assignee,) if assignee else (),
            subtasks=tuple(self._subtask(step) for step in self._ranked(steps)),
            comments=oldest_first(map(self._comment, self.all(row, "comment"))),
            attachments=tuple(map(self._attachment, self.all(row, "attachment"))),
            fields=tuple(map(_named, self.fields(row))),
            extra=extra,
        )

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, model.Label(id=short(title), title=title)).id

    def _subtask(self, row: Row) -> model.Subtask:
        """Make a sub-task a subtask; what a subtask has no place for is aside."""
        extra = self.aside_of(row)
        for name, header in self.names.items():
            cells = self.sheet.cells(row, header)
            if cells and name not in OF_SUBTASKS and self.account.fate_of(header).to:
                self.move(header, ASIDE, len(cells))
                extra[header] = cells[0] if len(cells) == 1 else cells
        status = status_of(self.get(row, "statuscategory"), self.get(row, "resolution"))
        return model.Subtask(
            id=self.ids.one(self._keys(row)[0]),
            title=self.get(row, "summary"),
            is_completed=status in ("DONE", "REJECTED"),
            extra=extra,
        )

    def _comment(self, cell: str) -> model.Comment:
        """Read ``date;account id;text``; the text may have such signs itself."""
        parts = cell.split(";", 2)
        at = self.read_date(parts[0], self.names.get("created", "")) if len(parts) > 2 else None  # noqa: PLR2004
        if at is None:
            return model.Comment(id=self.ids.one("comment", digest_of(cell)), text=cell)
        author = self.people.setdefault(parts[1], person_of(parts[1])) if parts[1] else None
        return model.Comment(
            id=self.ids.one("comment", digest_of(cell)),
            text=parts[2],
            author=author.id if author else None,
            created_at=at,
        )

    def _attachment(self, cell: str) -> model.Attachment:
        """Read ``date;author;name;url``."""
        parts = cell.split(";", _PARTS - 1)
        if len(parts) < _PARTS:
            return model.Attachment(id=self.ids.one("attachment", digest_of(cell)), title=cell)
        at = self.read_date(parts[0], self.names.get("created", ""))
        ident = self.ids.one("attachment", digest_of(cell))
        return model.Attachment(id=ident, title=parts[2], url=parts[3], created_at=at)


def _named(value: model.FieldValue) -> model.FieldValue:
    """Take the name out of ``Custom field (Size)``."""
    name = value.name.removeprefix("Custom field (")
    name = name.removesuffix(")") if name != value.name else name
    return model.FieldValue(name=name, value=value.value, field_id=value.field_id)
