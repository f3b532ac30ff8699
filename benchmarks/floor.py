"""The floor: what the same work costs with nothing around it.

A bare Starlette application over an asyncpg pool of Doska's size, served by uvicorn with uvloop and
httptools. It answers the addresses that are measured with the same JSON, by the same SQL: reads
take Doska's own expressions (``floor_sql``) without the judging joins; a write is one read of what
the answer and the event need and the one writing statement (rows, ``boards.seq``, event), which
commits by itself. As in Doska, nothing is sent when a connection returns to the pool.

It leaves out: sign-in, roles and every other judgement, checks of input, of what was written and
of what has changed between reading and writing, models, refusals, the log of requests, request ids, safe headers, limits, timeouts.
"""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import asyncpg
import uvicorn
from pydantic_core import from_json, to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import floor_sql as sql
from doska.boards.pieces import nothing_beside
from doska.live.snapshot_router import TASKS_PER_COLUMN_MAX
from doska.ordering import between
from doska.schemas import new_id, now
from doska.tasks.drawing import shown_task
from doska.tasks.rows import TaskRow

Row = dict[str, Any]


class Floor:
    """The application."""

    pool: asyncpg.Pool
    author_id: str

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Open the pool."""
        self.pool = await asyncpg.create_pool(
            os.environ["FLOOR_DATABASE_URL"],
            min_size=int(os.environ["FLOOR_POOL_MIN"]),
            max_size=int(os.environ["FLOOR_POOL_MAX"]),
            reset=_keep,
            server_settings={"timezone": "UTC", "jit": "off"},
        )
        find = "select id::text from users where username = 'anna'"
        self.author_id = await self.pool.fetchval(find)
        yield
        await self.pool.close()

    async def ready(self, _: Request) -> Response:
        """Tell that it runs."""
        return _answer("{}")

    async def read_snapshot(self, request: Request) -> Response:
        """Read a whole board."""
        limit = request.query_params.get("tasks_per_column", TASKS_PER_COLUMN_MAX)
        return await self._read(sql.WHOLE_BOARD, request, per_column=int(limit))

    async def read_task(self, request: Request) -> Response:
        """Read a task."""
        return await self._read(sql.ONE_TASK, request)

    async def list_tasks(self, request: Request) -> Response:
        """List the first tasks of a column."""
        limit = int(request.query_params["limit"])
        return await self._read(
            sql.FIFTY_TASKS, request, limit=limit, after_id=None, after_key=None
        )

    async def _write(self, work: Callable[[asyncpg.Connection], Awaitable[Response]]) -> Response:
        """Read and write; once more where somebody else has just taken the number or the key."""
        async with self.pool.acquire() as connection:
            while True:
                with suppress(asyncpg.UniqueViolationError):
                    return await work(connection)

    async def _read(self, asked: sql.Statement, request: Request, **more: Any) -> Response:
        """Answer with what one statement gives."""
        text, names = asked
        values = {**request.path_params, **more}
        return _answer(await self.pool.fetchval(text, *(values[name] for name in names)))

    async def move_task(self, request: Request) -> Response:
        """Move a task below another."""
        body = from_json(await request.body())
        values = {**request.path_params, "near_id": body["after"], "assignee_ids": []}

        async def work(connection: asyncpg.Connection) -> Response:
            parts = await _read_for_write(connection, sql.FOR_MOVE, values)
            row, column = parts["task"], parts["spot"]["column"]
            changed = {"column_id": column["id"], "rank": between(parts["low"], parts["high"])}
            if status := column["status"]:
                done = now() if status == "DONE" else None
                changed |= {"status": status, "completed_at": row["completed_at"] or done}
                changed["completed_at"] = changed["completed_at"] if status == "DONE" else None
            return await self._update(connection, "task.moved", parts, changed)

        return await self._write(work)

    async def update_task(self, request: Request) -> Response:
        """Change some of a task's fields."""
        body = from_json(await request.body())
        values = {**request.path_params, "assignee_ids": []}

        async def work(connection: asyncpg.Connection) -> Response:
            parts = await _read_for_write(connection, sql.FOR_PATCH, values)
            return await self._update(connection, "task.updated", parts, body)

        return await self._write(work)

    async def create_task(self, request: Request) -> Response:
        """Create a task at the bottom of a column."""
        body = from_json(await request.body())
        values = {"column_id": body["column_id"], "author_id": self.author_id}

        async def work(connection: asyncpg.Connection) -> Response:
            parts = await _read_for_write(connection, sql.FOR_CREATE, values)
            row = _new_task(parts, body, self.author_id)
            parts |= {"beside": nothing_beside("tasks"), "assignments": []}
            view = _view(parts, row)
            parts["board"]["task_number"] = row["number"]
            event = self._event("task.created", view, None, row)
            await _write(connection, sql.INSERT, parts["board"], event, row)
            return _answer(to_json(view), 201)

        return await self._write(work)

    async def _update(
        self, connection: asyncpg.Connection, kind: str, parts: Row, changed: Row
    ) -> Response:
        before = parts["task"]
        after = {**before, **changed, "version": before["version"] + 1, "updated_at": now()}
        news = {name: value for name, value in after.items() if before[name] != value}
        event = self._event(kind, {"id": after["id"], **news}, before, after)
        await _write(connection, sql.UPDATE, parts["board"], event, after)
        return _answer(to_json(_view(parts, after)))

    def _event(self, kind: str, task: Row, before: Row | None, after: Row) -> Row:
        change = {"table": "tasks", "id": after["id"], "before": before, "after": after}
        return {
            "type": kind,
            "actor_id": self.author_id,
            "task_id": after["id"],
            "batch_id": None,
            "payload": {"task": task},
            "at": after["updated_at"],
            "changes": [change],
        }


