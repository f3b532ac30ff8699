"""How a deed is tried on the model and on the real thing; and what its numbers stand for."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from api import Json
from machine_deeds import Near
from machine_model import Board, Column, Model, Refused, Subtask, Task
from machine_stage import Stage

N = st.integers(0, 95)  # names one of what there is, whatever there is
STATUS = st.sampled_from(["TODO", "IN_PROGRESS", "DONE"])
SIDE = st.sampled_from(["before", "after", "top", "bottom"])
YES = st.booleans()

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., None])
Deed = Callable[[Board], None]


def needs(condition: Callable[[Any], object]) -> Callable[[F], F]:
    """Say when a deed can be done."""

    def mark(method: F) -> F:
        method.condition = condition  # type: ignore[attr-defined]
        return method

    return mark


def deed(times: int = 1, **values: st.SearchStrategy[Any]) -> Callable[[F], F]:
    """Make a method a deed, and say what is chosen for it, and how often it is tried."""

    def mark(method: F) -> F:
        method.deed = [(method.__name__, values)] * times  # type: ignore[attr-defined]
        return method

    return mark


def deeds_of(machine: type) -> st.SearchStrategy[tuple[str, Json]]:
    """Choose among all deeds; hypothesis, left to itself, leaves half of all rules out."""
    marked = [getattr(getattr(machine, name), "deed", []) for name in dir(machine)]
    found = [
        st.tuples(st.just(name), st.fixed_dictionaries(values))
        for deeds in marked
        for name, values in deeds
    ]
    return st.one_of(found)


def nth(found: Sequence[T], n: int) -> T:
    """Choose one of what there is."""
    return found[n % len(found)]


def beside(side: str, other: str) -> Near:
    """Name a place: an end, or a side of something."""
    return (side, other) if side in ("before", "after") else ("at", side)


class Tried(RuleBasedStateMachine):
    """Boards, columns, tasks, subtasks and people, each by a number."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.model: Model = self.stage.run(self.stage.model())

    def teardown(self) -> None:
        """Look at every board once more, and leave nothing behind."""
        try:
            for board in self.model.boards:
                self.stage.run(self.stage.check(self.model, board.id))
        finally:
            self.stage.run(self.stage.clear())

    def do(self, name: str, values: Json) -> None:
        """Do what was chosen, if it can be done."""
        method = getattr(self, name)
        if getattr(method, "condition", lambda _: True)(self):
            method(**values)

    def person(self, n: int) -> str:
        """Choose one of the people."""
        return nth(self.model.people, n)

    def actor(self, n: int, board: Board) -> str:
        """Choose one of the people, most often one who is on the board."""
        on_it = [person for person in self.model.people if person in board.roles]
        return nth(on_it, n) if n % 4 else self.person(n // 4)

    def whom(self, n: int, board: Board) -> str:
        """Choose somebody, most often one who is on the board."""
        return self.actor(n // 4, board) if n % 4 else self.person(n // 4)

    def column_near(self, n: int, board: Board) -> str:
        """Choose a column, most often one of the same board."""
        near = board.columns if n % 4 and board.columns else [found for _, found in self.columns]
        return nth(near, n // 4).id

    def task_near(self, n: int, board: Board) -> str:
        """Choose a task, most often one of the same board."""
        near = [task for _, task in board.tasks()] if n % 4 else [task for _, task in self.tasks]
        return nth(near, n // 4).id

    def board(self, n: int) -> Board:
        """Choose a board, most often the first, which most people are on."""
        return self.model.boards[0] if n % 3 else nth(self.model.boards, n // 3)

    def pick(self, found: Sequence[T], n: int) -> T:
        """Choose one of what is on boards, most often on the first."""
        first = self.model.boards[0]
        near = [one for one in found if one[0] is first] if n % 3 else []  # type: ignore[index]
        return nth(near or found, n // 3)

    @property
    def columns(self) -> list[tuple[Board, Column]]:
        """Give all columns, each with its board."""
        return [(board, column) for board in self.model.boards for column in board.columns]

    @property
    def tasks(self) -> list[tuple[Board, Task]]:
        """Give all tasks, each with its board."""
        return [(board, task) for board in self.model.boards for _, task in board.tasks()]

    @property
    def subtasks(self) -> list[tuple[Board, Task, Subtask]]:
        """Give all subtasks, each with its task and board."""
        return [(b, t, subtask) for b, t in self.tasks for subtask in t.subtasks]

    def attempt(
        self,
        actor: str,
        board: Board,
        right: str,
        deed: Deed,
        method: str,
        path: str,
        **body: Any,
    ) -> None:
        """Do it to both, and compare the answer and what comes of it."""
        is_making = method == "POST" and path.endswith(
            ("/users", "/columns", "/tasks", "/subtasks")
        )
        expected: tuple[int, ...] = (201 if is_making else 204 if method == "DELETE" else 200,)
        try:
            self.model.act(actor, board.id, right, deed)
        except Refused as refused:
            expected = refused.statuses
        status = self.send(actor, method, path, **body)
        assert status in expected, f"{method} {path} {body}: {status}, not {expected}"
        self.compare(actor, board.id)

    def send(self, actor: str, method: str, path: str, **body: Any) -> int:
        """Ask the real thing."""
        return self.stage.run(self.stage.send(actor, method, path, body)).status_code

    def compare(self, actor: str, board_id: str) -> None:
        """Compare a board, and what somebody finds in the lists."""
        self.stage.run(self.stage.check(self.model, board_id))
        self.stage.run(self.stage.check_lists(self.model, actor))
