"""A rival who holds a board's lock, so that a write has to wait and something happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

SECONDS_MAX = 5.0
SOMEBODY_WAITS = """
    select exists (select from pg_locks where not granted
                   and pg_backend_pid() = any(pg_blocking_pids(pid)))"""


@asynccontextmanager
async def board_held(rival: asyncpg.Connection, board_id: str) -> AsyncIterator[None]:
    """Hold the board's lock until the block ends, then commit."""
    async with rival.transaction():
        await rival.execute("select from boards where id = $1 for no key update", board_id)
        yield


@asynccontextmanager
async def overtaking(
    rival: asyncpg.Connection, board_id: str, write: Coroutine[Any, Any, httpx.Response]
) -> AsyncIterator[asyncio.Task[httpx.Response]]:
    """Run the block while ``write`` waits for the board's lock; what the rival does is committed."""
    async with board_held(rival, board_id):
        yield await waiting_for(rival, write)


async def waiting_for(
    rival: asyncpg.Connection, write: Coroutine[Any, Any, httpx.Response]
) -> asyncio.Task[httpx.Response]:
    """Begin ``write``, and wait until it waits for what the rival holds."""
    waiting = asyncio.create_task(write)
    async with asyncio.timeout(SECONDS_MAX):
        while not await rival.fetchval(SOMEBODY_WAITS):
            assert not waiting.done(), "it did not wait"
    return waiting
