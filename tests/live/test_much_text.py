"""A column whose tasks have more text than one change can hold is refused before it is read."""

import asyncpg
import pytest

from api import Api, Json, Person
from checks import events, refused
from doska.tasks.columns import TEXT_BYTES_MAX
from many import many_tasks

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
