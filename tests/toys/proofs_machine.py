"""The state machine, with stickers on the model's tasks."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import test_machine

import machine_stage
from api import Json
from doska.schemas import new_id
from machine import N, deed, deeds_of, needs
from machine_model import Board, Task

_task = machine_stage._task  # noqa: SLF001


@dataclass
class WithStickers(Task):
    """A task with its stickers' ids."""

    stickers: set[str] = field(default_factory=set)


def with_stickers(row: Json, rows: dict[str, list[Json]]) -> Task:
    own = {found["id"] for found in rows.get("stickers", []) if found["task_id"] == row["id"]}
    return WithStickers(**vars(_task(row, rows)), stickers=own)


class EverythingWithStickers(test_machine.Everything):
    """What people do, with stickers."""

    @test_machine.has_tasks
    @deed(times=4, who=N, which=N)
    def put_sticker(self, who: int, which: int) -> None:
        (board, task), made = self.pick(self.tasks, which), new_id()
        body = {"id": made, "task_id": task.id, "title": "Urgent"}

        def done(found: Board) -> None:
            stickers: Any = found.task(task.id)[1]
            stickers.stickers.add(made)

        self.attempt(self.actor(who, board), board, "EDIT_TASKS", done, "POST", "/stickers", **body)

    @needs(lambda self: self.stickers)
    @deed(times=2, who=N, which=N)
    def take_sticker(self, who: int, which: int) -> None:
        board, task, sticker = self.pick(self.stickers, which)

        def done(found: Board) -> None:
            found.task(task.id)[1].stickers.remove(sticker)  # type: ignore[attr-defined]

        path = f"/stickers/{sticker}"
        self.attempt(self.actor(who, board), board, "EDIT_TASKS", done, "DELETE", path)

    @property
    def stickers(self) -> list[tuple[Board, Task, str]]:
        """Give all stickers, each with its task and board."""
        return [(b, t, s) for b, t in self.tasks for s in sorted(t.stickers)]  # type: ignore[attr-defined]


class MachineWithStickers(EverythingWithStickers, test_machine.Machine):
    """One deed after the other."""

    deeds = deeds_of(EverythingWithStickers)


@pytest.mark.usefixtures("few_keys_fit")
def test_whatever_people_do_is_what_the_model_says(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail with a kind that does not go with its task."""
    monkeypatch.setattr(machine_stage, "_task", with_stickers)
    monkeypatch.setattr(test_machine, "Task", WithStickers)
    test_machine.try_all(MachineWithStickers, database_url, examples=8)
