"""Kanboard: the CSV of a project's tasks, in any language, and answers of its JSON-RPC."""

from doska.doors.fates import ASIDE, Fate, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, Label, Person, Plan, Task, exact, in_order
from doska.doors.readers import kanboard_rpc
from doska.doors.readers.cells import TableReading
from doska.doors.readers.kanboard_rpc import priority_of
from doska.doors.readers.tables import Row, beginning, sheet, split
from doska.doors.readers.values import Ids, due, person_of, short
from doska.doors.source import SourceFile

# The columns stand in this order; their headers are in the user's language.
COLUMNS: dict[str, Fate] = {
    "id": kept("import_refs"), "reference": ASIDE, "project": kept("boards.title"),
    "status": kept("tasks.status"), "category": ASIDE, "swimlane": ASIDE,
    "column": kept("columns.title"), "position": kept("order"), "color": ASIDE,
    "due": kept("tasks.due_at"), "creator": kept("author"), "creator_name": kept("people"),
    "assignee": kept("tasks.assignees"), "assignee_name": kept("people"), "score": ASIDE,
    "title": kept("tasks.title"), "created": kept("tasks.created_at"),
    "updated": kept("tasks.updated_at"), "completed": kept("tasks.completed_at"),
    "started": ASIDE, "estimated": ASIDE, "spent": ASIDE, "priority": kept("tasks.priority"),
    "tags": kept("labels.title"),
}  # fmt: skip
PLACES = {name: place for place, name in enumerate(COLUMNS)}
ENGLISH = ("Task Id", "Reference", "Project", "Status", "Category", "Swimlane", "Column")
NUMBERS = ("id", "position", "estimated", "spent", "priority")
OPEN = ("", "open", "0", "1")


def _is_csv(file: SourceFile) -> bool:
    rows = beginning(file, 2)
    if not rows or len(rows[0]) != len(COLUMNS):
        return False
    if tuple(rows[0][: len(ENGLISH)]) == ENGLISH:
        return True
    cells = [rows[-1][PLACES[name]] for name in NUMBERS] if len(rows[-1]) == len(COLUMNS) else []
    return len(rows) > 1 and bool(cells) and all(exact(cell or "0") is not None for cell in cells)


@reads("kanboard", recognises=lambda f: kanboard_rpc.is_answer(f.json) or _is_csv(f))
def read(file: SourceFile) -> Plan:
    """Read a project."""
    if kanboard_rpc.is_answer(file.json):
        return kanboard_rpc.read(file)
    return _Kanboard(file).board()


class _Kanboard(TableReading):
    def __init__(self, file: SourceFile) -> None:
        table = sheet(file, has_backslashes=True)
        self.headers = dict(zip(COLUMNS, table.headers, strict=False))
        fates = {self.headers[name]: fate for name, fate in COLUMNS.items() if name in self.headers}
        super().__init__(file, {"": ASIDE, **fates}, table)
        dates = ("due", "created", "updated", "completed", "started")
        self.same_order([self.headers[name] for name in dates if name in self.headers])
        self.columns: dict[str, Column] = {}
        self.labels: dict[str, Label] = {}
        self.people: dict[str, Person] = {}
        self.ids = Ids()

    def board(self) -> Plan:
        self.warn("no-descriptions")
        groups: dict[tuple[str, str], list[Row]] = {}  # by column and swimlane
        for row in self.sheet.rows:
            groups.setdefault((self.get(row, "column"), self.get(row, "swimlane")), []).append(row)
        tasks = [
            self._task(row)
            for rows in groups.values()
            for row in in_order(rows, lambda row: self.get(row, "position"))
        ]
        projects = list(dict.fromkeys(self.get(row, "project") for row in self.sheet.rows))
        board = Board(
            id=None,
            title=projects[0] if projects else "",
            columns=tuple(self.columns.values()),
            people=tuple(self.people.values()),
            labels=tuple(self.labels.values()),
            tasks=tuple(tasks),
        )
        return self.plan("kanboard", [board])

    def get(self, row: Row, name: str) -> str:
        """Return a cell by its place."""
        place = PLACES[name]
        return row[place].strip() if place < len(row) else ""

    def _task(self, row: Row) -> Task:
        extra = self.aside_of(row)
        priority, title = self.get(row, "priority"), self.get(row, "column")
        extra |= {"priority": priority} if priority not in ("", "0") else {}
        completed = self.cell_time(row, self.headers["completed"], extra)
        is_closed = completed or self.get(row, "status").lower() not in (*OPEN, self._open())
        who = self._person(row, "assignee")
        ident = self.ids.one(self.get(row, "id"))
        return Task(
            id=ident,
            column=self.columns.setdefault(title, Column(id=short(title), title=title)).id,
            title=self.get(row, "title"),
            number=int(ident) if ident.isdecimal() and len(ident) < 10 else None,  # noqa: PLR2004
            status="DONE" if is_closed else None,
            priority=priority_of(priority),
            **due(self.cell_date(row, self.headers["due"], extra)),
            created_at=self.cell_time(row, self.headers["created"], extra),
            updated_at=self.cell_time(row, self.headers["updated"], extra),
            completed_at=completed,
            author=self._person(row, "creator"),
            labels=tuple(map(self._label, dict.fromkeys(split(self.get(row, "tags"), ",")))),
            assignees=(who,) if who else (),
            extra=extra,
        )

    def _open(self) -> str:
        """Return the word for open tasks: that of a task that was never completed."""
        if not hasattr(self, "_open_word"):
            words = [
                self.get(row, "status").lower()
                for row in self.sheet.rows
                if not self.get(row, "completed")
            ]
            self._open_word = words[0] if words and words[0] != "closed" else ""
        return self._open_word

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _person(self, row: Row, role: str) -> str | None:
        username, name = self.get(row, role), self.get(row, f"{role}_name")
        if not username:
            return person_of(name).id if name else None
        person = Person(id=username, username=username, name=name or None)
        return self.people.setdefault(username, person).id
