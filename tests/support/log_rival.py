"""A rival: somebody in the middle of a transaction that holds a board's lock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

WAITING = "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"


class Rival:
    """Holds the lock until it is told to commit."""

    def __init__(self, connection: asyncpg.Connection, watcher: asyncpg.Connection) -> None:
        self.connection = connection
        self._watcher = watcher

    async def do(self, sql: str, *values: Any) -> None:
        await self.connection.execute(sql, *values)

    async def outrun(self, request: Awaitable[httpx.Response]) -> httpx.Response:
        """Let a request begin, commit when it waits for us, and give its answer."""
        task = asyncio.ensure_future(request)
        await self.is_waited_for(task)
        await self.connection.execute("commit")
        return await task

    async def is_waited_for(self, task: asyncio.Future[httpx.Response] | None = None) -> None:
        """Wait until somebody waits for our lock; ``task`` is who should."""
        async with asyncio.timeout(60):
            while not await self._watcher.fetchval(WAITING, self.connection.get_server_pid()):
                assert task is None or not task.done(), "it did not wait for the rival"


@asynccontextmanager
async def rival_on(board_id: str, url: str, watcher: asyncpg.Connection) -> AsyncIterator[Rival]:
    """Lock a board as an action does; ``watcher`` is another connection."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("begin")
        await connection.execute("select from boards where id = $1 for no key update", board_id)
        yield Rival(connection, watcher)
    finally:
        await connection.close()


WAITERS = """select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()"""


@asynccontextmanager
async def next_on(board_id: str, url: str, watcher: asyncpg.Connection) -> AsyncIterator[None]:
    """Get a board's lock behind the one who waits for it, and hold it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("begin")
        sql = "select from boards where id = $1 for no key update"
        locking = asyncio.ensure_future(connection.execute(sql, board_id))
        async with asyncio.timeout(60):
            while await watcher.fetchval(WAITERS) < 2:
                pass
        yield
        await locking
    finally:
        await connection.close()


async def all_wait(watcher: asyncpg.Connection, *requests: asyncio.Future[httpx.Response]) -> None:
    """Wait until each of these requests waits for a lock."""
    async with asyncio.timeout(60):
        while await watcher.fetchval(WAITERS) < len(requests):
            assert not any(request.done() for request in requests)
