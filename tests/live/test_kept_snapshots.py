"""A snapshot that is kept is brought up to date by what events touch; at doubt it is built anew.

That the bytes are the same after whatever people do, `test_following` holds.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from api import Api, Json, Person
from many import many_tasks
from statements import watching

APPENDED = """
    with told as (update boards set seq = seq + 1 where id = $1 returning seq)
    insert into events (board_id, seq, type, payload, changes, at)
    select $1, seq, $2, '{}', $3, clock_timestamp() from told"""
RETITLED = "update tasks set title = 'By hand' where board_id = $1"
LOST = """
    with lost as (delete from events where board_id = $1 and seq > $2),
    lost_too as (delete from touched_rows where board_id = $1 and seq > $2)
    update boards set seq = $2 where id = $1"""


async def a_board(anna: Person) -> tuple[Json, list[Json]]:
    """Make a board with two columns and three tasks, and have its snapshot kept."""
    board = await anna.board()
    columns = [await anna.column(board, title) for title in ("One", "Two")]
    tasks = [await anna.task(column) for column in (columns[0], columns[0], columns[1])]
    await look(anna, board)
    return board, tasks


async def look(person: Person, board: Json, **params: int) -> Json:
    """Read the snapshot, which is kept from then on."""
    return await person.read(f"/boards/{board['id']}/snapshot", **params)


@asynccontextmanager
async def built(count: int) -> AsyncIterator[None]:
    """Expect that so many snapshots are built as a whole."""
    async with watching() as sent:
        yield
    assert sum("share as" in statement for statement in sent) == count


async def test_only_what_events_have_touched_is_read_anew(api: Api, db: asyncpg.Connection) -> None:
    """Of what nobody told, nothing is seen."""
    anna = await api.user()
    board, tasks = await a_board(anna)
    await anna.patch(f"/tasks/{tasks[0]['id']}", title="Told")
    await db.execute(RETITLED + " and id <> $2", board["id"], tasks[0]["id"])
    async with built(0):
        found = await look(anna, board)
    assert [task["title"] for task in found["tasks"]] == ["Told", *2 * [tasks[1]["title"]]]


async def test_after_many_events_it_is_built_anew(api: Api, db: asyncpg.Connection) -> None:
    """After many at once, and after some hundreds one by one: then all is seen."""
    anna = await api.user()
    board, _ = await a_board(anna)
    await db.execute(RETITLED, board["id"])
    for events, is_seen in ((64, False), (64, False), (64, False), (64, False), (1, True)):
        for _ in range(events):
            await db.execute(APPENDED, board["id"], "task.updated", "[]")
        async with built(int(is_seen)):
            found = await look(anna, board)
        assert (found["tasks"][0]["title"] == "By hand") == is_seen
    await db.execute("update tasks set title = 'Again' where board_id = $1", board["id"])
    for _ in range(65):
        await db.execute(APPENDED, board["id"], "task.updated", "[]")
    assert (await look(anna, board))["tasks"][0]["title"] == "Again"


async def test_what_this_release_does_not_know_is_not_followed(
    api: Api, db: asyncpg.Connection
) -> None:
    """An event of a newer release, or a new key of the board, which all its cards show."""
    anna = await api.user()
    board, _ = await a_board(anna)
    await db.execute(RETITLED, board["id"])
    await db.execute(APPENDED, board["id"], "task.painted", "[]")
    assert (await look(anna, board))["tasks"][0]["title"] == "By hand"
    await db.execute("update boards set key = 'NEW' where id = $1", board["id"])
    changes = [
        {"table": "boards", "id": board["id"], "before": {"key": "WEB"}, "after": {"key": "NEW"}}
    ]
    await db.execute(APPENDED, board["id"], "board.updated", json.dumps(changes))
    assert {t["key"] for t in (await look(anna, board))["tasks"]} == {"NEW-1", "NEW-2", "NEW-3"}


async def test_a_snapshot_of_what_was_lost_is_not_followed(
    api: Api, db: asyncpg.Connection
) -> None:
    """However long the new log is. Seen to fail when only the number was compared."""
    anna = await api.user()
    board, tasks = await a_board(anna)
    await anna.patch(f"/tasks/{tasks[0]['id']}", title="Lost")
    lost = await look(anna, board)
    await db.execute(LOST, board["id"], lost["seq"] - 1)
    await db.execute(RETITLED, board["id"])
    for number in range(2):
        await anna.patch(f"/tasks/{tasks[1]['id']}", title=f"New {number}")
    found = await look(anna, board)
    assert [task["title"] for task in found["tasks"]] == ["By hand", "New 1", "By hand"]


async def test_columns_tell_how_many_tasks_they_have_by_now(api: Api) -> None:
    """Where a task comes, moves, is archived or goes; and nothing of them is read where none does."""
    anna = await api.user()
    board, tasks = await a_board(anna)
    column_id, path = tasks[2]["column_id"], f"/tasks/{tasks[0]['id']}"
    for deed, counts in (
        (anna.patch(path, title="Told"), [2, 1]),
        (anna.post(f"{path}/move", column_id=column_id, at="top"), [1, 2]),
        (anna.task({"id": column_id}), [1, 3]),
        (anna.patch(path, is_archived=True), [1, 2]),
        (anna.patch(path, is_archived=False), [1, 3]),
        (anna.delete(f"/tasks/{tasks[1]['id']}"), [0, 3]),
    ):
        await deed
        async with built(0):
            found = await look(anna, board)
        assert [column["task_count"] for column in found["columns"]] == counts


async def test_of_columns_with_more_tasks_than_asked_for_nothing_is_followed(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user()
    board = await anna.board()
    columns = [await anna.column(board, title) for title in ("One", "Two")]
    await many_tasks(db, columns[0], 3)
    first = (await look(anna, board, tasks_per_column=3))["tasks"][0]
    await anna.patch(f"/tasks/{first['id']}", title="First")
    async with built(0):
        assert (await look(anna, board, tasks_per_column=3))["tasks"][0]["title"] == "First"
    await anna.task(columns[0], "Fourth")
    for _ in range(2):
        async with built(1):
            found = await look(anna, board, tasks_per_column=3)
        assert (len(found["tasks"]), found["columns"][0]["task_count"]) == (3, 4)
        assert found["columns"][0]["next_cursor"]
        await anna.post(f"/tasks/{found['tasks'][1]['id']}/move", at="bottom")
    await anna.post(f"/tasks/{first['id']}/move", column_id=columns[1]["id"], at="top")
    found = await look(anna, board, tasks_per_column=3)
    assert [column["task_count"] for column in found["columns"]] == [3, 1]
    assert len(found["tasks"]) == 4


async def test_many_tasks_at_once_are_built_anew(api: Api) -> None:
    """A snapshot is brought up to date by a hundred of them at most."""
    anna = await api.user()
    board, tasks = await a_board(anna)
    column_id = tasks[0]["column_id"]
    create = {"op": "create_task", "body": {"column_id": column_id, "title": "Draw"}}
    for _ in range(2):
        await anna.post(f"/boards/{board['id']}/batch", operations=60 * [create])
        async with built(0):
            assert (await look(anna, board))["seq"]
    await anna.delete(f"/columns/{column_id}", tasks="delete")
    async with built(1):
        assert len((await look(anna, board))["tasks"]) == 1


async def test_columns_come_and_go_with_their_tasks(api: Api) -> None:
    """Though no event touches these, and as many go as come."""
    anna = await api.user()
    board, tasks = await a_board(anna)
    await anna.task({"id": tasks[2]["column_id"]})
    one, two = (f"/columns/{tasks[n]['column_id']}" for n in (0, 2))
    await anna.patch(two, is_archived=True)
    assert {task["column_id"] for task in (await look(anna, board))["tasks"]} == {one[9:]}
    await anna.patch(two, is_archived=False)
    await anna.patch(one, is_archived=True)
    async with built(1):
        found = await look(anna, board)
    assert [task["column_id"] for task in found["tasks"]] == 2 * [two[9:]]


async def test_who_asks_for_news_at_once_is_judged_like_anybody(api: Api) -> None:
    """Where a board had news the last time, they are asked for before what is kept is compared."""
    anna, boris, stranger = [await api.user() for _ in range(3)]
    board, tasks = await a_board(anna)
    path = f"/boards/{board['id']}/snapshot"
    await anna.invite(board, boris)
    assert (await look(boris, board))["seq"] == (await look(anna, board))["seq"]
    for title in ("Told", "Told again"):
        await anna.patch(f"/tasks/{tasks[0]['id']}", title=title)
        assert (await stranger.get(path)).status_code == 404
        assert (await look(boris, board))["tasks"][0]["title"] == title
    await anna.delete(f"/boards/{board['id']}/users/{boris.id}")
    assert (await boris.get(path)).status_code == 404


async def test_many_who_ask_at_once_have_it_brought_up_to_date_once(api: Api) -> None:
    anna = await api.user()
    board, tasks = await a_board(anna)
    for title in ("Told", "Told again"):
        await anna.patch(f"/tasks/{tasks[0]['id']}", title=title)
        async with watching() as sent:
            found = await asyncio.gather(*(look(anna, board) for _ in range(8)))
        assert {answer["tasks"][0]["title"] for answer in found} == {title}
        assert sum("touched as" in statement for statement in sent) == 1
