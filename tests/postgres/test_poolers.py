"""Behind a pooler Doska works whole, or does not start and says why; with a real PgBouncer."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from api import Api
from apps import another_api
from conftest import settings_for
from databases import a_database
from doctors import KEY, beside, says
from doska.postgres.migration import migrate
from doska.postgres.poolers import NO_NOTICES, NO_STATEMENTS, complaint
from doska.settings import Settings
from pooled import PROGRAM, pooler, version
from programs import run

IGNORED = "jit,statement_timeout,lock_timeout,idle_in_transaction_session_timeout"
OPEN = {"ignore_startup_parameters": IGNORED}
PREPARED = {**OPEN, "max_prepared_statements": "200"}
LOCKS = "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"

needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="there is no PgBouncer")


@pytest.fixture
async def migrated(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


def by_way_of(url: str, direct: str | None = None) -> Settings:
    return settings_for(url, direct_database_url=SecretStr(direct) if direct else None)


async def test_without_a_pooler_there_is_nothing_to_complain_of(
    migrated: str, tmp_path: Path
) -> None:
    assert await complaint(by_way_of(migrated)) is None
    assert await complaint(by_way_of(migrated, migrated)) is None
    assert says(await beside(tmp_path, migrated), "notices", "ok", "has arrived")


@needs_pgbouncer
async def test_a_pooler_that_delivers_no_notices_is_refused_at_the_start(
    migrated: str, db: asyncpg.Connection, tmp_path: Path
) -> None:
    """Before a lock is left behind with it. Seen to fail: ready, and then failures."""
    with pooler(migrated, **OPEN) as url:
        given = {"DATABASE_URL": url, "SECRET_KEY": KEY}
        for command, more in (
            ("serve", {}),
            ("serve", {"MIGRATE_ON_START": "false"}),
            ("migrate", {}),
        ):
            found = run(command, folder=tmp_path, PORT="0", **given, **more)
            assert found.returncode == 1
            assert found.stderr == f"doska: DOSKA_DATABASE_URL cannot be used: {NO_NOTICES}\n"
        assert says(await beside(tmp_path, url), "notices", "wrong", NO_NOTICES)
    assert await db.fetchval(LOCKS) == 0


@needs_pgbouncer
async def test_a_pooler_that_refuses_settings_is_told_what_it_lacks(migrated: str) -> None:
    with pooler(migrated) as url:
        found = await complaint(by_way_of(url, migrated))
    assert found
    assert f"ignore_startup_parameters = {IGNORED}" in found


@needs_pgbouncer
async def test_a_pooler_of_sessions_needs_nothing_beside_it(migrated: str) -> None:
    with pooler(migrated, "session", **OPEN) as url:
        assert await complaint(by_way_of(url)) is None


@needs_pgbouncer
async def test_a_pooler_is_used_if_it_knows_prepared_statements(migrated: str) -> None:
    """PgBouncer 1.21 or newer, with a way past it; an older one is refused."""
    is_new = PROGRAM is not None and version() >= (1, 21)
    with pooler(migrated, **(PREPARED if is_new else OPEN)) as url:
        found = await complaint(by_way_of(url, migrated))
        assert found == (None if is_new else NO_STATEMENTS)
        if is_new:
            await check_it_works(url, migrated)
    with pooler(migrated, **OPEN, **({"max_prepared_statements": "0"} if is_new else {})) as url:
        assert await complaint(by_way_of(url, migrated)) == NO_STATEMENTS


async def check_it_works(url: str, direct: str) -> None:
    """Do a little of everything by way of it."""
    async with another_api(url, direct_database_url=SecretStr(direct)) as there:
        assert isinstance(there, Api)
        anna = await there.user()
        board = await anna.board()
        task = await anna.task(await anna.column(board))
        for number in range(20):
            await anna.patch(f"/tasks/{task['id']}", title=f"Title {number}")
        assert (await anna.read(f"/tasks/{task['id']}"))["title"] == "Title 19"
        answer = await anna.post(f"/boards/{board['id']}/undo", seq=23)
        assert answer.status_code == 200
