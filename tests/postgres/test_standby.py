"""A database that takes no writes, and one of several hosts that does not answer."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from checks import refused
from clusters import OPTIONS
from conftest import settings_for
from doska.postgres import embedded
from doska.postgres.hosts import connect, each_host
from doska.postgres.migration import migrate
from faults import unavailable, wire_to
from people import moved

NO_CHANGES = "The database takes no changes"


async def check_nothing_is_written(person: Person) -> None:
    """Writes are 503 and say why, and so is readiness; what is read is there, or 503 as well."""
    for answer in [
        await person.post("/boards", title="Later"),
        await person.patch(f"/users/{person.id}", name="Later"),
        await person.post("/auth/logout"),
        await person.get("/health/ready"),
    ]:
        unavailable(answer)
        assert answer.json()["detail"].startswith(NO_CHANGES)
    for path in ("/users/me", "/boards", "/tasks"):
        assert (await person.client.get(path)).status_code in (200, 503)
    assert (await person.get("/health/live")).status_code == 200


async def test_a_node_that_takes_no_writes_is_unavailable_until_it_does(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with what PostgreSQL says of it left to be an error of ours: 500."""
    anna = await api.user()
    name = await db.fetchval("select current_database()")
    await db.execute(f"alter database {name} set default_transaction_read_only = on")
    try:
        async with another_api(database_url, requests_a_minute=1000) as other:
            await check_nothing_is_written(moved(anna, other))
            await db.execute(f"alter database {name} reset default_transaction_read_only")
            # Whoever met the refusal has given its connections back to be closed.
            assert (await moved(anna, other).post("/boards", title="Now")).status_code == 201
    finally:
        await db.execute(f"alter database {name} reset default_transaction_read_only")


@pytest.fixture
async def standby() -> AsyncIterator[tuple[Person, str]]:
    """Have a person, and the address of a node in recovery that knows them."""
    data = Path(tempfile.mkdtemp(prefix="doska-standby-", dir="/tmp"))
    data.chmod(0o755)  # noqa: ASYNC240  # at once
    with embedded.start(data, options=OPTIONS) as server:
        await migrate(settings_for(server.url))
        async with another_api(server.url) as first:
            person = await first.user()
    (data / "pg16" / "standby.signal").touch()
    with embedded.start(data, options=OPTIONS) as server:
        yield person, server.url
    shutil.rmtree(data)


async def test_a_standby_is_unavailable_and_never_an_error(standby: tuple[Person, str]) -> None:
    """Seen to fail where its unlogged tables, which count requests, cannot be read: 500."""
    person, url = standby
    for requests_a_minute in (0, 1000):
        async with another_api(url, requests_a_minute=requests_a_minute) as other:
            await check_nothing_is_written(moved(person, other))


def test_an_address_of_several_hosts_is_one_of_each() -> None:
    assert each_host("postgres://anna:x@one:5433,two/doska?a=b") == [
        "postgres://anna:x@one:5433/doska?a=b",
        "postgres://anna:x@two/doska?a=b",
    ]
    assert each_host("postgres://anna@/doska?host=/run/a,/run/b&port=5433") == [
        "postgres://anna@/doska?host=%2Frun%2Fa&port=5433",
        "postgres://anna@/doska?host=%2Frun%2Fb&port=5433",
    ]
    one = "postgres://anna@one/doska?host=other"
    assert each_host(one) == [one]


async def test_a_host_that_hangs_leaves_time_for_those_behind_it(
    api: Api, database_url: str
) -> None:
    """Seen to fail where all hosts share one timeout, as asyncpg has it."""
    anna = await api.user()
    async with wire_to(database_url) as hung, wire_to(database_url) as good:
        hung.is_hung = True
        async with another_api(_both(hung.url, good.url), acquire_timeout_seconds=1.0) as other:
            person = moved(anna, other)
            assert (await person.post("/boards", title="Behind")).status_code == 201


def _both(one: str, other: str) -> str:
    """Name the hosts of two addresses in one."""
    first, second = urlsplit(one), urlsplit(other)
    host = second.netloc.rpartition("@")[2]
    return urlunsplit(first._replace(netloc=f"{first.netloc},{host}"))


async def test_the_host_that_was_good_is_tried_first(database_url: str) -> None:
    async with wire_to(database_url) as hung, wire_to(database_url) as good:
        hung.is_hung, url = True, _both(hung.url, good.url)
        connection = await connect(url, timeout=0.5)
        await connection.close()
        async with asyncio.timeout(0.2):  # without the share of the one that hangs
            connection = await connect(url, timeout=0.5)
        await connection.close()
        hung.is_hung, good.is_hung = False, True
        connection = await connect(url, timeout=0.5)
        await connection.close()


async def test_where_no_host_answers_it_is_unavailable_in_time(api: Api, database_url: str) -> None:
    anna = await api.user()
    async with wire_to(database_url) as one, wire_to(database_url) as two:
        one.is_hung = two.is_hung = True
        async with another_api(_both(one.url, two.url), acquire_timeout_seconds=0.5) as other:
            refused(await moved(anna, other).get("/users/me"), 503, "unavailable")
            one.is_hung = two.is_hung = False
            assert (await moved(anna, other).get("/users/me")).status_code == 200
