"""A rival: somebody in the middle of a transaction that holds a board's lock."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
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

    async def outrun(self, request: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """Let a request begin, commit when it waits for us, and give its answer."""
        task = asyncio.ensure_future(request)
        async with asyncio.timeout(10):
            while not await self._watcher.fetchval(WAITING, self.connection.get_server_pid()):
                assert not task.done(), f"it did not wait for the rival: {task.result().text}"
        await self.connection.execute("commit")
        return await task


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
