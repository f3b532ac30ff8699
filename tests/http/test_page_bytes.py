"""Pages end early where what is on them is long, and go on where they ended."""

import asyncpg
import pytest

from api import Api, Json, Person
from doska.http.pagination import PAGE_BYTES_MAX
from many import many_tasks
from past import path_of
from walks import pages

LONG = "д\n" * 20_000  # two bytes and an escaped line's end: four for each pair as JSON
COUNT = 80


async def a_board(anna: Person, db: asyncpg.Connection, count: int = COUNT) -> tuple[Json, Json]:
    """Make a board of many tasks with long descriptions."""
    board = await anna.board()
    column = await anna.column(board)
    await many_tasks(db, column, count)
    await db.execute("update tasks set description = $1", LONG)
    return board, column


@pytest.mark.parametrize("sort", ["rank", "-rank", "title"])
async def test_a_page_of_long_tasks_ends_early_and_nothing_is_left_out(
    api: Api, db: asyncpg.Connection, sort: str
) -> None:
    """Seen to fail without the bound, and with a cursor of the last that was looked for."""
    anna = await api.user()
    board, _ = await a_board(anna, db)
    query = {"board_id": board["id"], "sort": sort, "limit": 200}
    found = await pages(anna, "/tasks", **query)
    assert [len(page) for page in found] == [53, 27]
    (cards,) = await pages(anna, "/tasks", **query, fields="card")
    assert [task["id"] for page in found for task in page] == [card["id"] for card in cards]
    answer = await anna.get("/tasks", **query)
    assert PAGE_BYTES_MAX < len(answer.content) < PAGE_BYTES_MAX + len(LONG.encode()) * 2
    assert (await anna.get("/tasks", **query, fields="card")).links == {}


async def test_lists_of_a_column_and_of_boards_end_early_too(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user()
    _, column = await a_board(anna, db)
    found = await pages(anna, f"/columns/{column['id']}/tasks", limit=200)
    assert [len(page) for page in found] == [53, 27]
    for _ in range(COUNT):
        await anna.post("/boards", title="Long", description="д" * 20_000)
    await db.execute("update boards set description = $1 where title = 'Long'", LONG)
    for path in ("/boards", f"/users/{anna.id}/boards"):
        counts = [len(page) for page in await pages(anna, path, limit=200)]
        assert counts[0] < 56
        assert sum(counts) == COUNT + 2  # and the two of before


async def test_one_item_longer_than_a_page_is_a_page(api: Api, db: asyncpg.Connection) -> None:
    """As none can be, today."""
    anna = await api.user()
    _, column = await a_board(anna, db, 4)
    await db.execute("update tasks set description = repeat('д', $1)", PAGE_BYTES_MAX)
    found = await pages(anna, f"/columns/{column['id']}/tasks", limit=3)
    assert [len(page) for page in found] == [1, 1, 1, 1]


async def test_pages_of_long_events_end_early_and_nothing_is_left_out(
    api: Api, db: asyncpg.Connection
) -> None:
    """Texts that PostgreSQL packs count as they are sent. Seen to fail when they did not."""
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    for number in range(COUNT):
        await anna.patch(f"/tasks/{task['id']}", title=f"Task {number}")
    sql = """update events set payload = jsonb_set(payload, '{task,description}', to_jsonb($2::text))
        where board_id = $1 and type = 'task.updated'"""
    await db.execute(sql, board["id"], LONG)
    path, counts = f"/boards/{board['id']}/events", []
    after: str | None = "0"
    while after is not None:
        answer = await anna.read(path, limit=200, after=after)
        counts.append(len(answer["items"]))
        after = answer["next_cursor"]
    assert counts == [56, COUNT + 3 - 56]
    assert [e["seq"] for e in await walked_events(anna, path)] == list(range(1, COUNT + 4))
    assert len((await anna.read(path_of(board)))["tasks"]) == 1


async def walked_events(anna: Person, path: str) -> list[Json]:
    """Follow the links from page to page."""
    answer = await anna.get(path, limit=200)
    found = answer.json()["items"]
    while "next" in answer.links:
        answer = await anna.send("GET", answer.links["next"]["url"])
        found += answer.json()["items"]
    return list(found)