async def _keep(_: asyncpg.Connection) -> None:
    """Send nothing when a connection returns to the pool."""


def _answer(body: str | bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


async def _read_for_write(connection: asyncpg.Connection, read: sql.Statement, values: Row) -> Row:
    """Read what is needed."""
    record = await connection.fetchrow(read[0], *(values[name] for name in read[1]))
    return {name: value and from_json(value) for name, value in record.items()}


async def _write(
    connection: asyncpg.Connection, text: str, board: Row, event: Row, row: Row
) -> None:
    """Write the row, the counters and the event."""
    values = (to_json([event]).decode(), 2, to_json(row).decode())
    await connection.fetchrow(text, board["id"], board["task_number"], *values)


def _view(parts: Row, row: Row) -> Row:
    people = {person["id"]: person for person in parts.get("people", ())}
    assignees = [people[found["user_id"]] for found in parts["assignments"]]
    beside = {**parts["beside"], "assignees": assignees}
    return shown_task(cast("TaskRow", row), parts["board"]["key"], parts["author"], beside)


def _new_task(parts: Row, body: Row, author_id: str) -> Row:
    column, at = parts["spot"]["column"], now()
    status = column["status"] or "TODO"
    return {
        "id": new_id(),
        "board_id": parts["board"]["id"],
        "column_id": column["id"],
        "number": parts["board"]["task_number"] + 1,
        "title": body["title"],
        "description": body["description"],
        "rank": between(parts["spot"]["last"], None),
        "due_at": None,
        "due_on": None,
        "priority": "MEDIUM",
        "status": status,
        "color": None,
        "author_id": author_id,
        "version": 1,
        "created_at": at,
        "updated_at": at,
        "completed_at": at if status == "DONE" else None,
        "archived_at": None,
    }


def application() -> Starlette:
    """Put the floor together."""
    floor = Floor()
    routes = [
        Route("/health/ready", floor.ready),
        Route("/boards/{board_id}/snapshot", floor.read_snapshot),
        Route("/tasks/{task_id}", floor.read_task),
        Route("/tasks/{task_id}", floor.update_task, methods=["PATCH"]),
        Route("/tasks/{task_id}/move", floor.move_task, methods=["POST"]),
        Route("/tasks", floor.create_task, methods=["POST"]),
        Route("/columns/{column_id}/tasks", floor.list_tasks),
    ]
    return Starlette(routes=routes, lifespan=floor.lifespan)


def main() -> None:
    """Serve at a port of this machine."""
    config = uvicorn.Config(
        application(),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
