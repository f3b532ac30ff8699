"""A server that is killed in the middle of an import, and the next one."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from test_import_ends import AGAIN, AT_ONCE, HOLDS, in_phase
from test_imports import TWO

from programs import a_data_folder, serving

ANNA = {"username": "anna", "email": "anna@example.com", "password": "horse battery 9"}


@pytest.fixture
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        yield place


async def boards(client: httpx.AsyncClient) -> list[str]:
    found = (await client.get("/boards")).json()["items"]
    return sorted(board["title"] for board in found)


async def made_ready(db: asyncpg.Connection, *holders: asyncpg.Connection) -> None:
    """Give back all locks; the next server begins at once, as if it was the first."""
    for holder in holders:
        await holder.execute("rollback")
        await holder.close()
    await db.execute(f"{AGAIN}, attempts = 0")
    await db.execute(AT_ONCE)
    await db.close()


async def test_a_kill_in_each_phase_leaves_nothing_and_the_next_server_goes_on(
    folder: Path,
) -> None:
    cookies, address = httpx.Cookies(), ""
    for phase in HOLDS:
        with serving(folder, COOKIE_NAME="doska") as server:
            async with server.client() as client:
                client.cookies = cookies
                if not address:
                    assert (await client.post("/users", json=ANNA)).status_code == 201
                    cookies = client.cookies
                assert await boards(client) == ["My tasks"]
                db, holder = [await asyncpg.connect(server.database_url) for _ in range(2)]
                await holder.execute("begin")
                if phase != "reading":  # a process has to start for it: that takes long enough
                    await holder.execute(HOLDS[phase])
                if not address:
                    address = (await client.post("/imports", content=TWO)).headers["location"]
                else:
                    await db.execute(AGAIN)
                    await db.execute(AT_ONCE)
                await in_phase(db, phase)
                server.send(signal.SIGKILL)
                server.ends()
                await made_ready(db, holder)
    with serving(folder, COOKIE_NAME="doska") as server:
        async with server.client() as client:
            client.cookies = cookies
            found = (await client.get(f"{address}?wait=20")).json()
            assert found["status"] == "done", found
            assert await boards(client) == ["My tasks", "Plans"]


async def test_a_kill_while_an_import_is_cancelled_leaves_it_cancelled_or_to_be_done(
    folder: Path,
) -> None:
    """Once it is told cancelled, nothing of it comes; before, it is as if nobody had asked."""
    lock = "select from imports for update"
    with serving(folder, COOKIE_NAME="doska") as server:
        async with server.client() as client:
            assert (await client.post("/users", json=ANNA)).status_code == 201
            cookies = client.cookies
            db, holder, other = [await asyncpg.connect(server.database_url) for _ in range(3)]
            await holder.execute(f"begin; {HOLDS['planning']}")
            first, second = [
                (await client.post("/imports?into=new", content=TWO)).headers["location"]
                for _ in range(2)
            ]
            await in_phase(db, "planning")
            assert (await client.delete(first)).status_code == 204
            await other.execute(f"begin; {lock}")
            asking = asyncio.create_task(client.delete(second))
            await waiting_for(db, "update imports x set finished_at%")
            server.send(signal.SIGKILL)
            server.ends()
            with pytest.raises(httpx.TransportError):
                await asking
            await made_ready(db, holder, other)
    with serving(folder, COOKIE_NAME="doska") as server:
        async with server.client() as client:
            client.cookies = cookies
            found = [(await client.get(f"{one}?wait=20")).json() for one in (first, second)]
            assert [one["status"] for one in found] == ["cancelled", "done"], found
            assert await boards(client) == ["My tasks", "Plans"]
            assert (await client.delete(second)).status_code == 204
            assert await boards(client) == ["My tasks", "Plans"]


async def waiting_for(db: asyncpg.Connection, like: str) -> None:
    """Wait until a statement waits for a lock."""
    sql = """select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and ltrim(query, E' \\n') like $1"""
    async with asyncio.timeout(60):
        while not await db.fetchval(sql, like):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
