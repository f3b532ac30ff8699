"""A group that writes without a lock: only if the board and all sign-ins are as they were read."""

import asyncio
from collections.abc import Awaitable

import asyncpg
import httpx
import pytest

from api import Api, Person
from batches import check_log
from checks import refused
from desks import Desk, desk, joined, statuses
from doska.schemas import new_id
from faults import Wire, unavailable, wire_to
from log_board import log_of
from people import moved, promote

TITLES = "select title from tasks where board_id = $1 order by number"
COUNT = 4


async def meanwhile(
    found: Desk, wire: Wire, happens: Awaitable[object], who: Person | None = None
) -> list[httpx.Response]:
    """Let several rename a task each, and this happen between their reading and their writing."""
    people = [found.anna, who or found.anna, *[found.anna] * (COUNT - 2)]
    async with found.line() as line:
        for number, person in enumerate(people):
            await line.come(person.patch(found.of(number), title=f"New {number}"))
        wire.hold_request(b'"title":"New 0"')
        going = asyncio.ensure_future(line.go())
        await wire.held.wait()
        await happens
        wire.let_go()
        return await going


async def _losing(wire: Wire) -> None:
    wire.lose_answer(b'"title":"New 2"')


async def test_what_was_changed_meanwhile_a_group_does_not_write_over(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """It is done under the lock then. Seen to fail when the board's number is not compared."""
    async with wire_to(database_url) as wire, desk(api, db, wire.url) as found:
        other = moved(found.anna, api).patch(found.of(0), description="Another's")
        assert statuses(await meanwhile(found, wire, other)) == [200] * COUNT
        after = await found.anna.read(found.of(0))
    assert (after["title"], after["description"], after["version"]) == ("New 0", "Another's", 3)
    events = await check_log(db, found.id)
    assert [event["type"] for event in events[-COUNT - 2 :]] == ["board.updated"] + [
        "task.updated"
    ] * (COUNT + 1)


ENDS = {
    "signs out": ("update sessions set revoked_at = now() where user_id = $1", 401),
    "is disabled": ("update users set is_active = false where id = $1", 401),
    "is no administrator any more": ("update users set is_admin = false where id = $1", 404),
}


@pytest.mark.parametrize("end", ENDS)
async def test_who_may_no_longer_when_a_group_is_written_may_not(
    api: Api, db: asyncpg.Connection, database_url: str, end: str
) -> None:
    """All others do. Seen to fail when those are not counted who are still signed in."""
    sql, status = ENDS[end]
    async with wire_to(database_url) as wire, desk(api, db, wire.url) as found:
        boris = await joined(found, api, "boris")
        if status == httpx.codes.NOT_FOUND:
            await promote(db, boris)
            path = f"/boards/{found.id}/users/{boris.id}"
            assert (await found.anna.delete(path)).status_code == httpx.codes.NO_CONTENT
        answers = await meanwhile(found, wire, db.execute(sql, boris.id), boris)
    assert statuses(answers) == [200, status, 200, 200]
    titles = [row["title"] for row in await db.fetch(TITLES, found.id)]
    assert titles[:COUNT] == ["New 0", "1", "New 2", "New 3"]
    await check_log(db, found.id)


async def test_whether_a_group_was_written_before_its_answer_was_lost_nobody_guesses(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Each is told so, and has been done once. Seen to fail when it is done again."""
    async with wire_to(database_url) as wire, desk(api, db, wire.url) as found:
        for answer in await meanwhile(found, wire, _losing(wire)):
            unavailable(answer)
    written = (await log_of(db, found.id))[-COUNT:]
    assert [event["type"] for event in written] == ["task.updated"] * COUNT
    versions = await db.fetch("select version from tasks where board_id = $1", found.id)
    assert sorted(row["version"] for row in versions) == [1] * 2 + [2] * COUNT


async def test_an_id_that_is_used_meanwhile_is_refused_to_one_of_a_group(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """By the database, which refuses all: each is done alone then. Seen to fail when all are told."""
    async with wire_to(database_url) as wire, desk(api, db, wire.url) as found:
        there = moved(found.anna, api)
        column, new = await there.column(await there.board()), new_id()
        async with found.line() as line:
            await line.come(found.anna.patch(found.of(0), title="New 0"))
            body = {"column_id": found.columns[0]["id"], "title": "Used", "id": new}
            await line.come(found.anna.post("/tasks", **body))
            wire.hold_request(b'"title":"New 0"')
            going = asyncio.ensure_future(line.go())
            await wire.held.wait()
            await there.make("/tasks", column_id=column["id"], title="First", id=new)
            wire.let_go()
            first, second = await going
    assert first.status_code == httpx.codes.OK
    refused(second, 409, "already-exists")
    await check_log(db, found.id)
