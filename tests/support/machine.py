"""How a deed is tried on the model and on the real thing; and what its numbers stand for."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, ClassVar, TypeVar

from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from machine_deeds import Near
from machine_model import Board, Column, Model, Refused, Subtask, Task
from machine_stage import Stage

N = range(96)  # names one of what there is, whatever there is
STATUS = ("TODO", "IN_PROGRESS", "DONE")
SIDE = ("before", "after", "top", "bottom")
YES = (False, True)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., None])
Deed = Callable[[Board], None]
Choice = tuple[str, dict[str, Sequence[Any]]]  # a deed, and what there is to choose from


def needs(condition: Callable[[Any], object]) -> Callable[[F], F]:
    """Say when a deed can be done."""

    def mark(method: F) -> F:
        method.condition = condition  # type: ignore[attr-defined]
        return method

    return mark


def deed(times: int = 1, **values: Sequence[Any]) -> Callable[[F], F]:
    """Make a method a deed, and say what there is to choose from, and how often it is tried."""

    def mark(method: F) -> F:
        method.deed = [(method.__name__, values)] * times  # type: ignore[attr-defined]
        return method

    return mark


def deeds_of(machine: type) -> list[Choice]:
    """List all deeds of a machine."""
    marked = (getattr(getattr(machine, name), "deed", []) for name in dir(machine))
    return [choice for deeds in marked for choice in deeds]


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

    def do(self, choices: Sequence[Choice], seed: str) -> None:
        """Do one of the deeds, if it can be done.

        Which one follows from the seed alone, each as probable as any other: hypothesis, left to
        its rules, leaves out half of them.
        """
        chance = Random(seed)  # noqa: S311  # no secret
        name, values = chance.choice(choices)
        chosen = {key: chance.choice(found) for key, found in values.items()}
        method = getattr(self, name)
        if getattr(method, "condition", lambda _: True)(self):
            note(f"{name} {chosen}")
            method(**chosen)

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
        is_making = method == "POST" and (path.count("/") == 1 or path.endswith("/users"))
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
