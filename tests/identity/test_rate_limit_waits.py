"""Many requests of somebody whose quota is being asked for: they wait, and keep nobody from theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from api import Api, Person
from apps import another_api
from faults import unavailable
from log_rival import Rival
from people import moved
from stream_scene import comes_true

SLOTS = 4
MANY = 600  # requests a minute


@asynccontextmanager
async def crowd(
    api: Api, db: asyncpg.Connection, url: str, count: int, *, rest: int
) -> AsyncIterator[tuple[Person, list[int]]]:
    """Let so many requests wait for anna's quota, which a rival holds; gives boris, and how they end."""
    anna, boris = await api.user(), await api.user()
    limits = {"requests_in_flight_max": SLOTS, "requests_a_minute": MANY}
    statuses: list[int] = []
    async with another_api(url, **limits, lock_timeout_seconds=60) as other:
        here, slots = moved(anna, other), other.app.state.slots
        async with _rival_on_the_quota_of(anna, url, db) as rival:
            asked = [asyncio.ensure_future(here.get("/users/me")) for _ in range(count)]
            await rival.is_waited_for()
            await comes_true(lambda: slots.resting + slots.taken == count)
            assert slots.resting == rest
            async with asyncio.timeout(20):
                yield moved(boris, other), statuses
        statuses += [(await answer).status_code for answer in asked]
        assert (slots.resting, slots.taken) == (0, 0)


@asynccontextmanager
async def _rival_on_the_quota_of(
    person: Person, url: str, watcher: asyncpg.Connection
) -> AsyncIterator[Rival]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("begin")
        await connection.execute("insert into request_quotas values ($1, now(), 0, 0)", person.id)
        yield Rival(connection, watcher)
    finally:
        await connection.close()


async def test_who_waits_for_their_quota_takes_no_slot(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when each of them kept one."""
    async with crowd(api, db, database_url, SLOTS, rest=SLOTS) as (boris, statuses):
        assert (await boris.get("/users/me")).status_code == 200
    assert statuses == [200] * SLOTS


async def test_more_come_at_once_in_the_first_moment_than_there_are_slots(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with crowd(api, db, database_url, 2 * SLOTS - 1, rest=SLOTS) as (boris, statuses):
        assert (await boris.get("/users/me")).status_code == 200
    assert statuses == [200] * (2 * SLOTS - 1)


async def test_how_many_wait_for_their_quota_without_a_slot_is_bounded(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when everybody who waits rests."""
    async with crowd(api, db, database_url, 2 * SLOTS, rest=SLOTS) as (boris, statuses):
        unavailable(await boris.get("/users/me"))
    assert statuses == [200] * 2 * SLOTS
