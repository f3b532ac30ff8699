"""Boards in lists tell how much is on them, and when they have last changed."""

import asyncpg

from api import Api, Json, Person
from statements import watching
from works import a_task

COUNTS = ("task_count", "people_count")
STATEMENTS_MAX = 1
MANY = 20


async def listed(person: Person, board: Json, **params: str) -> Json:
    """Find a board in the list of one's own."""
    (found,) = [b for b in await person.items("/boards", **params) if b["id"] == board["id"]]
    return found


async def newest(person: Person, board: Json) -> Json:
    events = await person.items(f"/boards/{board['id']}/events", limit=200)
    return events[-1]


async def test_a_new_board_has_its_maker_and_the_time_of_its_making(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    found = await listed(anna, board)
    assert {**board, **{name: found[name] for name in (*COUNTS, "updated_at")}} == found
    assert [found[name] for name in COUNTS] == [0, 1]
    assert found["updated_at"] == (await newest(anna, board))["at"]


async def test_tasks_and_people_are_counted_as_they_come_and_go(api: Api) -> None:
    """In all columns; what is archived is left out, and whoever has deleted their account."""
    anna, board, task = await a_task(api)
    boris = await api.user()
    await anna.invite(board, boris)
    other = await anna.column(board, "Done")
    await anna.task(other)
    assert [(await listed(boris, board))[name] for name in COUNTS] == [2, 2]
    await anna.patch(f"/tasks/{task['id']}", is_archived=True)
    assert (await listed(anna, board))["task_count"] == 1
    await anna.delete(f"/columns/{other['id']}", tasks="delete")
    await boris.delete(f"/users/{boris.id}")
    assert [(await listed(anna, board))[name] for name in COUNTS] == [0, 1]


async def test_whatever_happens_on_a_board_counts_as_its_last_change(api: Api) -> None:
    """A task's change as well as the board's own."""
    anna, board, task = await a_task(api)
    for path, body in ((f"/tasks/{task['id']}", {"title": "Sing"}), (f"/boards/{board['id']}", {})):
        await anna.patch(path, **body)
        assert (await listed(anna, board))["updated_at"] == (await newest(anna, board))["at"]
    same = await anna.items(f"/users/{anna.id}/boards", q=board["title"])
    assert same == [await listed(anna, board)]


async def test_a_log_that_was_cut_whole_leaves_the_time_of_its_making(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, board, _ = await a_task(api)
    await db.execute("delete from events where board_id = $1", board["id"])
    assert (await listed(anna, board))["updated_at"] == board["created_at"]


async def test_many_boards_are_one_statement(api: Api) -> None:
    anna = await api.user()
    for _ in range(MANY):
        await anna.board()
    async with watching() as sent:
        assert len(await anna.items("/boards")) > MANY
    assert len(sent) == STATEMENTS_MAX
