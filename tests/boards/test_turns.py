"""Many who write on one board wait in the process: connections and slots are left to others."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
import httpx
import pytest

from api import Api, Person
from apps import another_api
from checks import refused
from faults import unavailable
from lines import PATIENT, TITLES, crowd
from log_rival import rival_on
from people import moved
from statements import watching
from stream_scene import comes_true

DRY = {"prefer": "dry-run"}


async def test_more_writers_than_slots_and_connections_are_all_served(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Each with an event of its own. Seen to fail when who waits keeps a slot."""
    async with crowd(api, db, database_url, 30, requests_in_flight_max=16, pool_max=3) as found:
        pass
    assert await found.statuses() == [200] * 30
    told = await db.fetch(TITLES, found.board["id"])
    assert sorted(row["title"] for row in told) == sorted(map(str, range(30)))


async def test_a_crowd_leaves_connections_to_others(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when all who write have a connection."""
    async with crowd(api, db, database_url, 8, pool_max=3) as found, asyncio.timeout(20):
        for _ in range(20):  # some of the others would still be on their way to the lock
            assert (await found.person.get(found.path)).status_code == 200
        assert (await found.person.post("/boards", title="Another")).status_code == 201
    assert await found.statuses() == [200] * 8


async def test_how_many_wait_without_a_slot_is_bounded(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when everybody who waits rests."""
    async with crowd(api, db, database_url, 8, requests_in_flight_max=4) as found:
        async with asyncio.timeout(20):
            unavailable(await found.ask("Too much"))
    assert await found.statuses() == [200] * 8


@pytest.mark.parametrize(("writers", "tries"), [(2, 2 + 1), (8, 2 + 1)])  # one again, or 7 at once
async def test_who_names_tasks_for_the_first_time_waits_at_their_board(
    api: Api, db: asyncpg.Connection, database_url: str, writers: int, tries: int
) -> None:
    """Seen to fail when they went ahead, to be outrun, and when they wrote by what was read before."""
    anna = await api.user("anna")
    column = await anna.column(board := await anna.board())
    tasks = [await anna.task(column) for _ in range(writers)]
    async with another_api(database_url, pool_max=3, **PATIENT) as other, asyncio.timeout(20):
        person = moved(anna, other)
        async with watching() as sent, rival_on(board["id"], database_url, db) as rival:
            writes = [person.patch(f"/tasks/{task['id']}", title="New") for task in tasks]
            asked = [asyncio.ensure_future(write) for write in writes]
            await rival.is_waited_for()
            await comes_true(lambda: other.app.state.turns.lines[board["id"]].people == writers)
            await person.read("/users/me")
            await rival.do("commit")
            assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert sum("skip locked" in sql for sql in sent) == tries  # without a lock


def _keyed(person: Person, path: str, key: str) -> Awaitable[httpx.Response]:
    """Write with a key: nobody takes that along."""
    headers = {"idempotency-key": key}
    return person.send("PATCH", path, json={"title": "Late"}, headers=headers)


async def test_who_waits_too_long_is_told_so_and_leaves(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """All at once, not one after the other. Seen to fail without an end of waiting."""
    anna = await api.user("anna")
    board = await anna.board()
    path = f"/boards/{board['id']}"
    async with another_api(database_url, lock_timeout_seconds=0.5) as other:
        person = moved(anna, other)
        assert (await person.patch(path, title="known")).status_code == 200
        async with rival_on(board["id"], database_url, db), asyncio.timeout(10):
            late = [_keyed(person, path, f"late-{number}") for number in range(80)]
            for answer in await asyncio.gather(*late):
                unavailable(answer)
        assert not other.app.state.turns.lines
        assert (await person.read(path))["title"] == "known"


SLOW = """create function slow() returns trigger language plpgsql as
        $$ begin perform pg_sleep({}); return new; end $$;
    create trigger slow before update on boards for each row execute function slow()"""
FAST_AGAIN = "drop trigger slow on boards; drop function slow"


@asynccontextmanager
async def slow_board(
    api: Api, db: asyncpg.Connection, url: str, seconds: float, **settings: object
) -> AsyncIterator[tuple[Person, str]]:
    """Give somebody, and the path of a board of theirs on which each change takes so long."""
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    async with another_api(url, **settings) as other:
        person = moved(anna, other)
        assert (await person.patch(path, title="known")).status_code == 200
        await db.execute(SLOW.format(seconds))
        try:
            yield person, path
        finally:
            await db.execute(FAST_AGAIN)


@asynccontextmanager
async def repeating(act: Callable[[], Awaitable[object]], times: int) -> AsyncIterator[None]:
    """Let somebody do something again and again meanwhile, several at once."""
    is_over = False

    async def repeat() -> None:
        while not is_over:
            await act()
            await asyncio.sleep(0)  # who is refused at once has waited for nothing

    busy = [asyncio.ensure_future(repeat()) for _ in range(times)]
    try:
        yield
    finally:
        is_over = True
        await asyncio.gather(*busy)


async def test_whom_a_long_line_would_keep_waiting_in_vain_is_refused_at_once(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Those who came last, before any of them is served. Seen to fail when lines grew."""
    patience = {"lock_timeout_seconds": 2}
    async with slow_board(api, db, database_url, 0.04, **patience) as (person, path):
        numbers, done = count(), list[int]()

        async def write() -> int:
            done.append((await person.patch(path, title=f"{next(numbers)}")).status_code)
            return done[-1]

        async with repeating(write, times=4):
            await comes_true(lambda: len(done) >= 60)  # it is known how long a turn takes
            crowd = [asyncio.ensure_future(write()) for _ in range(100)]
            ended = [await answer for answer in asyncio.as_completed(crowd)]
    assert ended[:20] == [503] * 20
    assert [answer.result() for answer in crowd] == sorted(ended)  # the first are served


async def test_who_is_taken_along_waits_until_it_is_done(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """However long: somebody has begun with it, and it may be written already."""
    patience = {"lock_timeout_seconds": 0.5}
    async with slow_board(api, db, database_url, 0.3, **patience) as (person, path):
        writes = [person.patch(path, title=f"{number}") for number in range(4)]
        answers = await asyncio.gather(*writes)
    assert [answer.status_code for answer in answers] == 4 * [200]


async def test_one_long_turn_sends_nobody_away(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """It has waited for somebody's lock, which tells nothing of the next. Seen to fail when it did."""
    async with crowd(api, db, database_url, 12, lock_timeout_seconds=2) as found:
        began = time.monotonic()
        await comes_true(lambda: time.monotonic() > began + 1.2)
    assert await found.statuses() == 12 * [200]


async def test_who_gives_up_leaves_the_line(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """The one who has a place and waits for the lock, and two who wait for a place."""
    async with crowd(api, db, database_url, 6, lock_timeout_seconds=5) as found:
        for write in (found.writes.pop(number) for number in (4, 1, 0)):
            write.cancel()
            await asyncio.gather(write, return_exceptions=True)
        await comes_true(lambda: found.is_waiting(3))
    assert await found.statuses() == [200] * 3
    told = await db.fetch(TITLES, found.board["id"])
    assert {row["title"] for row in told} == {"2", "3", "5"}


async def test_a_refused_action_passes_its_turn_on(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with crowd(api, db, database_url, 3, lock_timeout_seconds=5) as found:
        stale = {"json": {"title": "Stale"}, "headers": {"if-match": '"1"'}}
        refusals = [found.person.send("PATCH", found.path, **stale) for _ in range(2)]
        found.writes += [asyncio.ensure_future(refusal) for refusal in refusals]
        await comes_true(lambda: found.is_waiting(5))
        found.writes.append(found.ask("last"))
        await comes_true(lambda: found.is_waiting(6))
    assert await found.statuses() == [200, 200, 200, 412, 412, 200]


async def test_a_stranger_does_not_wait(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the board alone told where to wait."""
    stranger = await api.user("boris")
    async with crowd(api, db, database_url, 4) as found, asyncio.timeout(20):
        refused(await moved(stranger, found.api).patch(found.path, title="Mine"), 404, "not-found")
    assert await found.statuses() == [200] * 4


async def test_dry_runs_of_several_changes_wait_for_no_turn_within(
    api: Api, database_url: str
) -> None:
    """Their transaction has the connection that who has the turn waits for."""
    people = [await api.user(f"user{number}") for number in range(4)]
    for person in people:  # whose next task makes a new home board
        (home,) = await person.items("/boards", q="My tasks")
        await person.patch(f"/boards/{home['id']}", is_archived=True)
    async with another_api(database_url, pool_min=1, pool_max=1) as other:
        dry = [
            moved(person, other).send("POST", "/tasks", json={"title": "T"}, headers=DRY)
            for person in people
        ]
        assert [answer.status_code for answer in await asyncio.gather(*dry)] == [200] * 4
