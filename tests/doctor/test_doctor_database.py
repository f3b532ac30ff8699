"""What the doctor says of a database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from conftest import settings_for
from databases import a_database, a_role, contents
from doctors import KEY, beside, says
from doska.postgres.migration import go_back, known_migrations, migrate
from faults import wire_to
from programs import serving


@pytest.fixture
async def migrated(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


async def test_a_database_as_it_should_be_is_told_so(migrated: str, tmp_path: Path) -> None:
    found = await beside(tmp_path, migrated)
    for check, words in (
        ("letters", "UTF8"), ("clock", "agrees"), ("migrations", "up to date"),
        ("connections", "up to 9"), ("database", "PostgreSQL 16"),
    ):  # fmt: skip
        assert says(found, check, "ok", words), check


async def test_migrations_that_are_pending_are_told_and_not_run(
    server_url: str, tmp_path: Path
) -> None:
    """Seen to fail when it looked at the database as other commands do."""
    async with a_database(server_url) as url:
        found = await beside(tmp_path, url)
        assert says(found, "migrations", "warn", "no tables yet")
        assert await contents(url) == {}
        later = await beside(tmp_path, url, MIGRATE_ON_START="false")
        assert says(later, "migrations", "wrong", "-> doska migrate")


async def test_a_database_of_another_release_is_told(migrated: str, tmp_path: Path) -> None:
    await go_back(settings_for(migrated), int(known_migrations()[-2].partition("_")[0]))
    found = await beside(tmp_path, migrated)
    assert says(found, "migrations", "warn", f"it lacks {known_migrations()[-1]}")

    connection = await asyncpg.connect(migrated)
    await connection.execute(
        "insert into aerich (version, app, content) values ('99_later.py', 'models', '{}')"
    )
    await connection.close()
    found = await beside(tmp_path, migrated)
    assert says(found, "migrations", "wrong", "newer than this program: it has 99_later.py")


@pytest.mark.parametrize(
    ("change", "settings", "check", "level", "words"),
    [
        ("create table theirs ()", {}, "migrations", "wrong", "another program"),
        ("alter database {name} set default_transaction_read_only = on", {}, "database", "wrong",
         "is read-only"),
        ("alter database {name} connection limit 8", {}, "connections", "wrong", "has 8 in all"),
        ("select 1", {"WORKERS": "64"}, "connections", "wrong", "opens up to 576"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_database_is_told(
    server_url: str,
    tmp_path: Path,
    change: str,
    settings: dict[str, str],
    check: str,
    level: str,
    words: str,
) -> None:
    async with a_database(server_url) as url:
        connection = await asyncpg.connect(url)
        name = await connection.fetchval("select current_database()")
        await connection.execute(change.format(name=name))
        await connection.close()
        assert says(await beside(tmp_path, url, **settings), check, level, words)


@pytest.mark.parametrize("kind", ["encoding 'UTF8' locale 'C'", "encoding 'LATIN1' locale 'C'"])
async def test_a_database_that_does_not_know_all_letters_is_wrong(
    server_url: str, tmp_path: Path, kind: str
) -> None:
    async with a_database(server_url, kind) as url:
        assert says(
            await beside(tmp_path, url), "letters", "wrong", "-> move to a database created with"
        )


@pytest.mark.parametrize(
    ("rights", "level", "words"),
    [
        ("select 1", "wrong", "may not read and write aerich"),
        ("grant all on all tables in schema public to {role}", "warn", "may not create tables"),
        ("grant all on schema public to {role}; grant all on all tables in schema public to {role}",
         "ok", "may do everything Doska needs"),
    ],
)  # fmt: skip
async def test_what_a_role_lacks_is_told(
    migrated: str, tmp_path: Path, rights: str, level: str, words: str
) -> None:
    async with a_role(migrated, rights) as url:
        found = await beside(tmp_path, url)
    assert says(found, "rights", level, words)


async def test_a_database_that_hangs_is_told_in_time(migrated: str, tmp_path: Path) -> None:
    async with wire_to(migrated) as wire:
        wire.is_hung = True
        found = await beside(tmp_path, wire.url)
    assert says(found, "database", "wrong", "it does not answer")


async def test_a_doska_that_is_not_ready_is_wrong(migrated: str, tmp_path: Path) -> None:
    here = {"DATABASE_URL": migrated, "SECRET_KEY": KEY}
    with serving(tmp_path / "doska", **here) as served:
        async with served.client() as client:  # which waits for the start longer than the doctor
            assert (await client.get("/health/ready")).status_code == 200
        connection = await asyncpg.connect(migrated)
        await connection.execute("delete from aerich where version = $1", known_migrations()[-1])
        await connection.close()
        port, words = str(urlsplit(served.url).port), "but is not ready. The database is older"
        async with asyncio.timeout(60):  # it waits 3 s for an answer, which others may need as well
            while not says(await beside(tmp_path, migrated, PORT=port), "port", "wrong", words):
                pass
