"""Batches that are repeated, tried out, watched, overtaken, or undo themselves."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api, Json, Person
from batches import check_log, done, look, op, send
from checks import refused
from doska.schemas import new_id
from doska.tasks import places
from log_board import listening, log_of
from log_rival import all_wait, rival_on
from many import many_tasks
from people import moved
from stream_client import watching
from stream_server import port_of
from works import a_column, a_task, order

KEY = {"Idempotency-Key": "once"}


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


def new_tasks(column: Json, count: int) -> list[Json]:
    return [op("create_task", {"title": "A", "column_id": column["id"]}) for _ in range(count)]


async def test_a_batch_that_is_repeated_is_done_once(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with an answer that is not kept."""
    anna, board, column = await a_column(api)
    first = await send(anna, board["id"], *new_tasks(column, 3), headers=KEY)
    before = await look(db, board["id"])
    again = await send(anna, board["id"], *new_tasks(column, 3), headers=KEY)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert await look(db, board["id"]) == before
    refused(await send(anna, board["id"], *new_tasks(column, 2), headers=KEY), 422, "key-reused")


async def test_a_refused_batch_leaves_its_key_free(api: Api) -> None:
    anna, board, column = await a_column(api)
    bad = op("delete_task", task_id=new_id())
    refused(
        await send(anna, board["id"], *new_tasks(column, 1), bad, headers=KEY), 404, "not-found"
    )
    answer = await send(anna, board["id"], *new_tasks(column, 1), headers=KEY)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (200, False)


