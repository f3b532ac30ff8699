"""One declaration for a kind of thing: what it gives, and that nothing of it can be forgotten."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import pytest

from doska.activity.languages import check_words
from doska.boards import happenings, kinds, pieces
from doska.boards.declaring import kind
from doska.boards.facts import only
from doska.boards.following import declared_anew
from doska.boards.happenings import happening
from doska.boards.kinds import Parent, Undeclared, check_kinds
from doska.boards.pieces import check_pieces, piece
from doska.boards.policy import Right
from doska.schemas import Out

TESTS = Path(__file__).parents[1]
# The sources beside these tests, and not those that are installed: bugs are planted in a copy.
PATHS = ("../src", "toys", "support", "soak", "whole", "")
PROOFS = (
    "toys/proofs.py",
    "toys/proofs_machine.py",
    "boards/test_replay.py",
    "live/test_history.py::test_every_kind_of_event_is_taken_back",
    "live/test_past_task.py::test_every_kind_of_event_is_taken_back",
    "batch/test_batch_twins.py",
)


def test_toy_kinds_are_whatever_other_kinds_are(server_url: str) -> None:
    """Stickers and notes, declared in tests/toys: replay, the state machine, as it was, twins, undo.

    In a process apart, for what is declared shows in the schemas of tasks and events.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env["PYTHONPATH"] = os.pathsep.join(str(TESTS / path) for path in PATHS)
    env["DOSKA_TEST_DATABASE_URL"] = server_url
    command = [sys.executable, "-m", "pytest", "-p", "toy_plugin", "-p", "no:cacheprovider", "-x"]
    found = subprocess.run(
        [*command, *PROOFS], cwd=TESTS, env=env, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]


class ToyRow(TypedDict):
    """A row of a kind that is never stored."""

    id: str
    board_id: str
    task_id: str
    title: str


class ToyOut(Out):
    """A toy."""

    id: str
    title: str


TOY: dict[str, Any] = {
    "noun": "toy",
    "plural": "toys",
    "right": Right.EDIT_TASKS,
    "parents": (Parent("tasks", "task_id"),),
    "shown": ToyOut,
}


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what a test declares."""
    for module, name in ((kinds, "_KINDS"), (pieces, "_PIECES"), (happenings, "_HAPPENINGS")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))
    yield
    monkeypatch.undo()
    declared_anew()


@pytest.mark.parametrize("name", ["noun", "plural", "right", "parents"])
def test_a_kind_says_all_of_this(name: str) -> None:
    with pytest.raises(TypeError, match=f"required keyword-only argument: '{name}'"):
        kind("toys", ToyRow, **{key: value for key, value in TOY.items() if key != name})
    assert not kinds.is_known("toys")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"shown": None}, "say how it is shown, or within what"),
        ({"parents": ()}, "say whose task_id is: a parent's, a person's, or what it holds"),
        ({"owner": "author_id"}, "say who else takes it away"),
        ({"ranked_in": "column_id"}, "its rows have no column_id"),
        ({"fresh": {"weight": 7}}, "its rows have no weight"),
        ({"people": {"author_id": "goes"}}, "its rows have no author_id"),
        (
            {"people": {"user_id": "leaves with the place"}},
            "let it hang on board_users by user_id",
        ),
    ],
)
def test_what_does_not_fit_its_rows_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Undeclared, match=f"The kind toys: {said}."):
        kind("toys", ToyRow, **{**TOY, **changed})


def test_a_parent_is_declared_too() -> None:
    kind("toys", ToyRow, **{**TOY, "parents": (Parent("boxes", "task_id"),)})
    with pytest.raises(Undeclared, match=r"The kind toys: no boxes are declared."):
        check_kinds()


def test_an_event_has_words_in_every_language() -> None:
    told: dict[str, Any] = {"about": "A toy.", "tell": lambda _: only("toy_created")}
    with pytest.raises(Undeclared, match=r"The event toy.created: it has no words in ru."):
        happening("toy.created", ToyOut, en="made a toy", **told)
    happening("toy.created", ToyOut, says=("toy_created",), **told)
    with pytest.raises(Undeclared, match=r"The event toy.created: en has no words toy_created."):
        check_words()
    with pytest.raises(Undeclared, match="its languages do not say the same"):
        happening("toy.moved", ToyOut, en={"a": "b"}, ru={"c": "d"}, **told)


def test_a_piece_is_of_rows_that_there_are_and_is_shown() -> None:
    kind("toys", ToyRow, **TOY)
    drawn: dict[str, Any] = {"drawn": lambda rows, _: len(rows), "empty": 0, "field": int}
    of: dict[str, Any] = {"of": "tasks", "source": "toys", "agg": "to_json(count(*))", **drawn}
    piece("toy_count", key="box_id", **of)
    with pytest.raises(Undeclared, match="The piece toy_count: toys have no box_id"):
        check_pieces()
    piece("toy_count", key="task_id", **of)
    with pytest.raises(Undeclared, match="The piece toy_count: it is not shown of tasks"):
        check_pieces()
