"""Jobs: done once for each that is asked for, whatever breaks in between."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Json
from apps import another_api
from doctors import beside, says
from doska.background.jobs import ATTEMPTS_MAX, Handlers, ask_for, run_next
from doska.postgres.database import transaction
from programs import Served, a_data_folder, serving
from rivals_of_tellings import held, renamed, told

UNTIL_DONE = "select count(*) from jobs where name = 'test'"
DELAY = """
    select case when run_at < 'infinity'
        then extract(epoch from run_at - clock_timestamp())::float8 else 0 end from jobs"""
TOLD = "select count(*) = 0 from tellings"
LOCKED = "pg_stat_activity where application_name = 'doska' and wait_event_type = 'Lock'"
CUT = f"select count(pg_terminate_backend(pid)) > 0 from {LOCKED}"
GO_ON_SECONDS = 20  # the promise


async def comes_true(db: asyncpg.Connection, sql: str) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(GO_ON_SECONDS):
        while not await db.fetchval(sql):
            pass


async def ask(key: str = "key", **payload: Any) -> None:
    async with transaction() as connection:
        await ask_for(connection, "test", key, payload)


def doing(work: Callable[[dict[str, Any]], Awaitable[float | None]]) -> Handlers:
    return {"test": work}


async def test_a_job_is_done_by_one_of_two_workers(api: Api) -> None:
    """Seen to fail when who takes a job did not lock it."""
    del api
    done: list[str] = []
    both_began = asyncio.Event()

    async def work(payload: dict[str, Any]) -> None:
        done.append(payload["name"])
        if len(done) == 2:
            both_began.set()
        await both_began.wait()

    for name in ("one", "two"):
        await ask(name, name=name)
    async with asyncio.timeout(60):
        assert await asyncio.gather(*(run_next(doing(work)) for _ in range(2))) == [True, True]
    assert sorted(done) == ["one", "two"]
    assert not await run_next(doing(work))


async def ask_and_fail() -> None:
    async with transaction() as connection:
        await ask_for(connection, "test", "key", {})
        await connection.execute("select 1 / 0")


async def test_what_is_rolled_back_asks_for_nothing(api: Api, db: asyncpg.Connection) -> None:
    del api
    with pytest.raises(asyncpg.DivisionByZeroError):
        await ask_and_fail()
    assert await db.fetchval(UNTIL_DONE) == 0


async def test_what_is_asked_for_meanwhile_is_done_once_more(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when who is at it took the new wish away with the old one."""
    del api
    done: list[int] = []

    async def work(payload: dict[str, Any]) -> None:
        done.append(payload["number"])
        if len(done) == 1:
            await ask(number=3)

    await ask(number=1)
    await ask(number=2)  # the same job: it is asked for once, by the newest
    while await run_next(doing(work)):
        pass
    assert done == [2, 3]
    assert await db.fetchval(UNTIL_DONE) == 0


async def test_a_handler_that_raises_is_tried_again_ever_later_and_then_kept(
    api: Api, db: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    del api

    async def work(_: dict[str, Any]) -> None:
        raise ZeroDivisionError

    await ask()
    delays = []
    for _ in range(ATTEMPTS_MAX):
        assert await run_next(doing(work))
        assert not await run_next(doing(work))
        delays.append(round(await db.fetchval(DELAY) / 10) * 10)
        await db.execute("update jobs set run_at = now() where run_at < 'infinity'")
    assert delays[:4] == [10, 20, 40, 80]
    assert delays[-2] == 6 * 3600
    assert await db.fetchrow("select run_at = 'infinity', error from jobs") == (
        True,
        "ZeroDivisionError",
    )
    assert says(await beside(tmp_path, database_url), "jobs", "wrong", "test: ZeroDivisionError")
    await ask()  # what has failed keeps nobody from asking anew
    assert await db.fetchval(UNTIL_DONE) == 2


async def test_a_job_whose_worker_died_is_taken_by_the_next(
    api: Api, db: asyncpg.Connection
) -> None:
    del api
    done: list[str] = []

    async def work(_: dict[str, Any]) -> None:
        done.append("done")

    await ask()
    await db.execute("update jobs set taken_until = now() + interval '1 minute'")
    assert not await run_next(doing(work))
    await db.execute("update jobs set taken_until = now()")
    assert await run_next(doing(work))
    assert done == ["done"]


async def test_a_job_that_ends_every_process_is_given_up(api: Api, db: asyncpg.Connection) -> None:
    del api
    await ask()
    await db.execute("update jobs set attempts = $1", ATTEMPTS_MAX)
    assert await run_next(doing(None))  # type: ignore[arg-type]  # it is not called
    assert await db.fetchval("select run_at = 'infinity' from jobs")


async def test_work_goes_on_after_its_connections_were_cut(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    await renamed(anna)
    async with AsyncExitStack() as rival:  # which is first, or there is nothing left to cut
        await rival.enter_async_context(held(database_url, board))
        async with another_api(database_url, background=True):
            await comes_true(db, f"{CUT} and datname = current_database()")
            await rival.aclose()
            await comes_true(db, TOLD)
    assert len(await told(anna, board)) == 1


async def test_a_server_that_was_killed_in_the_middle_goes_on_when_it_is_back() -> None:
    """Its job was taken, its event not yet committed: a board's lock keeps it."""
    with a_data_folder() as folder:
        with serving(folder, "--workers", "2") as server:
            db = await asyncpg.connect(server.database_url)
            board = await _killed_while_it_tells(server, db)
        with serving(folder) as server:
            db = await asyncpg.connect(server.database_url)
            await comes_true(db, TOLD)
            sql = "select count(*) from events where type = 'user.updated' and board_id = $1"
            assert await db.fetchval(sql, board["id"]) == 1
            await db.close()


async def _killed_while_it_tells(server: Served, db: asyncpg.Connection) -> Json:
    async with server.client() as client:
        user, board = await registered(client)
        async with held(server.database_url, board):
            answer = await client.patch(f"/users/{user}", json={"name": "Newly named"})
            assert answer.status_code == 200
            await comes_true(db, f"select count(*) > 0 from {LOCKED}")
            server.send(signal.SIGKILL)
            server.process.wait()
    await db.close()
    return board


async def registered(client: httpx.AsyncClient) -> tuple[str, Json]:
    body = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
    user = (await client.post("/users", json=body)).json()["id"]
    return user, (await client.post("/boards", json={"title": "Website"})).json()
