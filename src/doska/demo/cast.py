"""People who work on a board, by the same actions that requests call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from doska.attachments.actions import NewFile, add_file, add_link
from doska.attachments.schemas import LinkNew
from doska.boards.access import BOARD, Access, Anchor
from doska.boards.actions import create_board
from doska.boards.limits import Limits
from doska.boards.models import Role
from doska.boards.people import add_person
from doska.boards.policy import Right
from doska.boards.schemas import BoardNew, PersonNew
from doska.files.intake import receive
from doska.files.places import open_store
from doska.identity.access import Caller
from doska.schemas import clock_at, new_id
from doska.tasks.access import COLUMN, SUBTASK, TASK
from doska.tasks.actions import (
    assign_task,
    create_task,
    delete_task,
    label_task,
    move_task,
    update_task,
)
from doska.tasks.columns import create_column
from doska.tasks.label_schemas import LabelNew
from doska.tasks.labels import create_label
from doska.tasks.moves import End, TaskMoveIn
from doska.tasks.schemas import ColumnNew, SubtaskNew, SubtaskPatch, TaskNew, TaskPatch
from doska.tasks.subtasks import create_subtask, update_subtask
from doska.undo.actions import undo

BETWEEN = timedelta(minutes=7)  # two actions, if the story does not say


@dataclass
class Scene:
    """A board, its contents by title, and the time at which people work there."""

    limits: Limits
    board_id: str = field(default_factory=new_id)
    columns: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    events: int = 0
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    moment: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))

    def ago(self, days: int, hours: float = 0) -> None:
        """Go to a time in the past; never backwards, because a log is in the order of time."""
        self.moment = max(self.moment, self.began - timedelta(days=days, hours=hours))

    def day(self, days: int) -> str:
        """Return a day, counted from today where Doska runs."""
        today: date = self.began.astimezone().date()
        return (today + timedelta(days=days)).isoformat()

    @asynccontextmanager
    async def deed(self) -> AsyncIterator[None]:
        """Do one thing at the scene's time; the next comes a little later."""
        with clock_at(self.moment):
            yield
        self.moment = min(self.moment + BETWEEN, datetime.now(UTC))
        self.events += 1


@dataclass(frozen=True)
class Hand:
    """Somebody working on the scene's board."""

    caller: Caller
    scene: Scene

    def _may(self, right: Right, anchor: Anchor, anchor_id: str = "") -> Access:
        return Access(self.caller, right, anchor, anchor_id, limits=self.scene.limits)

    def _on(self, task: str) -> Access:
        return self._may(Right.EDIT_TASKS, TASK, self.scene.tasks[task])

    async def opens(self, title: str, description: str) -> None:
        """Create the board."""
        body = BoardNew(id=self.scene.board_id, title=title, description=description)
        async with self.scene.deed():
            await create_board(self._may(Right.OWN, BOARD), body)

    async def invites(self, other: "Hand", role: Role) -> None:
        """Add somebody to the board."""
        access = self._may(Right.MANAGE_PEOPLE, BOARD, self.scene.board_id)
        async with self.scene.deed():
            await add_person(access, PersonNew(user_id=other.caller.user_id, role=role))

    async def makes_column(self, title: str, **more: Any) -> None:
        """Add a column at the right."""
        self.scene.columns[title] = column_id = new_id()
        named = {"id": column_id, "board_id": self.scene.board_id, "title": title}
        body = ColumnNew.model_validate({**named, **more})
        async with self.scene.deed():
            await create_column(self._may(Right.EDIT_BOARD, BOARD), body)

    async def adds(self, column: str, title: str, *people: "Hand", **more: Any) -> None:
        """Add a task; ``due`` is a number of days from today."""
        self.scene.tasks[title] = task_id = new_id()
        body = {"id": task_id, "column_id": self.scene.columns[column], "title": title}
        assigned = {"assignee_ids": [person.caller.user_id for person in people]}
        given = TaskNew.model_validate({**body, **assigned, **self._due(more)})
        async with self.scene.deed():
            await create_task(self._may(Right.EDIT_TASKS, COLUMN), given)

    async def changes(self, task: str, **fields: Any) -> None:
        """Change a task's fields."""
        body = TaskPatch.model_validate(self._due(fields))
        async with self.scene.deed():
            await update_task(self._on(task), body.model_dump(mode="json", exclude_unset=True))
        if "title" in fields:
            self.scene.tasks[fields["title"]] = self.scene.tasks.pop(task)

    async def makes_label(self, title: str, color: str) -> None:
        """Add a label to the board."""
        self.scene.labels[title] = label_id = new_id()
        body = LabelNew(id=label_id, board_id=self.scene.board_id, title=title, color=color)
        async with self.scene.deed():
            await create_label(self._may(Right.EDIT_BOARD, BOARD), body)

    async def labels(self, task: str, *titles: str) -> None:
        """Put labels on a task."""
        for title in titles:
            async with self.scene.deed():
                await label_task(self._on(task), self.scene.labels[title])

    async def attaches(self, task: str, name: str, content: str) -> None:
        """Attach a file to a task."""
        store = open_store(self.scene.limits.settings)
        file = await receive(store, _pieces(content.encode()))
        async with self.scene.deed():
            await add_file(self._on(task), NewFile(name, None), file)

    async def links(self, task: str, title: str, url: str) -> None:
        """Add a link to a task."""
        async with self.scene.deed():
            await add_link(self._on(task), LinkNew(title=title, url=url))

    async def moves(self, task: str, column: str, at: End = End.BOTTOM) -> None:
        """Move a task to a column."""
        async with self.scene.deed():
            body = TaskMoveIn(column_id=self.scene.columns[column], at=at)
            await move_task(self._on(task), body)

    async def assigns(self, task: str, other: "Hand") -> None:
        """Assign somebody to a task."""
        async with self.scene.deed():
            await assign_task(self._on(task), other.caller.user_id)

    async def deletes(self, task: str) -> None:
        """Delete a task."""
        async with self.scene.deed():
            await delete_task(self._on(task))

    async def splits(self, task: str, *steps: str) -> None:
        """Add subtasks to a task."""
        for step in steps:
            self.scene.steps[step] = step_id = new_id()
            body = SubtaskNew(id=step_id, task_id=self.scene.tasks[task], title=step)
            async with self.scene.deed():
                await create_subtask(self._may(Right.EDIT_TASKS, TASK), body)

    async def ticks(self, *steps: str) -> None:
        """Complete subtasks."""
        fields = SubtaskPatch(is_completed=True).model_dump(mode="json", exclude_unset=True)
        for step in steps:
            access = self._may(Right.EDIT_TASKS, SUBTASK, self.scene.steps[step])
            async with self.scene.deed():
                await update_subtask(access, dict(fields))

    async def takes_back_the_last(self) -> None:
        """Undo the last change of the board."""
        access = self._may(Right.EDIT_TASKS, BOARD, self.scene.board_id)
        async with self.scene.deed():
            await undo(access, self.scene.events)

    def _due(self, fields: dict[str, Any]) -> dict[str, Any]:
        days = fields.pop("due", None)
        return fields if days is None else {**fields, "due_on": self.scene.day(days)}


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
