"""Connections that break, and requests that are given up: nothing twice, nothing in part, no leak."""

import asyncio
import random

import asyncpg
import httpx
import pytest

from api import Api, Person
from apps import another_api
from checks import refused
from doska.postgres import pool
from faults import unavailable, wired
from people import moved

NOBODY = "0198c0de-0000-7000-8000-000000000001"

OURS = "application_name = 'doska' and datname = current_database()"
KILL = f"""select count(pg_terminate_backend(pid)) from pg_stat_activity
    where {OURS} and backend_start > $1"""
OPEN = f"select count(*) from pg_stat_activity where {OURS} and backend_start > $1"
SECONDS_MAX = 10
COUNTS = "select (select count(*) from boards), (select count(*) from events)"

# A server gives back what a client holds idle after twice the statement's time: not in these tests.
POOL_OF_ONE = {"pool_min": 1, "pool_max": 1, "statement_timeout_seconds": 60}


async def settled(db: asyncpg.Connection) -> None:
    """Wait until nobody is in a transaction any more."""
    async with asyncio.timeout(60):
        busy = f"select count(*) from pg_stat_activity where {OURS} and state <> 'idle'"
        while await db.fetchval(busy):
            pass


async def test_killed_connections_are_replaced_unnoticed(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail without the second try, for reads as for BEGIN."""
    anna = await api.user("anna")
    began = await db.fetchval("select clock_timestamp()")
    async with another_api(database_url, pool_min=4, pool_max=4) as other:
        person = moved(anna, other)
        for method, path, status in [("GET", "/users/me", 200), ("POST", "/boards", 201)] * 5:
            async with asyncio.timeout(SECONDS_MAX):
                while await db.fetchval(OPEN, began) < 4:
                    warm = [person.get("/boards") for _ in range(8)]
                    assert {a.status_code for a in await asyncio.gather(*warm)} == {200}
            assert await db.fetchval(KILL, began) >= 4
            answer = await person.send(method, path, json={"title": "Again"})
            assert answer.status_code == status


async def test_connections_that_are_asked_nothing_are_closed(
    api: Api, db: asyncpg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail when nobody looks for them."""
    anna = await api.user("anna")
    monkeypatch.setattr(pool, "IDLE_SECONDS_MAX", 1.0)
    began = await db.fetchval("select clock_timestamp()")
    async with another_api(database_url, pool_min=1, pool_max=4) as other:
        person = moved(anna, other)
        async with asyncio.timeout(SECONDS_MAX):
            while await db.fetchval(OPEN, began) < 4:
                await asyncio.gather(*[person.get("/boards") for _ in range(8)])
            while await db.fetchval(OPEN, began) > 1:
                pass
        assert (await person.get("/boards")).status_code == 200
        assert await db.fetchval(OPEN, began) == 1


@pytest.mark.parametrize("path", ["/users/me", "/boards", "/tasks", "/users", "/health/ready"])
async def test_a_read_whose_connection_breaks_is_asked_once_more(
    api: Api, database_url: str, path: str
) -> None:
    """Seen to fail without the second try."""
    async with wired(api, database_url) as (anna, wire):
        for lose in (wire.lose_request, wire.lose_answer):
            lose()
            assert (await anna.get(path)).status_code == 200
            assert wire.has_failed


async def test_a_write_cut_off_anywhere_is_done_wholly_or_not_at_all(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Every message to the database is lost once; nothing is written twice, nothing in part."""
    statuses: list[int] = []
    async with wired(api, database_url) as (anna, wire):
        is_cut_off = True
        while is_cut_off:
            boards, events = await db.fetchrow(COUNTS)
            wire.lose_message(len(statuses))
            answer = await anna.post("/boards", title="Once", columns=["To do"])
            is_cut_off = wire.has_failed
            wire.let_go()
            if answer.status_code == 201:
                boards, events = boards + 1, events + 1
            else:
                unavailable(answer)
            assert tuple(await db.fetchrow(COUNTS)) == (boards, events)
            assert (await anna.get("/boards")).status_code == 200
            statuses.append(answer.status_code)
    assert statuses[-1] == 201
    assert statuses.count(503) >= 3


async def test_a_commit_without_an_answer_is_never_done_twice(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when a write is tried again."""
    body = {"id": NOBODY, "title": "Perhaps"}
    async with wired(api, database_url) as (anna, wire):
        for lose, count in ((wire.lose_request, 0), (wire.lose_answer, 1)):
            lose(b"COMMIT")
            unavailable(await anna.post("/boards", **body))
            assert wire.has_failed
            await settled(db)
            found = "select count(*) from boards where title = 'Perhaps'"
            assert await db.fetchval(found) == count
        refused(await anna.post("/boards", **body), 409, "already-exists")


async def test_the_first_requests_of_a_process_share_one_pool(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when each of them opens a pool of its own."""
    anna = await api.user("anna")
    count = f"select count(*) from pg_stat_activity where {OURS}"
    before = await db.fetchval(count)
    async with another_api(database_url, pool_min=1, pool_max=3) as other:
        person = moved(anna, other)
        answers = await asyncio.gather(*(person.get("/users/me") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert await db.fetchval(count) <= before + 3


async def check_pool_of_one(anna: Person, db: asyncpg.Connection) -> None:
    """One connection that got lost would be all: see that it still serves, and no half work."""
    await settled(db)
    assert (await anna.get("/boards")).status_code == 200
    assert (await anna.post("/boards", title="Done")).status_code == 201
    boards, events = await db.fetchrow(COUNTS)
    assert boards == events


def write(person: Person) -> asyncio.Future[httpx.Response]:
    return asyncio.ensure_future(person.post("/boards", title="Given up"))


async def test_a_write_given_up_at_any_message_leaks_no_connection(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with Tortoise's own transactions, which keep the pool's slot for ever."""
    async with wired(api, database_url, **POOL_OF_ONE) as (anna, wire):
        for message in range(4):  # BEGIN, who is it, the write, COMMIT
            wire.hold_message(message)
            given_up = write(anna)
            async with asyncio.timeout(60):
                await wire.held.wait()
            given_up.cancel()
            wire.let_go()
            await asyncio.gather(given_up, return_exceptions=True)
            await check_pool_of_one(anna, db)


async def steps(request: asyncio.Future[httpx.Response], count: int = 100_000) -> int:
    """Let the loop go round so often, or until the request is done; tell how often it was."""
    for step in range(count):
        if request.done():
            return step
        await asyncio.sleep(0)
    return count


async def test_requests_given_up_at_any_moment_leak_no_connection(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with Tortoise's own transactions, which keep the pool's slot for ever."""
    anna = await api.user("anna")
    chance = random.Random(4711)  # noqa: S311  # for repeatable moments
    async with another_api(database_url, **POOL_OF_ONE) as other:
        person = moved(anna, other)
        whole = min([await steps(write(person)) for _ in range(5)])
        for _ in range(200):
            given_up = write(person)
            await steps(given_up, 1 + chance.randrange(whole))
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
        await check_pool_of_one(person, db)
