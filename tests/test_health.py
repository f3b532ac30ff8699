import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from api import Api
from apps import another_api
from conftest import settings_for
from databases import a_database, a_role
from doska.postgres.migration import known_migrations, migrate
from faults import unavailable, wire_to, wired

WAITING = "select count(*) from pg_locks where not granted"
IN_TIME = 2


@pytest.fixture
async def migrated(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


async def ready(api: Api) -> httpx.Response:
    async with asyncio.timeout(IN_TIME):
        return await api.nobody().get("/health/ready")


async def not_ready(api: Api) -> str:
    """See that it is alive, but not ready; gives the reason."""
    answer = await ready(api)
    unavailable(answer)
    assert (await api.nobody().get("/health/live")).status_code == 200
    return str(answer.json()["detail"])


async def until_ready(api: Api) -> None:
    async with asyncio.timeout(10):
        while (await ready(api)).status_code != 200:
            pass


async def test_a_served_database_is_alive_and_ready(api: Api) -> None:
    assert await api.nobody().read("/health/live") == {"status": "ok"}
    assert await api.nobody().read("/health/ready") == {"status": "ok"}


async def test_a_database_that_is_not_migrated_is_alive_but_not_ready(server_url: str) -> None:
    async with a_database(server_url) as url, another_api(url) as api:
        assert "doska migrate" in await not_ready(api)
        await migrate(settings_for(url))
        assert (await ready(api)).status_code == 200


async def test_a_database_that_is_away_is_alive_but_not_ready() -> None:
    async with another_api("postgres://doska@127.0.0.1:1/doska") as api:
        await not_ready(api)


@pytest.mark.parametrize(
    ("change", "back", "reason"),
    [
        (
            "insert into aerich (version, app, content) values ('99_later.py', 'models', '{}')",
            "delete from aerich where version = '99_later.py'",
            "newer than this program: it has 99_later.py",
        ),
        (
            "update aerich set app = 'away' where version = $1",
            "update aerich set app = 'models' where version = $1",
            f"older than this program: it lacks {known_migrations()[-1]}",
        ),
    ],
    ids=["newer", "older"],
)
async def test_a_database_of_another_release_is_not_ready_and_says_which(
    migrated: str, change: str, back: str, reason: str
) -> None:
    """Seen to fail when any migrated database was called ready."""
    connection = await asyncpg.connect(migrated)
    values = known_migrations()[-1:] if "$1" in change else ()
    async with another_api(migrated) as api:
        await connection.execute(change, *values)
        assert reason in await not_ready(api)
        await connection.execute(back, *values)
        assert (await ready(api)).status_code == 200
    await connection.close()


async def test_a_database_that_refuses_us_is_not_ready(migrated: str) -> None:
    async with a_role(migrated) as url, another_api(url) as api:
        assert "doska doctor" in await not_ready(api)


@pytest.mark.parametrize("is_warm", [True, False], ids=["in the middle", "from the start"])
async def test_while_the_database_hangs_the_answer_comes_in_time(
    database_url: str, *, is_warm: bool
) -> None:
    """With the timeouts that everybody has. Seen to fail without a bound of its own."""
    async with wire_to(database_url) as wire, another_api(wire.url) as api:
        if is_warm:
            assert (await ready(api)).status_code == 200
        wire.is_hung = True
        assert "too long" in await not_ready(api)
        assert "too long" in await not_ready(api)
        wire.is_hung = False
        await wire.close()  # a server that hung is not the same afterwards
        await wire.open()
        await until_ready(api)


async def test_while_the_answer_is_waited_for_others_who_ask_wait_along(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when each asked the database: they took all connections of the pool."""
    async with wired(api, database_url) as (anna, _):
        async with db.transaction(), asyncio.timeout(5):
            await db.execute("lock table aerich in access exclusive mode")
            asking = [asyncio.ensure_future(ready(anna.api)) for _ in range(8)]
            while not await db.fetchval(WAITING):
                pass
            assert (await anna.get("/users/me")).status_code == 200
            for answer in await asyncio.gather(*asking):
                unavailable(answer)
        await until_ready(anna.api)
