"""Todoist: a project's CSV, one row for each section, task and note."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, Comment, Extra, Label, Person, Plan, Subtask, Task
from doska.doors.readers.cells import TableReading
from doska.doors.readers.dates import dated
from doska.doors.readers.tables import Row, beginning, sheet
from doska.doors.readers.values import Ids, digest_of, due, oldest_first, person_of, short
from doska.doors.source import SourceFile

TABLE: Table = {
    "": ASIDE, "TYPE": kept("kind"), "CONTENT": kept("tasks.title"),
    "DESCRIPTION": kept("tasks.description"), "PRIORITY": kept("tasks.priority"),
    "INDENT": kept("subtasks"), "AUTHOR": kept("author"), "RESPONSIBLE": kept("tasks.assignees"),
    "DATE": kept("tasks.due_at"), "DATE_LANG": ASIDE, "TIMEZONE": kept("tasks.due_at"),
    "IS_COLLAPSED": dropped("view-state"),
}  # fmt: skip
_LABEL = re.compile(r"(?:^|(?<=\s))@([^\s@]+)")
_HIGH, _MEDIUM = ("1", "2", ""), ("3", "4")


def _is_todoist(file: SourceFile) -> bool:
    rows = beginning(file)
    return bool(rows) and {"TYPE", "CONTENT"} <= set(rows[0])


@reads("todoist", recognises=_is_todoist)
def read(file: SourceFile) -> Plan:
    """Read a project."""
    return _Todoist(file, TABLE, sheet(file)).board()


class _Todoist(TableReading):
    def board(self) -> Plan:
        self.columns: list[Column] = []
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        self.ids = Ids()
        self.same_order(["DATE"])
        board_extra: Extra = {}
        groups: list[tuple[str | None, list[Row]]] = []  # a task's row and those that follow it
        for row in self.sheet.rows:
            self._sort(row, groups, board_extra)
        tasks = tuple(self._task(column, rows) for column, rows in groups)
        board = Board(
            id=None,
            title="",
            columns=tuple(self.columns),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
            extra=board_extra,
        )
        return self.plan("todoist", [board])

    def _sort(self, row: Row, groups: list[tuple[str | None, list[Row]]], extra: Extra) -> None:
        kind = self.sheet.cell(row, "TYPE").strip().lower()
        content = self.sheet.cell(row, "CONTENT")
        column = self.columns[-1].id if self.columns else None
        if kind == "section":
            self.columns.append(Column(id=self.ids.one("section", content), title=content))
        elif kind == "task" and (not groups or self._indent(row) == 1 or groups[-1][0] != column):
            groups.append((column, [row]))
        elif kind in ("task", "note") and groups:
            groups[-1][1].append(row)
        elif any(cell.strip() for cell in row):
            self._row_aside(row, extra)

    def _row_aside(self, row: Row, extra: Extra) -> None:
        """Put a row aside that is neither: what the view is like, a note of the project."""
        for header in self.sheet.places:
            if self.sheet.cell(row, header) and self.account.fate_of(header).to:
                self.move(header, ASIDE)
        extra.setdefault("rows", []).append([cell for cell in row if cell.strip()])

    def _indent(self, row: Row) -> int:
        cell = self.sheet.cell(row, "INDENT").strip()
        return int(cell) if cell.isdecimal() and len(cell) < 4 else 1  # noqa: PLR2004

    def _task(self, column: str | None, rows: list[Row]) -> Task:
        row, *others = rows
        extra = self.aside_of(row)
        title, labels = self._title(row)
        priority = self.sheet.cell(row, "PRIORITY").strip()
        extra |= {"priority": priority} if priority else {}
        who = self._person(row, "RESPONSIBLE")
        steps = [one for one in others if self.sheet.cell(one, "TYPE").strip().lower() == "task"]
        notes = [one for one in others if one not in steps]
        return Task(
            id=self.ids.one(column or "", title),
            column=column,
            title=title,
            description=self.sheet.cell(row, "DESCRIPTION"),
            priority="HIGH" if priority in _HIGH else "MEDIUM" if priority in _MEDIUM else None,
            **due(self._due(row, extra)),
            author=self._person(row, "AUTHOR"),
            labels=tuple(map(self._label, labels)),
            assignees=(who,) if who else (),
            subtasks=tuple(map(self._subtask, steps)),
            comments=oldest_first(map(self._comment, notes)),
            extra=extra,
        )

    def _title(self, row: Row) -> tuple[str, list[str]]:
        """Take the labels out of a task's text; a text of labels only stays as it is."""
        content = self.sheet.cell(row, "CONTENT")
        title = re.sub(r"[ \t]{2,}", " ", _LABEL.sub("", content)).strip()
        labels = list(dict.fromkeys(_LABEL.findall(content)))
        return title or content, labels

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _due(self, row: Row, extra: Extra) -> Any:
        """Read the date in its own zone; "every monday" is none, and aside."""
        cell = self.sheet.cell(row, "DATE")
        found = dated(cell, self.options.date_order or "mdy") if cell else None
        if cell and found is None:
            self.cell_aside("DATE", cell, extra)
        return self.placed(found, self._zone(row))

    def _zone(self, row: Row) -> ZoneInfo | None:
        try:
            return ZoneInfo(self.sheet.cell(row, "TIMEZONE").strip())
        except (ValueError, KeyError, OSError):
            return None

    def _person(self, row: Row, header: str) -> str | None:
        """Read ``Kim (1)``."""
        cell = self.sheet.cell(row, header).strip()
        if not cell:
            return None
        name, _, ident = cell.removesuffix(")").rpartition("(")
        is_known = cell.endswith(")") and ident.isdecimal()
        person = person_of(name.strip(), ident) if is_known else person_of(cell)
        return self.people.setdefault(person.id, person).id

    def _subtask(self, row: Row) -> Subtask:
        """Make a deeper task a step; what a step has no place for is aside."""
        title, labels = self._title(row)
        extra = self.aside_of(row)
        for header in ("DESCRIPTION", "PRIORITY", "RESPONSIBLE", "DATE", "TIMEZONE", "INDENT"):
            if cell := self.sheet.cell(row, header):
                self.cell_aside(header, cell, extra)
        extra |= {"labels": labels} if labels else {}
        return Subtask(id=self.ids.one("step", title), title=title, extra=extra)

    def _comment(self, row: Row) -> Comment:
        content = self.sheet.cell(row, "CONTENT")
        extra = self.aside_of(row)
        found = self.read_date(self.sheet.cell(row, "DATE"), "DATE")
        at: datetime | None = found
        author = self._person(row, "AUTHOR")
        ident = self.ids.one("note", digest_of(content))
        return Comment(id=ident, text=content, author=author, created_at=at, extra=extra)
