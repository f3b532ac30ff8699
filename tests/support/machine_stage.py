"""The real thing that the model is compared with: one application on an event loop of its own."""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any, Self, TypeVar

import asyncpg
import httpx

from api import Api, Json, Person
from apps import another_api
from conftest import emptied
from log_board import counters, is_gap_free, log_of, replayed, stored
from machine_model import Board, Column, Log, Model, Subtask, Task
from people import promote

T = TypeVar("T")
FULL = {"task_limit": 2, "limit_is_hard": True}  # with the two tasks that come there


class Stage:
    """The application, and whoever acts on it; hypothesis calls it from outside of any loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._open = AsyncExitStack()
        self.people: dict[str, Person] = {}

    def run(self, work: Awaitable[T]) -> T:
        """Wait for something to be done."""

        async def done() -> T:
            return await work

        return self._runner.run(done())

    def __enter__(self) -> Self:
        self.run(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._open.aclose())
        self._runner.close()

    async def _begin(self) -> None:
        self.api: Api = await self._open.enter_async_context(another_api(self._url))
        self.db = await asyncpg.connect(self._url)
        await self.db.execute("set timezone = 'UTC'")
        self._open.push_async_callback(self.db.close)

    async def clear(self) -> None:
        """Sweep everything away."""
        await emptied(self.db)

    async def model(self) -> Model:
        """Begin anew: a board with people in all roles, each with a board of their own, too.

        The last of them is an administrator.
        """
        people = [await self.api.user() for _ in range(6)]
        await promote(self.db, people[-1])
        self.people = {person.id: person for person in people}
        model, common = Model(list(self.people), people[-1].id), await self._common(people)
        homes = "select id::text from boards order by id <> $1, created_at, id"
        for row in await self.db.fetch(homes, common):
            seq = (await counters(self.db, row["id"]))["seq"]
            model.logs[row["id"]] = Log(await self.board(row["id"]), [None] * seq)
        return model

    async def _common(self, people: list[Person]) -> str:
        creator = people[0]
        board = await creator.board(columns=["One", "Two", "Three"])
        for person, role in zip(people[1:], ("MODERATOR", "MEMBER", "OBSERVER"), strict=False):
            await creator.invite(board, person, role)
        columns = await creator.items(f"/boards/{board['id']}/columns")
        await creator.patch(f"/columns/{columns[1]['id']}", status="DONE", **FULL)
        tasks = [await creator.task(columns[n // 4], "A") for n in range(6)]
        for _ in range(3):
            await creator.subtask(tasks[0])
        return str(board["id"])

    async def send(self, actor: str, method: str, path: str, body: Json) -> httpx.Response:
        """Act as somebody; the body of a DELETE is its query."""
        given: dict[str, Any] = {"params" if method == "DELETE" else "json": body}
        return await self.people[actor].send(method, path, **given)

    async def board(self, board_id: str) -> Board:
        """Read a board's rows as the model has them."""
        rows: dict[str, list[Json]] = {}
        for (table, _), row in (await stored(self.db, board_id)).items():
            rows.setdefault(table, []).append(row)
        (board,) = rows["boards"]
        roles = {row["user_id"]: row["role"] for row in rows["board_users"]}
        columns = sorted(rows.get("columns", []), key=_place)
        return Board(board_id, board["is_public"], roles, [_column(row, rows) for row in columns])

    async def check(self, model: Model, board_id: str) -> None:
        """Compare a board with the model: rows, log and snapshot."""
        log = model.logs[board_id]
        assert await self.board(board_id) == log.board
        assert list(log.board.roles.values()).count("CREATOR") == 1
        events = await log_of(self.db, board_id)
        assert is_gap_free(events)
        assert len(events) == log.seq == (await counters(self.db, board_id))["seq"]
        assert replayed(events) == await stored(self.db, board_id)
        reader = self.people[model.administrator]
        shown = await reader.read(f"/boards/{board_id}/snapshot")
        assert shown["seq"] == log.seq
        assert [column["id"] for column in shown["columns"]] == [c.id for c in log.board.shown]
        tasks = [task.id for column in log.board.shown for task in column.tasks]
        assert [task["id"] for task in shown["tasks"]] == tasks

    async def check_lists(self, model: Model, actor: str) -> None:
        """Compare what somebody finds in the lists with what they are of."""
        for visibility in ("mine", "public", *(["all"] if actor == model.administrator else [])):
            listed = [board for board in model.boards if model.lists(actor, board, visibility)]
            expected = {
                "/boards": {board.id for board in listed},
                "/columns": {column.id for board in listed for column in board.columns},
                "/tasks": {task.id for board in listed for _, task in board.tasks()},
            }
            for path, ids in expected.items():
                query = {"archived": "all"}
                query |= {} if visibility == "mine" else {"visibility": visibility}
                found = await self.people[actor].items(path, limit=200, **query)
                assert {item["id"] for item in found} == ids, (path, visibility)


def _place(row: Json) -> tuple[bool, str]:
    return row["rank"] is None, row["rank"] or row["id"]


def _column(row: Json, rows: dict[str, list[Json]]) -> Column:
    limit = (row["task_limit"], row["limit_is_hard"])
    found = Column(row["id"], row["status"], *limit, is_archived=row["archived_at"] is not None)
    tasks = [task for task in rows.get("tasks", []) if task["column_id"] == row["id"]]
    for task in sorted(tasks, key=lambda task: (str(task["rank"]), task["number"])):
        if task["archived_at"] is None:
            found.tasks.append(_task(task, rows))
        else:
            found.archived[task["id"]] = _task(task, rows)
    return found


def _task(row: Json, rows: dict[str, list[Json]]) -> Task:
    own = [found for found in rows.get("subtasks", []) if found["task_id"] == row["id"]]
    own.sort(key=lambda found: str(found["rank"]))
    people = {a["user_id"] for a in rows.get("task_assignees", []) if a["task_id"] == row["id"]}
    subtasks = [Subtask(found["id"], found["is_completed"]) for found in own]
    return Task(row["id"], row["title"], row["status"], people, subtasks)
