"""What one process commits wakes its own streams at once, and others soon after."""

import asyncio

import asyncpg
import pytest

from api import Api, Json
from apps import another_api
from doska.background import notices
from faults import wire_to
from log_board import listening
from people import moved
from stream_client import SECONDS_MAX, watching
from stream_scene import another_port, board_of, next_title, rename

BEAT_SECONDS = 0.5  # 15 as a rule
NO_BEAT = {"stream_heartbeat_seconds": 600}  # nothing else wakes a stream


def notice_of(board: Json) -> bytes:
    """Tell what only the notices of a board have in them; their statement is sent but once."""
    return f"{board['id']}:".encode()


async def test_own_streams_do_not_wait_for_the_notice(api: Api, database_url: str) -> None:
    """The first event shows that it listens already: beginning to listen wakes streams, too.

    Seen to fail where a process wakes by what it hears only.
    """
    anna, board = await board_of(api)
    async with (
        wire_to(database_url) as wire,
        another_port(wire.url, **NO_BEAT) as (address, other),
        watching(address, anna, board["id"]) as watch,
        asyncio.timeout(SECONDS_MAX),
    ):
        await rename(moved(anna, other), board, "First")
        assert await next_title(watch) == "First"
        wire.hold_request(notice_of(board))
        await rename(moved(anna, other), board, "At once")
        assert await next_title(watch) == "At once"
        await wire.held.wait()
        wire.let_go()


async def test_what_a_killed_process_has_not_told_comes_with_the_next_beat(
    api: Api, database_url: str
) -> None:
    """Its notice is held for ever. Seen to fail with beats that look at nothing."""
    anna, board = await board_of(api)
    async with (
        wire_to(database_url) as wire,
        another_api(wire.url) as dying,
        another_port(database_url, stream_heartbeat_seconds=BEAT_SECONDS) as (elsewhere, _),
        watching(elsewhere, anna, board["id"]) as watch,
    ):
        wire.hold_request(notice_of(board))
        await rename(moved(anna, dying), board, "Untold")
        async with asyncio.timeout(BEAT_SECONDS + SECONDS_MAX):
            assert await next_title(watch) == "Untold"
        wire.let_go()


async def test_a_notice_is_sent_anew_where_the_connection_was_cut(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail where what could not be sent was forgotten."""
    anna, board = await board_of(api)
    async with listening(db) as ear, wire_to(database_url) as wire, another_api(wire.url) as other:
        wire.lose_request(notice_of(board))
        await rename(moved(anna, other), board, "Lost")
        assert await ear.next() == f"{board['id']}:2"


async def test_what_is_left_is_sent_when_a_process_ends(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail where ending cancelled what had not been sent."""
    anna, board = await board_of(api)
    async with listening(db) as ear:
        async with another_api(database_url) as other:
            await rename(moved(anna, other), board, "Last")
        assert await ear.next() == f"{board['id']}:2"


async def test_what_waits_is_bounded_while_nothing_can_be_sent(
    api: Api, db: asyncpg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail without the bound: a server that nobody can notify kept all for ever."""
    monkeypatch.setattr(notices, "WAITING_MAX", 2)
    anna, board = await board_of(api)
    async with listening(db) as ear, wire_to(database_url) as wire, another_api(wire.url) as other:
        person = moved(anna, other)
        wire.hold_request(notice_of(board))
        await rename(person, board, "First")
        async with asyncio.timeout(SECONDS_MAX):
            await wire.held.wait()
        for title in ("Second", "Third", "Fourth"):
            await rename(person, board, title)
        wire.let_go()
        told = [await ear.next() for _ in range(3)]
        assert told == [f"{board['id']}:{n}" for n in (2, 4, 5)]
