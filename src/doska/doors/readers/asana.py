"""Asana: the CSV of a project; a parent is told by its name only."""

from typing import Any

from doska.doors.fates import ASIDE, Fate, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, Extra, Label, Person, Plan, Subtask, Task
from doska.doors.readers.cells import TableReading
from doska.doors.readers.tables import Row, beginning, has, sheet, split
from doska.doors.readers.values import Ids, due, short
from doska.doors.source import SourceFile

TABLE: dict[str, Fate] = {
    "Task ID": kept("import_refs"), "Created At": kept("tasks.created_at"),
    "Completed At": kept("tasks.completed_at"), "Last Modified": kept("tasks.updated_at"),
    "Name": kept("tasks.title"), "Section/Column": kept("columns.title"),
    "Assignee": kept("tasks.assignees"), "Assignee Email": dropped("derived"), "Start Date": ASIDE,
    "Due Date": kept("tasks.due_at"), "Tags": kept("tasks.labels"),
    "Notes": kept("tasks.description"), "Projects": kept("boards.title"),
    "Parent task": kept("subtasks.task_id"), "Parent Task": kept("subtasks.task_id"),
}  # fmt: skip
HEADER_WITHIN = 20
OF_SUBTASKS = ("Name", "Completed At", "Parent task", "Parent Task", "Task ID")


def _header_at(file: SourceFile) -> int | None:
    rows = beginning(file, HEADER_WITHIN)
    found = (at for at, row in enumerate(rows) if has(row, "Task ID", "Section/Column"))
    return next(found, None)


@reads("asana", recognises=lambda file: file.json is None and _header_at(file) is not None)
def read(file: SourceFile) -> Plan:
    """Read a project."""
    return _Asana(file, TABLE, sheet(file, header_at=_header_at(file) or 0)).board()


class _Asana(TableReading):
    def board(self) -> Plan:
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        self.columns: dict[str, Column] = {}
        self.ids = Ids()
        cards: list[tuple[Row, list[Row]]] = []
        by_name: dict[str, list[Row]] = {}  # the steps of the card of this name
        for row in self.sheet.rows:
            self._sort(row, cards, by_name)
        tasks = tuple(self._task(row, steps) for row, steps in cards)
        projects = list(dict.fromkeys(self.sheet.column("Projects")))
        board = Board(
            id=None,
            title=projects[0] if projects else "",
            columns=tuple(self.columns.values()),
            labels=tuple(self.labels.values()),
            people=tuple(self.people.values()),
            tasks=tasks,
        )
        return self.plan("asana", [board])

    def _sort(
        self, row: Row, cards: list[tuple[Row, list[Row]]], by_name: dict[str, list[Row]]
    ) -> None:
        """Make a row a card, or a step of the latest card of its parent's name."""
        name = self.sheet.cell(row, "Name")
        parent = self.sheet.cell(row, "Parent task") or self.sheet.cell(row, "Parent Task")
        steps = by_name.get(parent) if parent else None
        if steps is None:
            if parent:
                self.warn("dangling-reference", "Parent task")
            steps = []
            cards.append((row, steps))
        else:
            steps.append(row)
        by_name[name] = steps

    def _task(self, row: Row, steps: list[Row]) -> Task:
        extra = self.aside_of(row)
        column, title = self.sheet.cell(row, "Section/Column"), self.sheet.cell(row, "Name")
        completed = self.cell_time(row, "Completed At", extra)
        tags = split(self.sheet.cell(row, "Tags"), ",")
        who = self._person(row)
        if column:
            self.columns.setdefault(column, Column(id=short(column), title=column))
        return Task(
            id=self.ids.one(self.sheet.cell(row, "Task ID") or f"{column}\x1e{title}"),
            column=short(column) or None,
            title=title,
            description=self.sheet.cell(row, "Notes"),
            status="DONE" if completed else None,
            **due(self.cell_date(row, "Due Date", extra)),
            created_at=self.cell_time(row, "Created At", extra),
            updated_at=self.cell_time(row, "Last Modified", extra),
            completed_at=completed,
            labels=tuple(map(self._label, dict.fromkeys(tags))),
            assignees=(who,) if who else (),
            subtasks=tuple(map(self._subtask, steps)),
            fields=self.fields(row),
            extra=extra,
        )

    def _person(self, row: Row) -> str | None:
        name, mail = self.sheet.cell(row, "Assignee"), self.sheet.cell(row, "Assignee Email")
        shown = name.partition("@")[0] or mail.partition("@")[0]
        if not shown:
            return None
        person = Person(id=shown, name=shown, email=mail or (name if "@" in name else None))
        return self.people.setdefault(shown, person).id

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _subtask(self, row: Row) -> Subtask:
        """Make a step; what a step has no place for is aside."""
        extra: Extra = self.aside_of(row)
        others: Any = [header for header in self.sheet.places if header not in OF_SUBTASKS]
        for header in others:
            cell = self.sheet.cell(row, header)
            if cell and self.account.fate_of(header).to and header != "Projects":
                self.cell_aside(header, cell, extra)
        extra |= {value.name: value.value for value in self.fields(row)}
        return Subtask(
            id=self.ids.one(self.sheet.cell(row, "Task ID") or self.sheet.cell(row, "Name")),
            title=self.sheet.cell(row, "Name"),
            is_completed=bool(self.sheet.cell(row, "Completed At")),
            extra=extra,
        )
