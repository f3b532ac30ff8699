"""Who waits for a turn at one board is written together: each with an event and an answer."""

import asyncio

import asyncpg

from api import Api
from checks import refused
from faults import Wire, unavailable, wire_to
from lines import TITLES, Crowd, crowd
from log_rival import next_on
from stream_scene import comes_true

TOGETHER = """select count(distinct xmin::text)::int from events
    where board_id = $1 and type = 'board.updated'"""
TASKS = "select title from tasks where board_id = $1 order by number"


async def titles(db: asyncpg.Connection, found: Crowd) -> list[str]:
    return [row["title"] for row in await db.fetch(TITLES, found.board["id"])]


async def all_but_the_last(found: Crowd, wire: Wire) -> None:
    """Let all of twelve be written, but for the last of the group, which is held back."""
    wire.hold_request(b'"title":"11"')
    await found.rival.do("commit")
    await wire.held.wait()


async def test_a_crowd_takes_few_commits(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Each still has an event, in the order in which they came. Seen to fail with one each."""
    async with crowd(api, db, database_url, 20) as found:
        pass
    assert await found.statuses() == [200] * 20
    assert await titles(db, found) == [str(number) for number in range(20)]
    seqs = [int((await write).headers["doska-seq"]) for write in found.writes]
    assert seqs == list(range(seqs[0], seqs[0] + 20))
    assert await db.fetchval(TOGETHER, found.board["id"]) == 3  # one before, and one with a place


async def test_what_the_database_refuses_takes_nobody_along(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when all are told what one is told."""
    async with crowd(api, db, database_url, 4) as found:
        used = {"board_id": found.board["id"], "title": "Used", "id": found.board["id"]}
        refusal = asyncio.ensure_future(found.person.post("/columns", **used))
        await comes_true(lambda: found.is_waiting(5))
        found.writes.append(found.ask("4"))
        await comes_true(lambda: found.is_waiting(6))
    refused(await refusal, 409, "already-exists")
    assert await found.statuses() == [200] * 5
    assert sorted(await titles(db, found)) == sorted(str(number) for number in range(5))


async def test_of_a_group_cut_off_before_its_commit_nothing_is_lost(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Each is done by itself then, once."""
    async with wire_to(database_url) as wire, crowd(api, db, wire.url, 12) as found:
        wire.lose_answer(b'"title":"9"')
    assert await found.statuses() == [200] * 12
    assert sorted(await titles(db, found)) == sorted(str(number) for number in range(12))


async def test_whether_a_lost_commit_has_happened_nobody_guesses(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when what may be committed is done again."""
    async with wire_to(database_url) as wire, crowd(api, db, wire.url, 12) as found:
        await all_but_the_last(found, wire)
        wire.lose_answer(b"COMMIT")
        wire.let_go()
        for write in found.writes[1:]:
            unavailable(await write)
    assert await titles(db, found) == [str(number) for number in range(12)]


async def test_who_leads_a_group_and_gives_up_leaves_it_whole(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the group ends with whoever leads it."""
    async with wire_to(database_url) as wire, crowd(api, db, wire.url, 12) as found:
        await all_but_the_last(found, wire)
        lead = found.writes.pop(1)
        lead.cancel()
        await asyncio.sleep(0)
        wire.let_go()
        await asyncio.gather(lead, return_exceptions=True)
    assert await found.statuses() == [200] * 11
    assert await titles(db, found) == [str(number) for number in range(12)]


async def test_who_has_waited_for_the_lock_together_waits_no_more(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Another has it behind the first. Seen to fail when each asked again by itself."""
    async with (
        crowd(api, db, database_url, 12, lock_timeout_seconds=3) as found,
        next_on(found.board["id"], database_url, db),
    ):
        await found.rival.do("commit")
        first, *others = await asyncio.gather(*found.writes)
    assert first.status_code == 200
    for answer in others:
        unavailable(answer)
    assert sum("for no key update of b" in sql for sql in found.sent) == 1
