"""Whatever ends an import in whatever phase: all of it is there, or nothing."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from test_imports import TWO

from api import Api, Json, Person
from importing import all_items, begin, done
from stream_scene import comes_true

# What holds an import in a phase, as long as a transaction does.
HOLDS = {
    "reading": "select from imports where taken_until is not null for update",
    "planning": "lock table import_refs in access exclusive mode",
    "writing": "select from users where username = 'anna' for update",
}
AGAIN = "update imports set taken_until = null"
AT_ONCE = "update jobs set run_at = now(), taken_until = null"


async def in_phase(db: asyncpg.Connection, status: str) -> None:
    """Wait until somebody works on an import, and is in this phase."""
    sql = "select count(*) from imports where status = $1 and taken_until is not null"
    await comes_true(lambda: db.fetchval(sql, status), seconds=60)


def children() -> list[int]:
    """List the processes that read files for this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            words = folder.joinpath("cmdline").read_bytes()
            if int(parent) == os.getpid() and b"doska.importing" in words:
                found.append(int(folder.name))
    return found


async def made(person: Person, board_title: str = "Plans") -> list[Json]:
    return [b for b in await person.items("/boards") if b["title"] == board_title]


@pytest.mark.parametrize("phase", HOLDS)
async def test_a_worker_that_dies_leaves_nothing_and_the_next_one_does_it(
    api: Api, db: asyncpg.Connection, database_url: str, phase: str
) -> None:
    """Seen to fail when the import was told done before its rows were written."""
    anna = await api.user("anna")
    response = await begin(anna, TWO)
    holder = await asyncpg.connect(database_url)
    hold = holder.transaction()
    await hold.start()
    if phase != "reading":
        await holder.execute(HOLDS[phase])
    work = asyncio.create_task(api.work_off())
    await in_phase(db, phase)
    if phase == "reading":
        await holder.execute(HOLDS[phase])
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    await hold.rollback()
    await holder.close()
    assert children() == []
    assert await made(anna) == []
    assert (await anna.read(response.headers["location"]))["finished_at"] is None

    await db.execute(AGAIN)
    await db.execute(AT_ONCE)
    await api.work_off()
    assert (await anna.read(response.headers["location"]))["status"] == "done"
    (board,) = await made(anna)
    tasks = await all_items(anna, "/tasks", board_id=board["id"])
    assert sorted(task["title"] for task in tasks) == ["first", "second"]
    assert await db.fetchval("select count(*) from imports where file_id is not null") == 0


async def test_a_reader_that_dies_is_a_refusal(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user("anna")
    response = await begin(anna, TWO)
    work = asyncio.create_task(api.work_off())
    await comes_true(children, seconds=60)
    os.kill(children()[0], signal.SIGKILL)
    await work
    failed = await anna.read(response.headers["location"])
    assert failed["problem"]["type"] == "/problems/import-too-heavy"
    assert await made(anna) == []
    assert await db.fetchval("select count(*) from imports where file_id is not null") == 0


async def test_what_is_cancelled_while_it_is_written_is_not_there(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    response = await begin(anna, TWO)
    holder = await asyncpg.connect(database_url)
    async with holder.transaction():
        await holder.execute(HOLDS["writing"])
        work = asyncio.create_task(api.work_off())
        await in_phase(db, "writing")
        assert (await anna.delete(response.headers["location"])).status_code == 204
    await work
    await holder.close()
    assert (await anna.read(response.headers["location"]))["status"] == "cancelled"
    assert await made(anna) == []


async def test_what_was_imported_goes_with_its_board(api: Api, db: asyncpg.Connection) -> None:
    """Planted: what an import remembers outlives its board."""
    anna = await api.user("anna")
    (told,) = (await done(anna, TWO))["boards"]
    counted = "select (select count(*) from import_refs), (select count(*) from extras)"
    assert min(await db.fetchrow(counted)) > 0
    assert (await anna.delete(f"/boards/{told['board_id']}")).status_code == 204
    assert tuple(await db.fetchrow(counted)) == (0, 0)
