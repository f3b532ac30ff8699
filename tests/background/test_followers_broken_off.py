"""Followers in programs and applications that are killed, cut off and woken."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from test_jobs import comes_true

from api import Api, Json
from apps import another_api
from doska.background.followers import FOLLOWERS, Followers
from followed import GATE, MAKE, WAITS_AT_GATE, effects, note_behind_gate, noting, working

CUT = """select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity
    where datname = current_database() and application_name like 'doska%'"""
LISTENING = """select count(*) from pg_stat_activity
    where datname = current_database() and application_name = 'doska-listen'"""
IS_KNOWN = "select count(*) > 0 from known_followers"
NOTED = "select count(*) = {} from effects where board_id = '{}'"


@pytest.fixture(autouse=True)
async def _table(api: Api, db: asyncpg.Connection) -> AsyncIterator[None]:
    del api
    await db.execute(MAKE)
    yield
    await db.execute("drop table effects")


async def noted(db: asyncpg.Connection, board: Json, count: int) -> None:
    """Wait until there are so many effects of a board's events."""
    await comes_true(db, NOTED.format(count, board["id"]))


async def test_what_was_killed_between_effect_and_commit_is_neither_lost_nor_done_twice(
    api: Api, db: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    """Seen to fail when the position was committed before the effects, and after them."""
    anna = await api.user()
    with working(tmp_path, database_url) as process:
        await comes_true(db, IS_KNOWN)
        await db.execute("select pg_advisory_lock($1)", GATE)
        board = await anna.board()
        await comes_true(db, WAITS_AT_GATE)
        process.kill()
        process.wait()
        await db.execute("select pg_advisory_unlock($1)", GATE)
    with working(tmp_path, database_url):
        await anna.column(board)
        await noted(db, board, 2)
    assert await effects(db, board) == [1, 2]


async def test_two_programs_share_the_work(
    api: Api, db: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    anna = await api.user()
    with working(tmp_path, database_url), working(tmp_path, database_url):
        await comes_true(db, IS_KNOWN)
        boards = [await anna.board() for _ in range(4)]
        for _ in range(5):
            await asyncio.gather(*(anna.column(board) for board in boards))
        for board in boards:
            await noted(db, board, 6)
    for board in boards:
        assert await effects(db, board) == [1, 2, 3, 4, 5, 6]


async def test_work_goes_on_after_its_connections_were_cut(
    api: Api, db: asyncpg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FOLLOWERS, "test", note_behind_gate)
    monkeypatch.setattr(Followers, "every_seconds", 3600.0)
    anna = await api.user()
    async with another_api(database_url, background=True):
        await comes_true(db, IS_KNOWN)
        await db.execute("select pg_advisory_lock($1)", GATE)
        board = await anna.board()
        await comes_true(db, WAITS_AT_GATE)
        assert await db.fetchval(CUT)
        await db.execute("select pg_advisory_unlock($1)", GATE)
        await anna.column(board)
        await noted(db, board, 2)
    assert await effects(db, board) == [1, 2]


async def test_a_notification_wakes_at_once(
    api: Api, db: asyncpg.Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first events may be found by the look at the start, and when listening begins."""
    monkeypatch.setitem(FOLLOWERS, "test", noting("test"))
    monkeypatch.setattr(Followers, "every_seconds", 3600.0)
    anna = await api.user()
    async with another_api(database_url, background=True):
        await comes_true(db, IS_KNOWN)
        board = await anna.board()
        for count in range(1, 5):
            await noted(db, board, count)
            await anna.column(board)


async def test_where_nothing_follows_nobody_listens(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    del api
    before = await db.fetchval(LISTENING)
    async with another_api(database_url, background=True) as other:
        assert (await other.nobody().get("/health/ready")).status_code == 200
        assert await db.fetchval(LISTENING) == before
