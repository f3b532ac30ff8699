"""Boards as plain lists, and what becomes of them: written from the design, not from the code.

Each deed gives the status that the API must answer; a refusal is raised and leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

RANKS = ["OBSERVER", "COMMENTER", "MEMBER", "MODERATOR", "CREATOR"]
LOWEST = {
    "VIEW": "OBSERVER",
    "EDIT_TASKS": "MEMBER",
    "EDIT_BOARD": "MODERATOR",
    "MANAGE_PEOPLE": "MODERATOR",
    "OWN": "CREATOR",
}


class Refused(Exception):
    """The API must refuse, with one of these statuses."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(statuses)
        self.statuses = statuses


class Unknown(Exception):
    """It happened before the model knew the board."""


@dataclass
class Subtask:
    """A subtask."""

    id: str
    is_completed: bool


@dataclass
class Task:
    """A task; whether it is archived shows by where it is kept."""

    id: str
    title: str
    status: str
    assignees: set[str] = field(default_factory=set)
    subtasks: list[Subtask] = field(default_factory=list)


@dataclass
class Column:
    """A column, its tasks from top to bottom, and those that were archived there."""

    id: str
    status: str | None = None
    limit: int | None = None
    is_hard: bool = False
    is_archived: bool = False
    tasks: list[Task] = field(default_factory=list)
    archived: dict[str, Task] = field(default_factory=dict)

    def must_be_open(self) -> None:
        """Refuse to bring anything into an archived column, or beside it."""
        if self.is_archived:
            raise Refused(409)

    def make_room(self, entering: int = 1) -> None:
        """Refuse tasks beyond a hard limit, or into the archive."""
        self.must_be_open()
        if entering and self.is_hard and self.limit and len(self.tasks) + entering > self.limit:
            raise Refused(409)

    def welcome(self, task: Task) -> None:
        """Let a task become what it becomes on entering."""
        task.status = self.status or task.status


@dataclass
class Board:
    """A board, without its log."""

    id: str
    is_public: bool = False
    roles: dict[str, str] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)  # archived ones last, by their ids

    @property
    def shown(self) -> list[Column]:
        """Give the columns that are not archived, from left to right."""
        return [column for column in self.columns if not column.is_archived]

    def arrange(self, shown: list[Column]) -> None:
        """Set the order of the columns that are shown, from left to right."""
        hidden = [column for column in self.columns if column.is_archived]
        self.columns = [*shown, *sorted(hidden, key=lambda column: column.id)]

    def tasks(self) -> Iterator[tuple[Column, Task]]:
        """Go through all tasks, archived ones last in each column."""
        for column in self.columns:
            yield from ((column, task) for task in [*column.tasks, *column.archived.values()])

    def column(self, column_id: str) -> Column:
        """Find a column; what is not on this board does not exist for it."""
        found = [column for column in self.columns if column.id == column_id]
        if not found:
            raise Refused(404)
        return found[0]

    def task(self, task_id: str) -> tuple[Column, Task]:
        """Find a task, and the column that it is in."""
        found = [pair for pair in self.tasks() if pair[1].id == task_id]
        if not found:
            raise Refused(404)
        return found[0]

    def needed(self, then: "Board") -> Iterator[str]:
        """Name the rights that making ``then`` of this board needs."""
        yield "VIEW"
        if self.is_public != then.is_public or _frames(self) != _frames(then):
            yield "EDIT_BOARD"
        if self.roles != then.roles:
            yield "MANAGE_PEOPLE"
        if _contents(self) != _contents(then):
            yield "EDIT_TASKS"


def _frames(board: Board) -> list[object]:
    return [(c.id, c.status, c.limit, c.is_hard, c.is_archived) for c in board.columns]


def _contents(board: Board) -> list[object]:
    return [(c.id, c.tasks, c.archived) for c in board.columns]


