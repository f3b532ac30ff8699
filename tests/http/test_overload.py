"""More than can be worked on: the rest hears so at once, and nobody takes a place without work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from faults import unavailable
from log_rival import all_wait, rival_on
from logs import lines_of, logging
from people import moved
from slow_sends import JSON, never_going_on
from stream_client import watching
from stream_scene import another_port, board_of, comes_true

LOCK = "select from boards where id = any($1::uuid[]) for update"
SITE = "https://app.example.com"
Writes = list[asyncio.Future[httpx.Response]]


@asynccontextmanager
async def busy(
    api: Api, db: asyncpg.Connection, url: str, count: int = 2
) -> AsyncIterator[tuple[Person, Json]]:
    """Somebody whose application works on so many requests, which is all that it may."""
    anna = await api.user("anna")
    boards = [await anna.board() for _ in range(count)]  # who waits at one board takes no place
    async with another_api(url, requests_in_flight_max=count, allowed_origins=[SITE]) as other:
        person = moved(anna, other)
        async with rival_on(boards[0]["id"], url, db) as rival:
            paths = [f"/boards/{board['id']}" for board in boards]
            await rival.do(LOCK, [board["id"] for board in boards])
            writes = [asyncio.ensure_future(person.patch(path, title="A")) for path in paths]
            await all_wait(db, *writes)
            yield person, boards[0]
            await rival.do("commit")
            assert [(await write).status_code for write in writes] == [200] * count
        assert (await person.get("/boards")).status_code == 200


@pytest.mark.parametrize("path", ["/boards", "/users/me", "/auth/sessions", "/nothing"])
async def test_what_is_beyond_the_bound_is_sent_away_at_once(
    api: Api, db: asyncpg.Connection, database_url: str, path: str
) -> None:
    """Seen to fail without the bound."""
    async with busy(api, db, database_url) as (anna, _), asyncio.timeout(1):
        answer = await anna.get(path)
        unavailable(answer)
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"


async def test_a_write_that_is_sent_away_is_not_done(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with busy(api, db, database_url) as (anna, _):
        unavailable(await anna.post("/boards", title="Too much"))
    assert await db.fetchval("select count(*) from boards where title = 'Too much'") == 0


async def test_a_page_can_read_that_it_was_sent_away(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with busy(api, db, database_url) as (anna, _):
        answer = await anna.send("GET", "/boards", headers={"origin": SITE})
        unavailable(answer)
        assert answer.headers["access-control-allow-origin"] == SITE


async def test_who_asks_for_health_is_never_sent_away(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with busy(api, db, database_url) as (anna, _):
        for path in ("/health/live", "/health/ready"):
            assert (await anna.get(path)).status_code == 200


async def test_a_body_that_does_not_come_takes_no_place(api: Api, database_url: str) -> None:
    """Seen to fail when a request counted while its body was waited for."""
    anna = await api.user("anna")
    async with another_api(database_url, requests_in_flight_max=1) as other:
        person = moved(anna, other)
        slow = person.send("POST", "/boards", content=never_going_on(), headers=JSON)
        waiting = asyncio.ensure_future(slow)
        for _ in range(100):
            await asyncio.sleep(0)
        assert (await person.get("/boards")).status_code == 200
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_an_open_stream_takes_no_place(api: Api, database_url: str) -> None:
    """Seen to fail when a request counted until its answer had ended."""
    anna, board = await board_of(api)
    async with another_port(database_url, requests_in_flight_max=1) as (address, other):
        person = moved(anna, other)
        async with watching(address, person, board["id"]) as watch:
            assert watch.status == 200
            await comes_true(lambda: other.app.state.hub.channels)
            assert (await person.get("/boards")).status_code == 200


async def test_requests_that_are_given_up_leave_their_places(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when a place was given back by answers only."""
    anna = await api.user("anna")
    boards = [await anna.board() for _ in range(2)]
    async with another_api(database_url, requests_in_flight_max=2) as other:
        person = moved(anna, other)
        async with rival_on(boards[0]["id"], database_url, db) as rival:
            await rival.do(LOCK, [board["id"] for board in boards])
            path, _ = paths = [f"/boards/{board['id']}" for board in boards]
            writes = [asyncio.ensure_future(person.patch(one, title="A")) for one in paths]
            await all_wait(db, *writes)
            for write in writes:
                write.cancel()
            await asyncio.gather(*writes, return_exceptions=True)
            assert (await person.get(path)).status_code == 200


async def test_the_log_counts_who_was_sent_away_without_a_line_for_each(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    path = f"/boards/{board['id']}"
    async with logging(database_url, requests_in_flight_max=1) as (other, written):
        person = moved(anna, other)
        async with rival_on(board["id"], database_url, db) as rival:
            write = asyncio.ensure_future(person.patch(path, title="A"))
            await all_wait(db, write)
            for _ in range(3):
                unavailable(await person.get(path))
            await rival.do("commit")
            await write
    found = [line["event"] for line in lines_of(written)]
    assert found.count("overloaded") == 1
    assert [line["status"] for line in lines_of(written) if line["event"] == "request"] == [200]
