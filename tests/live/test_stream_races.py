"""What could slip through at one moment only: each is brought about, none is waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api import Api, Json, Person
from faults import Wire, wire_to, wired
from people import moved
from stream_client import SECONDS_MAX, opened, until_dropped, watching
from stream_scene import another_port, board_of, rename
from stream_server import port_of
from used_ids import free_again

WAITING = """select exists (select from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database())"""
BORN = "select created_at::text from boards where id = $1"


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


@asynccontextmanager
async def wired_port(person: Person, url: str, **settings: Any) -> AsyncIterator[tuple[str, Wire]]:
    """Serve streams by an application that listens, and whose database's answers can be held."""
    board = await person.board()
    async with wire_to(url) as wire, another_port(wire.url, pool_min=2, **settings) as (address, _):
        (listens,) = wire.hold_answers(b"LISTEN")
        listens.let_go()
        async with watching(address, person, board["id"]), asyncio.timeout(SECONDS_MAX):
            await listens.came.wait()
        yield address, wire


async def log_of(person: Person, board: Json, after: int) -> list[Json]:
    return await person.items(f"/boards/{board['id']}/events", after=after)


async def waits_or_is_done(db: asyncpg.Connection, writing: asyncio.Task[httpx.Response]) -> None:
    """Give a write the time that it takes without a lock in its way, or to come to one."""
    async with asyncio.timeout(SECONDS_MAX):
        while not writing.done() and not await db.fetchval(WAITING):
            pass


async def in_a_transaction(person: Person, board: Json, **operation: Any) -> httpx.Response:
    """Write as a batch does, so that there is a commit of its own to be held."""
    return await person.post(f"/boards/{board['id']}/batch", operations=[operation])