@dataclass
class Log:
    """A board as it is, and as it was before each of its events."""

    board: Board
    past: list[Board | None]  # None: not known
    gone: set[str] = field(default_factory=set)  # who was on it and went, in whatever way
    left: dict[str, int] = field(default_factory=dict)  # who went by themselves, by which event

    def note(self, actor: str, before: Board, after: Board) -> None:
        """Remember who goes."""
        for person in before.roles.keys() - after.roles.keys():
            self.gone.add(person)
            if person == actor:
                self.left[person] = self.seq

    @property
    def seq(self) -> int:
        """Give the number of the last event."""
        return len(self.past)


class Model:
    """All boards, and who is who."""

    def __init__(self, people: list[str], administrator: str) -> None:
        self.people = people
        self.administrator = administrator
        self.logs: dict[str, Log] = {}

    @property
    def boards(self) -> list[Board]:
        """Give all boards."""
        return [log.board for log in self.logs.values()]

    def role(self, actor: str, board: Board) -> str | None:
        """Tell the role whose rights somebody has."""
        return "CREATOR" if actor == self.administrator else board.roles.get(actor)

    def sees(self, actor: str, board: Board) -> bool:
        """Tell whether somebody may know of a board."""
        return board.is_public or self.role(actor, board) is not None

    def lists(self, actor: str, board: Board, visibility: str) -> bool:
        """Tell whether a list is of a board: those one is on, public ones besides, or all."""
        is_public = visibility == "public" and board.is_public
        return actor in board.roles or is_public or visibility == "all"

    def require(self, actor: str, board: Board, *rights: str) -> None:
        """Refuse whoever lacks one of these."""
        role = self.role(actor, board)
        if not self.sees(actor, board):
            raise Refused(404)
        for right in rights:
            is_enough = role and RANKS.index(role) >= RANKS.index(LOWEST[right])
            if not is_enough and not (right == "VIEW" and board.is_public):
                raise Refused(403)

    def outrank(self, actor: str, board: Board, role: str) -> None:
        """Refuse whoever has no higher role than this one."""
        own = self.role(actor, board)
        if own is None or RANKS.index(own) <= RANKS.index(role):
            raise Refused(403)

    def act(self, actor: str, board_id: str, right: str, deed: Callable[[Board], None]) -> bool:
        """Do it to a board, or nothing at all; tell whether anything has changed."""
        log = self.logs[board_id]
        after = deepcopy(log.board)
        self.require(actor, after, right)
        deed(after)
        is_changed = after != log.board
        if is_changed:
            log.past.append(log.board)
            log.note(actor, log.board, after)
            log.board = after
        return is_changed

    def check_undo(self, actor: str, board_id: str, seq: int) -> None:
        """Refuse whoever may not take back an event, and what cannot be taken back."""
        log = self.logs[board_id]
        self.require(actor, log.board, "EDIT_TASKS")
        if not 1 <= seq <= log.seq:
            raise Refused(404)
        before = log.past[seq - 1]
        after = log.board if seq == log.seq else log.past[seq]
        if seq == 1:
            self.require(actor, log.board, "MANAGE_PEOPLE")
            raise Refused(409)  # a board's beginning is not taken back
        if before is None or after is None:
            raise Unknown
        self.require(actor, log.board, *before.needed(after))
        self._check_roles(actor, log.board, before.roles, after.roles)
        for person in before.roles.keys() - after.roles.keys() - {actor}:
            if person in log.left:  # whether there was another place since, the model does not know
                raise Refused(*((409,) if log.left[person] == seq else (200, 409)))

    def _check_roles(
        self, actor: str, board: Board, before: dict[str, str], after: dict[str, str]
    ) -> None:
        changed = [p for p in {*before, *after} if before.get(p) != after.get(p)]
        roles = {r[p] for p in changed for r in (before, after) if p in r}
        if "CREATOR" in roles:
            self.require(actor, board, "OWN")
            return
        for role in roles:
            self.outrank(actor, board, role)
