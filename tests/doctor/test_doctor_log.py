"""What the doctor says of the log, of standbys, and of a year of ten changes a second."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import DEVNULL
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from api import Api
from clusters import OPTIONS
from conftest import settings_for
from databases import a_database, a_role
from doctors import beside, says
from doska.doctor import growth
from doska.postgres import embedded
from doska.postgres.migration import migrate
from trimmed import kept, trim

CHANGES_A_YEAR = 10 * 365 * 24 * 3600
EVENTS = 7300  # of them, each as large as any: twenty a day
YEAR = """
    with more as (insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
        select board_id, n, 'board.updated', actor_id, null, payload, jsonb_build_array(
            jsonb_build_object('table', 'boards', 'id', board_id,
                'before', jsonb_build_object('title', 'T' || n),
                'after', jsonb_build_object('title', 'T' || n + 1))),
            now() - ($2::int - n) * interval '365 days' / $2
        from events, generate_series(2, $2::int) n where board_id = $1 and seq = 1),
    first as (update events set at = now() - interval '365 days' where board_id = $1 and seq = 1)
    update boards set seq = $2 where id = $1"""
MONTH = """select count(*) from events
    where board_id = $1 and at < now() - interval '30 days'"""
STREAMING = "select count(*) from pg_stat_replication where state = 'streaming'"


@pytest.mark.parametrize("pages", [2000, 380])  # all, and five of six
async def test_a_year_of_changes_is_told_and_then_kept_for_a_month(
    api: Api, db: asyncpg.Connection, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, pages: int,
) -> None:  # fmt: skip
    """Of a large log, pages are looked at by chance. Seen to fail when the whole was counted."""
    monkeypatch.setattr(growth, "PAGES_MAX", pages)
    # So many times larger are the real ones, and so much less is allowed of these.
    monkeypatch.setattr(growth, "BYTES_A_YEAR_MUCH", (600 << 30) * EVENTS // CHANGES_A_YEAR // 50)
    anna = await api.user()
    board = await anna.board()
    await db.execute(YEAR, board["id"], EVENTS)
    ((level, text),) = (await beside(tmp_path, database_url))["log"]
    events, a_day = (
        float(text.split(f" {w}")[0].split()[-1].replace(",", "")) for w in ("events", "a day")
    )
    close = 0.001 if pages == 2000 else 0.4  # the last month is on 37 pages
    assert events == pytest.approx(EVENTS, rel=close)
    assert a_day == pytest.approx(20, rel=max(close, 0.1))
    assert (level, "DOSKA_HISTORY_DAYS=365, or room for" in text) == ("warn", True)
    assert await trim(api, history_days=30) > 0
    assert await db.fetchval(MONTH, board["id"]) == 0
    assert len(await kept(db, board)) == pytest.approx(EVENTS * 30 / 365, abs=2)
    limited = await beside(tmp_path, database_url, HISTORY_DAYS="30")
    assert says(limited, "log", "ok", "kept for 30 days")


async def test_a_database_without_a_log_is_told_nothing_of_it(
    server_url: str, tmp_path: Path
) -> None:
    async with a_database(server_url) as url:
        assert "log" not in await beside(tmp_path, url)
        await migrate(settings_for(url))
        assert says(await beside(tmp_path, url), "log", "ok", "0 events")


@pytest.fixture
async def primary() -> AsyncIterator[str]:
    """Have a server that can have standbys."""
    data = Path(tempfile.mkdtemp(prefix="doska-primary-", dir="/tmp"))
    data.chmod(0o755)  # noqa: ASYNC240  # at once
    options = {**OPTIONS, "wal_level": "replica", "max_wal_senders": "4"}
    with embedded.start(data, options=options) as server:
        yield server.url
    shutil.rmtree(data)


@asynccontextmanager
async def receiving(url: str, folder: Path) -> AsyncIterator[None]:
    """Be what is sent the WAL, and confirms it, like a standby."""
    folder.mkdir()  # noqa: ASYNC240  # at once
    where = {name: found[0] for name, found in parse_qs(urlsplit(url).query).items()}
    program = embedded.find_binaries() / "pg_receivewal"
    command = [
        str(program),
        "-h",
        where["host"],
        "-p",
        where["port"],
        "-U",
        "doska",
        "--synchronous",
    ]
    process = await asyncio.create_subprocess_exec(*command, "-D", str(folder), stderr=DEVNULL)
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(30):
            while not await connection.fetchval(STREAMING):
                assert process.returncode is None
        yield
    finally:
        await connection.close()
        process.terminate()
        await process.wait()


async def test_standbys_that_no_commit_waits_for_are_told(primary: str, tmp_path: Path) -> None:
    """Whoever asks. Seen to fail: acknowledged changes can be lost, and nobody knew."""
    assert "standbys" not in await beside(tmp_path, primary)
    connection = await asyncpg.connect(primary)
    async with receiving(primary, tmp_path / "wal"), a_role(primary) as simple:
        for url in (primary, simple):
            assert says(
                await beside(tmp_path, url), "standbys", "warn", "no commit waits for any of 1"
            )
        await connection.execute("alter system set synchronous_standby_names = 'pg_receivewal'")
        await connection.execute("select pg_reload_conf()")
        async with asyncio.timeout(30):
            while not says(await beside(tmp_path, primary), "standbys", "ok", "wait for 1 of 1"):
                pass
        assert says(await beside(tmp_path, simple), "standbys", "ok", "wait for 1 of 1")
        await connection.execute("alter system reset synchronous_standby_names")
        await connection.execute("select pg_reload_conf()")
    await connection.close()
