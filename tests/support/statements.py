"""What an application asks the database."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from doska.postgres import database


@asynccontextmanager
async def every_connection() -> AsyncIterator[list[asyncpg.Connection]]:
    """Borrow all connections of the pool at once."""
    pool = await database.pool_in_use()
    async with AsyncExitStack() as stack:
        count = range(pool.get_max_size())
        yield [await stack.enter_async_context(pool.acquire()) for _ in count]


@asynccontextmanager
async def watching() -> AsyncIterator[list[str]]:
    """Give the list of statements that are sent to PostgreSQL, BEGIN and COMMIT too."""
    sent: list[str] = []

    def note(query: asyncpg.connection.LoggedQuery) -> None:
        sent.append(query.query)

    async with every_connection() as connections:
        for connection in connections:
            connection.add_query_logger(note)
    yield sent
    await asyncio.sleep(0)  # the driver calls what has been added in the next round of the loop
    async with every_connection() as connections:
        for connection in connections:
            connection.remove_query_logger(note)


@asynccontextmanager
async def pages_read(db: asyncpg.Connection) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Give what tells how many pages the statements have read that were sent meanwhile.

    They are run again for that, as they were sent, and undone.
    """
    sent: list[asyncpg.connection.LoggedQuery] = []

    async def told() -> int:
        await asyncio.sleep(0)
        return sum([await _pages(db, query) for query in sent])

    async with every_connection() as connections:
        for connection in connections:
            connection.add_query_logger(sent.append)
    yield told
    await asyncio.sleep(0)
    async with every_connection() as connections:
        for connection in connections:
            connection.remove_query_logger(sent.append)


async def _pages(db: asyncpg.Connection, sent: asyncpg.connection.LoggedQuery) -> int:
    if not sent.query.lstrip().startswith(("select", "with")):
        return 0
    transaction = db.transaction()
    await transaction.start()
    told = await db.fetchval(f"explain (analyze, buffers, format json) {sent.query}", *sent.args)
    await transaction.rollback()
    plan = json.loads(told)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])
