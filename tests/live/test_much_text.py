"""What one change would hold too much of is refused: text of tasks, and what hangs on them."""

import asyncpg
import pytest

from api import Api, Json, Person
from checks import events, refused
from doska.boards.hanging import HANGING_BYTES_MAX
from doska.tasks.columns import TEXT_BYTES_MAX
from many import many_subtasks, many_tasks

COUNT = 256
SIZE = TEXT_BYTES_MAX // COUNT


async def a_board(anna: Person, db: asyncpg.Connection) -> tuple[Json, Json, Json]:
    """Make a board with just as much text in a column as there may be."""
    board = await anna.board()
    column, other = await anna.column(board), await anna.column(board)
    await many_tasks(db, column, COUNT)
    await db.execute("update tasks set description = repeat('д', $1)", SIZE // 2)
    return board, column, other


@pytest.mark.parametrize("way", ["delete", "move"])
async def test_a_column_with_too_much_text_is_not_deleted(
    api: Api, db: asyncpg.Connection, way: str
) -> None:
    """At the limit it is, and comes back. Seen to fail without the bound."""
    anna = await api.user()
    board, column, other = await a_board(anna, db)
    path, query = f"/columns/{column['id']}", {"tasks": way}
    query |= {"to": other["id"]} if way == "move" else {}
    await anna.task(column, description="a")
    more = {"limit": TEXT_BYTES_MAX, "current": TEXT_BYTES_MAX + 1}
    batch = {"op": "delete_column", "column_id": column["id"], **query}
    async with events(anna, board, 0):
        refused(await anna.delete(path, **query), 409, "too-much-text", **more)
        answer = await anna.post(f"/boards/{board['id']}/batch", operations=[batch])
        refused(answer, 409, "too-much-text", operation=0, **more)
        refused(await anna.delete(path), 409, "column-not-empty", current=COUNT + 1)
    await db.execute("update tasks set description = '' where description = 'a'")
    assert (await anna.delete(path, **query)).status_code == 204
    seq = (await anna.read(f"/boards/{board['id']}"))["seq"]
    undone = await anna.post(f"/boards/{board['id']}/undo", seq=seq)
    assert undone.status_code == 200
    assert len(undone.json()["payload"]["tasks"]) == COUNT + 1


LONG, BYTES_A_CHAR = "я" * 500, 2


async def over_the_limit(anna: Person, db: asyncpg.Connection, task: Json) -> int:
    """Give a task subtasks of a few bytes more than may go with it; returns how many bytes."""
    count = HANGING_BYTES_MAX // (len(LONG) * BYTES_A_CHAR)
    await many_subtasks(db, task, [LONG] * count)
    answer = await anna.delete(f"/tasks/{task['id']}")
    size = answer.json()["current"] // count
    spare = (answer.json()["current"] - HANGING_BYTES_MAX - 1) // size
    await db.execute(
        "delete from subtasks where id in (select id from subtasks limit $1::int)", spare
    )
    answer = await anna.delete(f"/tasks/{task['id']}")
    return int(answer.json()["current"]) - HANGING_BYTES_MAX


async def shorten(db: asyncpg.Connection, size: int) -> None:
    """Take so many bytes out of the titles of subtasks."""
    await db.execute(
        """update subtasks set title = repeat('я', $1::int / 2) || repeat('a', $1::int % 2)
        where id = (select max(id::text)::uuid from subtasks)""",
        len(LONG) * BYTES_A_CHAR - size,
    )


async def test_a_task_goes_with_as_much_as_one_event_may_hold_and_no_more(
    api: Api, db: asyncpg.Connection
) -> None:
    """By itself, in a batch, and with its column. Seen to fail without the bound."""
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    over = await over_the_limit(anna, db, task)
    await shorten(db, over - 1)
    more = {"limit": HANGING_BYTES_MAX, "current": HANGING_BYTES_MAX + 1, "of": "subtasks"}
    path, batch = f"/tasks/{task['id']}", {"op": "delete_task", "task_id": task["id"]}
    column = f"/columns/{task['column_id']}"
    async with events(anna, board, 0):
        refused(await anna.delete(path), 409, "too-much-at-once", **more)
        answer = await anna.post(f"/boards/{board['id']}/batch", operations=[batch])
        refused(answer, 409, "too-much-at-once", operation=0, **more)
        answer = await anna.delete(column, tasks="delete")
        refused(answer, 409, "too-much-at-once", **more)
    await shorten(db, over)
    assert (await anna.delete(path)).status_code == 204
