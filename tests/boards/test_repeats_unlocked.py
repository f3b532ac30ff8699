"""Idempotency-Key where nobody locks the board: the statement that writes uses the key up, too."""

import asyncio

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from batches import check_log
from checks import refused
from doska.boards.claims import key_lock
from doska.http.answers import Claim
from faults import unavailable, wired
from log_board import log_of
from log_rival import all_wait
from people import moved
from repeats import KEY, a_task, create, is_replayed, rename, shown
from statements import watching

KEYS = "select key from idempotency_keys order by key"
AT_ONCE = 12


async def renames(db: asyncpg.Connection, task: Json) -> int:
    events = await log_of(db, task["board_id"])
    return sum(event["type"] == "task.updated" for event in events)


async def test_a_request_with_a_key_reads_and_writes(api: Api, db: asyncpg.Connection) -> None:
    """Two statements, each by itself. Seen to fail when its key was claimed before a lock."""
    anna = await api.user()
    task = await a_task(anna)
    async with watching() as sent:
        first = await rename(anna, task)
    assert [sql.split(maxsplit=1)[0] for sql in sent] == ["select", "with"]
    again = await rename(anna, task)
    assert shown(again) == shown(first)
    assert [is_replayed(first), is_replayed(again)] == [False, True]
    assert await renames(db, task) == 1


async def test_what_would_be_refused_the_second_time_is_answered_as_the_first(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the refusal of what is repeated is believed."""
    anna = await api.user()
    task = await a_task(anna)
    path = f"/tasks/{task['id']}"
    answers = [await anna.send("DELETE", path, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert [is_replayed(answer) for answer in answers] == [False, True]
    await check_log(db, task["board_id"])


async def test_who_waits_for_a_key_holds_no_board(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Or whoever has the key could not get the board. Seen to fail when the statement waits for it."""
    async with wired(api, database_url, pool_max=4) as (anna, wire):
        there = moved(anna, api)
        task = await a_task(there)
        wire.hold_request(b"COMMIT")
        first = asyncio.ensure_future(create(anna))
        await wire.held.wait()
        second = asyncio.ensure_future(rename(there, task))
        await all_wait(db, second)
        beside = await anna.patch(f"/tasks/{task['id']}", priority="HIGH")
        assert beside.status_code == httpx.codes.OK
        wire.let_go()
        assert (await first).status_code == httpx.codes.CREATED
        refused(await second, 422, "key-reused")


async def test_a_key_that_another_transaction_has_for_too_long_is_a_conflict(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when waiting for it was taken for waiting for a board."""
    async with another_api(database_url, lock_timeout_seconds=0.2) as other:
        anna = moved(await api.user(), other)
        task = await a_task(anna)
        key = Claim(KEY["idempotency-key"], b"")
        async with db.transaction():
            await db.execute("select pg_advisory_xact_lock($1)", key_lock(anna.id, key))
            refused(await rename(anna, task), 409, "key-in-use")
        assert not is_replayed(await rename(anna, task))


async def test_of_many_at_once_in_two_applications_one_acts(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Nobody waits for somebody who waits for them: of a deadlock one would be told 503."""
    async with wired(api, database_url, pool_max=8, acquire_timeout_seconds=5) as (anna, _):
        people = [anna, moved(anna, api)]
        task = await a_task(anna)
        answers = await asyncio.gather(*(rename(people[n % 2], task) for n in range(AT_ONCE)))
        assert {shown(answer) for answer in answers} == {shown(answers[0])}
        assert sorted(map(is_replayed, answers)) == [False] + [True] * (AT_ONCE - 1)
    assert await renames(db, task) == 1


async def test_who_loses_the_answer_to_what_was_written_alone_learns_it_by_repeating(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with wired(api, database_url) as (anna, wire):
        task = await a_task(anna)
        wire.lose_answer(b'"title":"New"')
        unavailable(await rename(anna, task))
        assert wire.has_failed
        assert is_replayed(again := await rename(anna, task))
        assert await anna.read(f"/tasks/{task['id']}") == again.json()
    assert await renames(db, task) == 1


async def test_keys_of_several_boards_are_used_up_by_one_statement(
    api: Api, db: asyncpg.Connection
) -> None:
    """And of those whose key is used each gets the earlier answer."""
    anna = await api.user()
    tasks = [await a_task(anna) for _ in range(6)]

    async def ask(number: int) -> httpx.Response:
        headers = {"idempotency-key": f"key-{number}"}
        path = f"/tasks/{tasks[number]['id']}"
        return await anna.send("PATCH", path, json={"title": "Once"}, headers=headers)

    early = await ask(2)
    answers = await asyncio.gather(*(ask(number) for number in range(6)))
    assert [is_replayed(answer) for answer in answers] == [n == 2 for n in range(6)]
    assert shown(answers[2]) == shown(early)
    assert [row["key"] for row in await db.fetch(KEYS)] == [f"key-{number}" for number in range(6)]
    for task in tasks:
        assert await renames(db, task) == 1
        await check_log(db, task["board_id"])


@pytest.mark.parametrize("count", [1, 3])
async def test_what_has_expired_is_swept_by_those_who_write_alone(
    api: Api, db: asyncpg.Connection, count: int
) -> None:
    """Two at a time. Seen to fail when only those with a lock sweep."""
    anna, boris = await api.user(), await api.user()
    await _kept(anna, count)
    await db.execute("update idempotency_keys set at = now() - interval '24 hours 1 second'")
    await rename(boris, await a_task(boris))
    assert len(await db.fetch(KEYS)) == 1 + max(0, count - 2)


async def _kept(person: Person, count: int) -> None:
    task = await a_task(person)
    for number in range(count):
        headers = {"idempotency-key": f"key-{number}"}
        path = f"/tasks/{task['id']}"
        body = {"title": f"{number}"}
        assert (await person.send("PATCH", path, json=body, headers=headers)).is_success