async def test_of_two_writers_at_once_none_is_lost_when_the_first_commits_last(
    api: Api, address: str, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when an event's number was taken from a sequence: the stream broke at the gap."""
    anna, board = await board_of(api)
    column = await anna.column(board)
    tasks = [f"/tasks/{(await anna.task(column))['id']}" for _ in range(2)]
    async with (
        wired(api, database_url) as (boss, wire),
        watching(address, anna, board["id"]) as watch,
    ):
        late_anna = moved(anna, boss.api)
        await late_anna.patch(tasks[0], title="Before")
        wire.hold_request(b"COMMIT")
        renaming = {"op": "update_task", "task_id": tasks[0].rsplit("/")[-1]}
        late = asyncio.create_task(
            in_a_transaction(late_anna, board, **renaming, body={"title": "Late"})
        )
        async with asyncio.timeout(SECONDS_MAX):
            await wire.held.wait()
        soon = asyncio.create_task(anna.patch(tasks[1], title="Soon"))
        await waits_or_is_done(db, soon)
        wire.let_go()
        await asyncio.gather(late, soon)
        assert [await watch.event() for _ in range(3)] == await log_of(anna, board, 4)


async def test_an_event_whose_commit_takes_long_comes_when_it_is_there(
    api: Api, address: str, database_url: str
) -> None:
    """Seen to fail when the notification was sent before the commit, on another connection."""
    anna, board = await board_of(api)
    async with (
        wired(api, database_url) as (boss, wire),
        watching(address, anna, board["id"]) as watch,
    ):
        writing_anna = moved(anna, boss.api)
        await writing_anna.column(board, "Before")
        await watch.event()
        wire.hold_request(b"COMMIT")
        making = {"op": "create_column", "body": {"title": "Late"}}
        late = asyncio.create_task(in_a_transaction(writing_anna, board, **making))
        async with asyncio.timeout(SECONDS_MAX):
            await wire.held.wait()
        other = await anna.board()
        async with watching(address, anna, other["id"]) as elsewhere:
            await anna.column(other)
            await elsewhere.event()  # so whatever was notified until now has been heard
        wire.let_go()
        await late
        assert (await watch.event())["payload"]["column"]["title"] == "Late"


async def test_what_is_committed_between_reading_and_joining_is_not_missed(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when a stream that joins did not wake its channel."""
    anna, board = await board_of(api)
    born = str(await db.fetchval(BORN, board["id"])).encode()
    async with wired_port(anna, database_url) as (address, wire):
        (read,) = wire.hold_answers(born)
        opening = asyncio.create_task(opened(address, anna, board["id"], 1))
        async with asyncio.timeout(SECONDS_MAX):
            await read.came.wait()
            (notified,) = wire.hold_answers(f"{board['id']}:2".encode())
            notified.let_go()
            column = await anna.column(board)
            await notified.came.wait()
        read.let_go()
        async with until_dropped(opening) as watch:
            assert (await watch.event())["payload"]["column"] == column


async def test_nobody_gets_what_was_read_while_only_others_were_judged(
    api: Api, database_url: str
) -> None:
    """Who joins while news is being read was not judged with it: ivan is removed by that news.

    Seen to fail when a stream was sent all that its channel had read.
    """
    anna, board = await board_of(api)
    ivan = await api.user()
    await anna.invite(board, ivan)
    async with (
        wired_port(anna, database_url) as (address, wire),
        watching(address, anna, board["id"], 1) as hers,
    ):
        await hers.event()
        (read,) = wire.hold_answers(b"MEMBER")  # as what ivan is found to be
        opening = asyncio.create_task(opened(address, ivan, board["id"]))
        async with asyncio.timeout(SECONDS_MAX):
            await read.came.wait()
            (news,) = wire.hold_answers(b"person.removed")
            await anna.delete(f"/boards/{board['id']}/users/{ivan.id}")
            await news.came.wait()
        read.let_go()
        async with until_dropped(opening) as his:
            assert [await his.block()] == his.messages
            news.let_go()
            assert (await hers.event())["type"] == "person.removed"
            assert await his.ends() == []


async def test_a_board_made_anew_before_its_end_was_seen_is_another(
    api: Api, database_url: str, db: asyncpg.Connection
) -> None:
    """Seen to fail when a board was known by its id alone."""
    anna, board = await board_of(api)
    async with (
        wired_port(anna, database_url) as (address, wire),
        watching(address, anna, board["id"]) as watch,
    ):
        await rename(anna, board)
        await watch.event()
        async with notified_late(wire, f"{board['id']}:deleted"):
            await anna.delete(f"/boards/{board['id']}")
            await free_again(db, board["id"])
            await anna.board("New", id=board["id"])
        assert await watch.ends() == [{"type": "board.deleted", "board_id": board["id"]}]


async def test_who_passes_by_gets_nothing_from_a_while_in_which_the_board_was_private(
    api: Api, database_url: str
) -> None:
    """Which was over before it was seen. Seen to fail when only the present was judged."""
    anna, board = await board_of(api, is_public=True)
    passer_by, path = await api.user(), f"/boards/{board['id']}"
    async with (
        wired_port(anna, database_url) as (address, wire),
        watching(address, passer_by, board["id"]) as his,
        watching(address, anna, board["id"]) as hers,
    ):
        async with notified_late(wire, f"{board['id']}:2"):
            await anna.patch(path, is_public=False)
            await anna.patch(path, title="Secret")
            await anna.patch(path, is_public=True)
        assert await his.ends() == []
        assert [(await hers.event())["seq"] for _ in range(3)] == [2, 3, 4]


async def test_a_board_with_news_does_not_wait_for_boards_without(
    api: Api, database_url: str
) -> None:
    """Which are looked at by beats. Seen to fail with beats that look at all boards at once."""
    anna, board = await board_of(api)
    quiet = [await anna.board() for _ in range(2)]
    places = [(await anna.read(f"/boards/{b['id']}/snapshot"))["position"] for b in quiet]
    async with (
        wired_port(anna, database_url, stream_heartbeat_seconds=0.5) as (address, wire),
        watching(address, anna, quiet[0]["id"]),
        watching(address, anna, quiet[1]["id"]),
        watching(address, anna, board["id"]) as watch,
    ):
        await rename(anna, board, "Before")
        await watch.event()  # it is followed: what is held is not what its stream begins with
        held = wire.hold_answers(*(place.encode() for place in places))
        beats = [asyncio.create_task(hold.came.wait()) for hold in held]
        async with asyncio.timeout(SECONDS_MAX):
            await asyncio.wait(beats, return_when=asyncio.FIRST_COMPLETED)
            await rename(anna, board)
            assert (await watch.event())["type"] == "board.updated"
        for hold in held:
            hold.let_go()
        for beat in beats:
            beat.cancel()


@asynccontextmanager
async def notified_late(wire: Wire, message: str) -> AsyncIterator[None]:
    """Hold a notification, and all after it, until the block has done what it does."""
    (told,) = wire.hold_answers(message.encode())
    yield
    async with asyncio.timeout(SECONDS_MAX):
        await told.came.wait()
    told.let_go()
