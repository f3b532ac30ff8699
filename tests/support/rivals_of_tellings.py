"""Boards that are told of a new name while others hold them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx

from api import Json, Person


@asynccontextmanager
async def rivalling(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Be somebody else in a transaction, which ends here at the latest."""
    rival = await asyncpg.connect(url)
    await rival.execute("begin")
    try:
        yield rival
    finally:
        await rival.close()


@asynccontextmanager
async def held(url: str, *boards: Json) -> AsyncIterator[None]:
    """Be somebody who holds the locks of boards."""
    sql = "select from boards where id = any($1::uuid[]) for no key update"
    async with rivalling(url) as rival:
        await rival.execute(sql, [board["id"] for board in boards])
        yield


async def renamed(person: Person, name: str = "Newly named") -> httpx.Response:
    """Change a name, and leave to others what is to be done behind it."""
    return await person.client.patch(f"/users/{person.id}", json={"name": name})


async def told(person: Person, board: Json) -> list[Json]:
    events = await person.items(f"/boards/{board['id']}/events", limit=200)
    return [event for event in events if event["type"] == "user.updated"]


async def waits_for_a_lock(db: asyncpg.Connection) -> None:
    """Wait until somebody in this database waits for a lock."""
    sql = """select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'"""
    async with asyncio.timeout(30):
        while not await db.fetchval(sql):
            pass