async def test_a_batch_can_be_tried_out(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with a dry run that commits."""
    anna, board, task = await a_task(api)
    before = await look(db, board["id"])
    operations = [
        op("create_column", {"title": "A"}),
        op("create_task", {"title": "A", "column_id": "$0.id"}),
        op("delete_task", task_id="$1.id"),
        op("delete_task", task_id=task["id"]),
    ]
    async with listening(db) as ear:
        report = await send(anna, board["id"], *operations, headers={"Prefer": "dry-run"})
        assert await ear.heard() == []
    kinds = [event["type"] for event in report.json()["events"]]
    assert kinds == ["column.created", "task.created", "task.deleted", "task.deleted"]
    counts = report.json()["counts"]
    assert {kind: counts[kind]["created"] for kind in counts} == {"columns": 1, "tasks": 0}
    assert counts["tasks"]["deleted"] == 1
    assert await look(db, board["id"]) == before


async def test_if_match_of_the_whole_compares_the_board(api: Api) -> None:
    anna, board, column = await a_column(api)
    answer = await send(anna, board["id"], *new_tasks(column, 1), headers={"If-Match": '"1"'})
    tag = answer.headers["etag"]
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    answer = await send(anna, board["id"], *new_tasks(column, 1), headers={"If-Match": tag})
    current = refused(answer, 412, "precondition-failed")["current"]
    assert (current["title"], current["version"]) == ("Shop", 2)


async def test_a_stream_gets_each_event_of_a_batch(api: Api, address: str) -> None:
    anna, board, column = await a_column(api)
    async with watching(address, anna, board["id"]) as watch:
        answer = await done(anna, board["id"], *new_tasks(column, 3))
        events = [await watch.event() for _ in range(3)]
    assert [event["seq"] for event in events] == [3, 4, answer["seq"]]
    assert {event["batch_id"] for event in events} == {answer["batch_id"]}
    alone = (await anna.items(f"/boards/{board['id']}/events"))[0]
    assert alone["batch_id"] is None


async def test_an_assignment_that_ended_can_be_made_again(api: Api, db: asyncpg.Connection) -> None:
    """In one batch; a task's id never. Seen to fail with inserts before deletes."""
    anna, board, task = await a_task(api)
    person = {"task_id": task["id"], "user_id": anna.id}
    await anna.put(f"/tasks/{task['id']}/assignees/{anna.id}")
    again = {"id": task["id"], "title": "Anew", "column_id": task["column_id"]}
    await done(anna, board["id"], op("unassign_task", **person), op("assign_task", **person))
    await check_log(db, board["id"])
    answer = await send(
        anna, board["id"], op("delete_task", task_id=task["id"]), op("create_task", again)
    )
    refused(answer, 409, "already-exists", operation=1)
    made = await anna.read(f"/tasks/{task['id']}")
    assert [person["id"] for person in made["assignees"]] == [anna.id]


async def test_a_batch_can_undo_itself(api: Api, db: asyncpg.Connection) -> None:
    anna, board, column = await a_column(api)
    rows = (await look(db, board["id"]))[0]
    made = [
        op("create_task", {"title": "A", "column_id": column["id"], "assignee_ids": [anna.id]}),
        op("create_subtask", {"title": "A", "task_id": "$0.id"}),
    ]
    await done(anna, board["id"], *made, op("delete_task", task_id="$0.id"))
    assert len(await check_log(db, board["id"])) == 5
    assert (await look(db, board["id"]))[0] == rows


@pytest.mark.parametrize("limit_later", [False, True])
async def test_a_hard_limit_counts_what_the_batch_puts_there(
    api: Api, db: asyncpg.Connection, *, limit_later: bool
) -> None:
    """Seen to fail with the count that was read, and with none where the limit comes later."""
    anna, board, column = await a_column(api, task_limit=3, limit_is_hard=not limit_later)
    task = await anna.task(column)
    await anna.task(column)
    hard = op("update_column", {"limit_is_hard": True}, column_id=column["id"])
    before = await look(db, board["id"])
    answer = await send(anna, board["id"], hard, *new_tasks(column, 2))
    refused(answer, 409, "column-full", operation=2, limit=3, current=3)
    assert await look(db, board["id"]) == before
    gone = op("delete_task", task_id=task["id"])
    await done(anna, board["id"], hard, gone, *new_tasks(column, 2))


@pytest.mark.parametrize("count", [1099, 1100])
async def test_too_many_tasks_are_not_deleted_with_their_column(
    api: Api, db: asyncpg.Connection, count: int
) -> None:
    """What was deleted before them does not count."""
    anna, board, column = await a_column(api)
    await many_tasks(db, column, count)
    tasks = await anna.items(f"/columns/{column['id']}/tasks", limit=99)
    gone = [op("delete_task", task_id=task["id"]) for task in tasks]
    last = op("delete_column", column_id=column["id"], tasks="delete")
    answer = await send(anna, board["id"], *gone, last)
    if count == 1099:
        assert answer.status_code == 200, answer.text
    else:
        refused(answer, 409, "too-many-tasks", operation=99, limit=1000, current=1001)


@pytest.mark.parametrize("count", [997, 998])
async def test_a_batch_changes_no_more_than_ten_thousand_rows(
    api: Api, db: asyncpg.Connection, count: int
) -> None:
    """Columns are deleted, and their tasks moved on each time. Seen to fail without the limit."""
    anna, board, column = await a_column(api)
    await many_tasks(db, column, count)
    columns = [op("create_column", {"title": "A"}) for _ in range(10)]
    moves = [
        op("delete_column", column_id=one, tasks="move", to=other)
        for one, other in pairwise([column["id"], *(f"${number}.id" for number in range(10))])
    ]
    rename = op("update_column", {"title": "B"}, column_id="$9.id")
    answer = await send(anna, board["id"], *columns, *moves, rename)
    if count == 997:
        assert answer.status_code == 200, answer.text
    else:
        refused(answer, 409, "too-many-changes", operation=20, limit=10_000)


async def test_keys_are_dealt_anew_twice_in_one_batch(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail with keys dealt anew from what the database has."""
    monkeypatch.setattr(places, "KEY_CHARS_MAX", 2)
    anna, board, column = await a_column(api)
    tasks = [await anna.task(column, name) for name in "ABCDEF"]
    a, _, _, d, e, f = [task["id"] for task in tasks]
    moves = [op("move_task", {"after": a}, task_id=moving) for moving in (f, e, d)]
    new = op("create_task", {"title": "G", "column_id": column["id"]})
    await done(anna, board["id"], *moves, new, op("move_task", {"before": f}, task_id="$3.id"))
    assert await order(anna, column) == "ADEGFBC"
    await check_log(db, board["id"])


async def test_two_batches_at_once_come_one_after_the_other(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """A rival makes both wait. Seen to fail with a lock that others may share."""
    anna, board, column = await a_column(api)
    async with rival_on(board["id"], database_url, db) as rival:
        both = [
            asyncio.ensure_future(send(person, board["id"], *new_tasks(column, 20)))
            for person in (anna, moved(anna, api))
        ]
        await all_wait(db, both[0])
        await rival.do("update boards set task_number = 7 where id = $1", board["id"])
        await rival.do("commit")
        answers = [(await request).json() for request in both]
    numbers = [task["number"] for answer in answers for task in answer["results"]]
    assert sorted(numbers) == list(range(8, 48))
    ids = [event["batch_id"] for event in (await check_log(db, board["id"]))[2:]]
    assert len(set(ids[:20])) == len(set(ids[20:])) == 1
    assert set(ids) == {answer["batch_id"] for answer in answers}


async def test_who_loses_the_board_while_the_batch_waits_does_nothing(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna, board, column = await a_column(api)
    ivan = await joined(anna, board)
    async with rival_on(board["id"], database_url, db) as rival:
        await rival.do("delete from board_users where user_id = $1 and role = 'MEMBER'", ivan.id)
        answer = await rival.outrun(send(ivan, board["id"], *new_tasks(column, 2)))
    refused(answer, 404, "not-found")
    assert len(await log_of(db, board["id"])) == 3


async def joined(anna: Person, board: Json) -> Person:
    ivan = await anna.api.user()
    await anna.invite(board, ivan)
    return ivan
