"""CSV and TSV of any source: a mapping says which column is what; obvious ones are proposed."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doska.doors import model
from doska.doors.errors import NeedsMapping
from doska.doors.fates import ASIDE, Fate, kept
from doska.doors.formats import reads
from doska.doors.model import KNOWN_STATUSES, PRIORITIES
from doska.doors.readers.cells import TableReading
from doska.doors.readers.tables import Row, Sheet, beginning, sheet, split
from doska.doors.readers.values import Ids, due, person_of, short
from doska.doors.source import SourceFile

PLACES = {
    "id": "import_refs", "title": "tasks.title", "description": "tasks.description",
    "column": "columns.title", "status": "tasks.status", "priority": "tasks.priority",
    "due_at": "tasks.due_at", "assignees": "people", "labels": "labels.title",
    "subtasks": "subtasks.title", "archived": "tasks.archived_at",
    "created_at": "tasks.created_at", "completed_at": "tasks.completed_at",
}  # fmt: skip
OBVIOUS = {
    "id": ("id", "task id"),
    "title": ("title", "name", "task", "task name", "summary", "subject"),
    "description": ("description", "notes", "body", "details"),
    "column": ("column", "list", "section", "stage", "bucket", "status", "state"),
    "status": ("status",),
    "priority": ("priority",),
    "due_at": ("due_at", "due", "due date", "deadline"),
    "assignees": ("assignees", "assignee", "assigned to", "owner"),
    "labels": ("labels", "tags", "label", "tag"),
    "subtasks": ("subtasks", "checklist"),
    "archived": ("is_archived", "archived"),
    "created_at": ("created_at", "created", "creation date", "created at"),
    "completed_at": ("completed_at", "completed at", "completion date"),
}
_YES = {"true", "yes", "1", "x", "archived"}
_GUARDED = re.compile(r"'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_BOX = re.compile(r"\s*(?:[-*] )?\[(?P<mark>[ xX])\]\s?(?P<title>.*)")


def is_table(file: SourceFile) -> bool:
    """Tell whether a text has rows of several cells."""
    rows = beginning(file, 2)
    return len(rows) > 1 and len(rows[0]) > 1 and file.json is None


@reads("csv", recognises=is_table, is_forgiving=True)
def read(file: SourceFile) -> model.Plan:
    """Read a table by a mapping, or by what its headers say. NeedsMapping, AmbiguousDates."""
    return _Plain(file).plan_of_rows()


class _Plain(TableReading):
    def __init__(self, file: SourceFile) -> None:
        table = sheet(file)
        given = file.options.mapping
        self.mapping = _checked(given if given is not None else _proposed(table.headers), table)
        fates: dict[str, Fate] = {"": ASIDE}
        for place, (header, _) in self.mapping.items():
            fates.setdefault(header, kept(PLACES[place]))
        super().__init__(file, fates, table)
        self.columns: dict[str, model.Column] = {}
        self.labels: dict[str, model.Label] = {}
        self.people: dict[str, model.Person] = {}
        self.ids = Ids()

    def plan_of_rows(self) -> model.Plan:
        tasks = tuple(self._task(row) for row in self.sheet.rows)
        board = model.Board(
            id=None,
            title="",
            columns=tuple(self.columns.values()),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
        )
        return self.plan("csv", [board])

    def _cell(self, row: Row, place: str) -> str:
        header, _ = self.mapping.get(place, ("", None))
        cell = self.sheet.cell(row, header) if place in self.mapping else ""
        return cell[1:] if _GUARDED.match(cell) else cell

    def _cells(self, row: Row, place: str) -> list[str]:
        if place not in self.mapping:
            return []
        header, by = self.mapping[place]
        return [part for cell in self.sheet.cells(row, header) for part in split(cell, by or ",")]

    def _task(self, row: Row) -> model.Task:
        extra = self.aside_of(row)
        column, title = self._cell(row, "column"), self._cell(row, "title")
        completed = self._time(row, "completed_at", extra)
        status = self._word(row, "status", KNOWN_STATUSES, extra)
        return model.Task(
            id=self.ids.one(self._cell(row, "id") or f"{column}\x1e{title}"),
            column=self._column(column),
            title=title,
            description=self._cell(row, "description"),
            is_archived=self._cell(row, "archived").strip().lower() in _YES,
            status=status or ("DONE" if completed else None),
            priority=self._word(row, "priority", PRIORITIES, extra),
            **due(self._date(row, "due_at", extra)),
            created_at=self._time(row, "created_at", extra),
            completed_at=completed,
            labels=tuple(self._label(title) for title in dict.fromkeys(self._cells(row, "labels"))),
            assignees=tuple(map(self._person, dict.fromkeys(self._cells(row, "assignees")))),
            subtasks=self._subtasks(row),
            fields=self.fields(row),
            extra=extra,
        )

    def _column(self, title: str) -> str | None:
        if not title:
            return None
        return self.columns.setdefault(title, model.Column(id=short(title), title=title)).id

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, model.Label(id=short(title), title=title)).id

    def _person(self, name: str) -> str:
        person = person_of(name)
        return self.people.setdefault(person.id, person).id

    def _subtasks(self, row: Row) -> tuple[model.Subtask, ...]:
        lines = [line for line in self._cell(row, "subtasks").splitlines() if line.strip()]
        found = [(_BOX.fullmatch(line), line) for line in lines]
        return tuple(
            model.Subtask(
                id=str(number),
                title=match["title"] if match else line.strip(),
                is_completed=bool(match and match["mark"] in ("x", "X")),
            )
            for number, (match, line) in enumerate(found)
        )

    def _word(self, row: Row, place: str, words: tuple[str, ...], extra: Any) -> str | None:
        cell = self._cell(row, place)
        word = cell.strip().upper().replace(" ", "_").replace("-", "_")
        if cell and word not in words:
            self.cell_aside(self.mapping[place][0], cell, extra)
        return word if word in words else None

    def _date(self, row: Row, place: str, extra: Any) -> Any:
        return self.cell_date(row, self.mapping[place][0], extra) if place in self.mapping else None

    def _time(self, row: Row, place: str, extra: Any) -> datetime | None:
        return self.at_time(self._date(row, place, extra))


def _proposed(headers: Row) -> dict[str, Any]:
    """Propose a mapping by what headers say, each header once."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(header.lower(), header)
    found: dict[str, Any] = {}
    for place, names in OBVIOUS.items():
        free = [by_name[name] for name in names if name in by_name]
        if chosen := next((one for one in free if one not in found.values()), None):
            found[place] = chosen
    return found


def _checked(mapping: Mapping[str, Any], table: Sheet) -> dict[str, tuple[str, str | None]]:
    """Return place → (header, what splits its texts). NeedsMapping."""
    found: dict[str, tuple[str, str | None]] = {}
    header: Any
    for place, said in mapping.items():
        header = said.get("from") if isinstance(said, dict) else said
        by = said.get("split") if isinstance(said, dict) else None
        if place not in PLACES or not isinstance(header, str) or header not in table.places:
            raise NeedsMapping(
                "A column that the mapping names is not there.", headers=_shown(table.headers)
            )
        found[place] = (header, by if isinstance(by, str) and by else None)
    if "title" not in found:
        raise NeedsMapping(headers=_shown(table.headers))
    return found


def _shown(headers: Row) -> list[str]:
    return [header[:100] for header in headers[:200]]
