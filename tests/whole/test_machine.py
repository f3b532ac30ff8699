"""Whatever people do, in whatever order, is what the model says: statuses, lists, orders and logs.

What is tried is the same each time; DOSKA_MACHINE_EXAMPLES asks for more of it, and for the
shortest story that fails.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

import machine_deeds as deeds
from doska.schemas import new_id
from machine import SIDE, STATUS, YES, N, beside, deed, deeds_of, needs, nth
from machine_boards import Boards, has_columns
from machine_model import Board, Subtask, Task
from machine_stage import Stage

MORE = os.environ.get("DOSKA_MACHINE_EXAMPLES")
EXAMPLES = int(MORE or 24)
PHASES = [Phase.generate, Phase.shrink] if MORE else [Phase.generate]
STEPS = 40

has_tasks = needs(lambda self: self.tasks)
has_subtasks = needs(lambda self: self.subtasks)


class Everything(Boards):
    """Tasks and subtasks, too."""

    @has_columns
    @deed(times=2, who=N, which=N, whom=(None, *N))
    def create_task(self, who: int, which: int, whom: int | None) -> None:
        board, column = self.pick(self.columns, which)
        actor = self.actor(who, board)
        people = [] if whom is None else [self.whom(whom, board)]
        made = Task(new_id(), "Task", "TODO", set(people))
        body = {"id": made.id, "column_id": column.id, "title": "Task", "assignee_ids": people}

        def done(found: Board) -> None:
            deeds.create_task(found, column.id, made)

        self.attempt(actor, board, "EDIT_TASKS", done, "POST", "/tasks", **body)

    @has_tasks
    @deed(who=N, which=N, title=("A", "B"))
    def rename_task(self, who: int, which: int, title: str) -> None:
        def done(found: Board, task: str) -> None:
            found.task(task)[1].title = title

        self.edit_task(who, which, done, "PATCH", "", title=title)

    def edit_task(
        self,
        who: int,
        which: int,
        deed: Callable[[Board, str], None],
        method: str,
        beyond: str,
        **body: Any,
    ) -> None:
        """Try something with one of the tasks."""
        board, task = self.pick(self.tasks, which)
        actor = self.actor(who, board)
        path = f"/tasks/{task.id}{beyond}"
        self.attempt(
            actor, board, "EDIT_TASKS", lambda found: deed(found, task.id), method, path, **body
        )

    @has_tasks
    @deed(times=2, who=N, which=N, status=STATUS)
    def set_status(self, who: int, which: int, status: str) -> None:
        def done(found: Board, task: str) -> None:
            deeds.set_status(found, task, status)

        self.edit_task(who, which, done, "PATCH", "", status=status)

    @has_tasks
    @deed(who=N, which=N, is_archived=YES)
    def archive(self, who: int, which: int, *, is_archived: bool) -> None:
        def done(found: Board, task: str) -> None:
            deeds.archive(found, task, is_archived=is_archived)

        self.edit_task(who, which, done, "PATCH", "", is_archived=is_archived)

    @has_tasks
    @deed(who=N, which=N, to=N)
    def change_column(self, who: int, which: int, to: int) -> None:
        column = self.column_near(to, self.pick(self.tasks, which)[0])

        def done(found: Board, task: str) -> None:
            deeds.change_column(found, task, column)

        self.edit_task(who, which, done, "PATCH", "", column_id=column)

    @has_tasks
    @deed(times=5, who=N, which=N, side=SIDE, other=N, to=(None, *N))
    def move_task(self, who: int, which: int, side: str, other: int, to: int | None) -> None:
        board, _ = self.pick(self.tasks, which)
        column = None if to is None else self.column_near(to, board)
        near = beside(side, self.task_near(other, board))
        body = dict([near]) if column is None else {**dict([near]), "column_id": column}

        def done(found: Board, task: str) -> None:
            deeds.move_task(found, task, column, near)

        self.edit_task(who, which, done, "POST", "/move", **body)

    @has_tasks
    @deed(who=N, which=N, whom=N, is_put=YES)
    def assign(self, who: int, which: int, whom: int, *, is_put: bool) -> None:
        person = self.whom(whom, self.pick(self.tasks, which)[0])

        def done(found: Board, task: str) -> None:
            (deeds.assign if is_put else deeds.unassign)(found, task, person)

        self.edit_task(who, which, done, "PUT" if is_put else "DELETE", f"/assignees/{person}")

    @has_tasks
    @deed(who=N, which=N)
    def delete_task(self, who: int, which: int) -> None:
        self.edit_task(who, which, deeds.delete_task, "DELETE", "")

    @has_tasks
    @deed(who=N, which=N, is_completed=YES)
    def create_subtask(self, who: int, which: int, *, is_completed: bool) -> None:
        (board, task), made = self.pick(self.tasks, which), new_id()
        actor = self.actor(who, board)
        body = {"id": made, "task_id": task.id, "title": "Subtask", "is_completed": is_completed}

        def done(found: Board) -> None:
            found.task(task.id)[1].subtasks.append(Subtask(made, is_completed))

        self.attempt(actor, board, "EDIT_TASKS", done, "POST", "/subtasks", **body)

    @has_subtasks
    @deed(who=N, which=N, side=SIDE, other=N)
    def move_subtask(self, who: int, which: int, side: str, other: int) -> None:
        board, task, subtask = self.pick(self.subtasks, which)
        actor = self.actor(who, board)
        near = beside(side, nth(self.subtasks, which // 4 + other)[2].id)
        path = f"/subtasks/{subtask.id}/move"

        def done(found: Board) -> None:
            deeds.move_subtask(found, task.id, subtask.id, near)

        self.attempt(actor, board, "EDIT_TASKS", done, "POST", path, **dict([near]))

    @has_subtasks
    @deed(who=N, which=N)
    def delete_subtask(self, who: int, which: int) -> None:
        board, task, subtask = self.pick(self.subtasks, which)
        actor = self.actor(who, board)

        def done(found: Board) -> None:
            found.task(task.id)[1].subtasks.remove(subtask)

        self.attempt(actor, board, "EDIT_TASKS", done, "DELETE", f"/subtasks/{subtask.id}")


DEEDS = deeds_of(Everything)


class Machine(Everything):
    """One deed after the other.

    Hypothesis likes to repeat what it has tried; what is counted in never comes twice. But then no
    story can be made shorter, for what follows would be another.
    """

    count = 0
    deeds = DEEDS

    @rule(number=st.integers(0, 2**32 - 1))
    def follow(self, number: int) -> None:
        self.count += not MORE
        self.do(self.deeds, f"{number} {self.count}")


def try_all(machine: type[Machine], database_url: str, examples: int = EXAMPLES) -> None:
    """Let a machine follow its deeds, on a stage of its own."""
    profile = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    with Stage(database_url) as stage:
        machine.stage = stage
        run_state_machine_as_test(machine, settings=profile)


@pytest.mark.usefixtures("few_keys_fit")
def test_whatever_people_do_is_what_the_model_says(database_url: str) -> None:
    try_all(Machine, database_url)
