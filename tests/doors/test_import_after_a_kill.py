"""A server that is killed in the middle of an import, and the next one."""

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
                hold = holder.transaction()
                await hold.start()
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
                await hold.rollback()
                await holder.close()
                await db.execute(f"{AGAIN}, attempts = 0")
                await db.execute(AT_ONCE)
                await db.close()
    with serving(folder, COOKIE_NAME="doska") as server:
        async with server.client() as client:
            client.cookies = cookies
            found = (await client.get(f"{address}?wait=20")).json()
            assert found["status"] == "done", found
            assert await boards(client) == ["My tasks", "Plans"]
