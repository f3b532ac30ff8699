"""Idempotency-Key: a request that is repeated acts once, and is answered as it was the first time."""

import asyncio

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from checks import invalid, refused
from faults import unavailable, wired
from log_rival import Rival, all_wait, rival_on
from operations import KEYED, OPERATIONS, Operation, all_rows, request, scene
from people import moved
from repeats import KEY, a_task, create, is_replayed, rename, shown

ACCOUNTS = (
    "register log_in log_out end_session change_password create_token end_token "
    "replace_user update_user delete_user create_password_link reset_password "
    "create_invitation withdraw_invitation open_invitation accept_invitation "
    "run_import cancel_import"  # which do nothing a second time
)


def test_every_action_on_a_board_takes_a_key() -> None:
    """And what answers with secrets does not."""
    writing = {operation.id for operation in OPERATIONS if operation.is_writing}
    assert {operation.id for operation in KEYED} == writing - set(ACCOUNTS.split())


@pytest.mark.parametrize("operation", KEYED, ids=str)
async def test_a_repeated_request_changes_nothing_and_is_answered_as_before(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """Also a deletion, whose object is gone when it is repeated."""
    asked = request(await scene(api, "one"), operation)
    first = await asked.send(headers=KEY)
    assert first.is_success, first.text
    assert not is_replayed(first)
    before = await all_rows(db)
    again = await asked.send(headers=KEY)
    assert shown(again) == shown(first)
    assert is_replayed(again)
    assert await all_rows(db) == before


async def test_of_many_at_once_one_acts_and_all_get_its_answer(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the key was claimed, or its answer kept, by a transaction of its own."""
    anna = await api.user("anna")
    answers = await asyncio.gather(*(create(anna) for _ in range(20)))
    assert {shown(answer) for answer in answers} == {shown(answers[0])}
    assert sorted(is_replayed(answer) for answer in answers) == [False] + [True] * 19
    assert await db.fetchval("select count(*) from boards where title = 'Once'") == 1


async def test_a_rival_with_the_same_key_waits_for_the_first_and_gets_its_answer(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    task = await a_task(anna)
    async with rival_on(task["board_id"], database_url, db) as rival:
        first = asyncio.ensure_future(rename(anna, task))
        await rival.is_waited_for()
        second = asyncio.ensure_future(rename(anna, task))
        await all_wait(db, first)
        await rival.do("commit")
    assert shown(await first) == shown(await second)
    assert [is_replayed(first.result()), is_replayed(second.result())] == [False, True]
    assert (await anna.read(f"/tasks/{task['id']}"))["version"] == task["version"] + 1


async def test_what_changes_nothing_is_repeated_as_nothing(api: Api) -> None:
    """Also when somebody else has changed it meanwhile."""
    anna = await api.user("anna")
    task = await a_task(anna)
    first = await rename(anna, task, task["title"])
    await anna.patch(f"/tasks/{task['id']}", title="Changed")
    assert shown(await rename(anna, task, task["title"])) == shown(first)


async def test_a_key_belongs_to_one_request(api: Api) -> None:
    """Seen to fail when the request was not compared."""
    anna = await api.user("anna")
    task = await a_task(anna)
    assert (await rename(anna, task)).status_code == 200
    refused(await rename(anna, task, "Other"), 422, "key-reused")
    refused(await create(anna), 422, "key-reused")
    path = f"/tasks/{task['id']}"
    refused(await anna.send("DELETE", path, headers=KEY), 422, "key-reused")
    seen = {**KEY, "if-match": '"1"'}
    answer = await anna.send("PATCH", path, json={"title": "New"}, headers=seen)
    refused(answer, 422, "key-reused")


async def test_a_key_belongs_to_one_person(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    first, second = await create(anna), await create(boris)
    assert first.json()["id"] != second.json()["id"]
    assert not is_replayed(second)


async def test_a_refusal_is_not_kept(api: Api) -> None:
    anna = await api.user("anna")
    column = await anna.column(await anna.board(), task_limit=1, limit_is_hard=True)
    await anna.task(column)
    body = {"title": "One more", "column_id": column["id"]}
    answer = await anna.send("POST", "/tasks", json=body, headers=KEY)
    refused(answer, 409, "column-full")
    await anna.patch(f"/columns/{column['id']}", task_limit=2)
    assert (await anna.send("POST", "/tasks", json=body, headers=KEY)).status_code == 201


async def test_who_loses_the_answer_learns_by_repeating_what_has_become_of_the_request(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """The connection to the database breaks when COMMIT has been sent, before its answer.

    Seen to fail when the key was claimed, or its answer kept, by a transaction of its own.
    """
    async with wired(api, database_url) as (anna, wire):
        wire.lose_answer(b"COMMIT")
        unavailable(await create(anna))
        assert wire.has_failed
        again = await create(anna)
        assert (again.status_code, is_replayed(again)) == (201, True)
        assert await anna.read(again.headers["location"]) == again.json()
    assert await db.fetchval("select count(*) from boards where title = 'Once'") == 1


async def test_a_request_that_never_arrived_is_carried_out_when_repeated(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with wired(api, database_url) as (anna, wire):
        wire.lose_request(b"COMMIT")
        unavailable(await create(anna))
        again = await create(anna)
        assert (again.status_code, is_replayed(again)) == (201, False)
    assert await db.fetchval("select count(*) from boards where title = 'Once'") == 1


async def test_a_key_that_is_in_use_for_too_long_is_a_conflict_and_a_board_is_not(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    task = await a_task(anna)
    async with another_api(database_url, lock_timeout_seconds=0.2) as other:
        person = moved(anna, other)
        async with rival_on(task["board_id"], database_url, db) as rival:
            unavailable(await rename(person, task))
            await claim(rival, anna)
            answer = await rename(person, task)
            refused(answer, 409, "key-in-use")
            assert int(answer.headers["retry-after"]) >= 1
        assert (await rename(person, task)).status_code == 200


async def claim(rival: Rival, person: Person) -> None:
    sql = "insert into idempotency_keys (user_id, key, request_hash, at) values ($1, $2, '', now())"
    await rival.do(sql, person.id, KEY["idempotency-key"])


async def test_a_key_is_forgotten_after_a_day_and_swept_away_by_others(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    assert (await create(anna)).status_code == 201
    await db.execute("update idempotency_keys set at = now() - interval '24 hours 1 second'")
    assert not is_replayed(await create(anna, "Another"))
    assert is_replayed(await create(anna, "Another"))
    await db.execute("update idempotency_keys set at = now() - interval '24 hours 1 second'")
    await create(await api.user("boris"))
    assert await db.fetchval("select count(*) from idempotency_keys") == 1


@pytest.mark.parametrize("key", ["", "a b", "ключ".encode().decode("latin-1"), "k" * 256])
async def test_a_key_is_visible_ascii_of_some_length(api: Api, key: str) -> None:
    anna = await api.user("anna")
    headers = {"idempotency-key": key.encode("latin-1")}
    answer = await anna.send("POST", "/boards", json={"title": "A"}, headers=headers)
    invalid(answer, "/header/Idempotency-Key")


async def test_a_task_at_home_is_made_once_though_the_home_board_is_new(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    for board in await anna.items("/boards"):
        await anna.delete(f"/boards/{board['id']}")
    post = {"json": {"title": "Milk"}, "headers": KEY}
    answers = await asyncio.gather(*(anna.send("POST", "/tasks", **post) for _ in range(5)))
    assert {shown(answer) for answer in answers} == {shown(answers[0])}
    assert answers[0].status_code == 201
    assert await db.fetchval("select count(*) from tasks") == 1
    assert await db.fetchval("select count(*) from boards") == 1
