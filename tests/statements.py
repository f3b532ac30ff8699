"""What an application asks the database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from doska import database


@asynccontextmanager
async def every_connection() -> AsyncIterator[list[asyncpg.Connection]]:
    """Borrow all connections of the pool at once."""
    pool = await database._pool()  # noqa: SLF001  # no other way to see what it is asked
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
    async with every_connection() as connections:
        for connection in connections:
            connection.remove_query_logger(note)
