from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from checks import events, invalid, refused
from doska.schemas import new_id
from many import many_tasks


def at(column: Json) -> str:
    return f"/columns/{column['id']}"


async def two_columns(api: Api, **fields: Any) -> tuple[Person, Json, Json, Json]:
    """Give somebody, a board, and two columns of it; ``fields`` are those of the second."""
    anna = await api.user()
    board = await anna.board()
    return anna, board, await anna.column(board, "A"), await anna.column(board, "B", **fields)


async def titles(person: Person, column: Json, **params: Any) -> list[str]:
    return [task["title"] for task in await person.items(f"{at(column)}/tasks", **params)]


async def test_a_column_without_tasks_is_just_deleted(api: Api) -> None:
    anna, board, column, other = await two_columns(api)

    async with events(anna, board, 1):
        response = await anna.delete(at(column))

    assert (response.status_code, response.content) == (204, b"")
    assert await anna.items(f"/boards/{board['id']}/columns") == [{**other, "task_count": 0}]
    refused(await anna.delete(at(column)), 404, "not-found")


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_column_with_tasks_stays_unless_it_is_said_what_becomes_of_them(
    api: Api, *, is_archived: bool
) -> None:
    anna, board, column, _ = await two_columns(api)
    task = await anna.task(column, is_archived=is_archived)

    async with events(anna, board, 0):
        refused(await anna.delete(at(column)), 409, "column-not-empty", current=1)

    assert await anna.read(f"/tasks/{task['id']}") == task


async def test_tasks_are_deleted_with_their_column_when_it_is_said(api: Api) -> None:
    anna, board, column, other = await two_columns(api)
    task = await anna.task(column, assignee_ids=[anna.id])
    subtask = await anna.subtask(task)
    archived = await anna.task(column, is_archived=True)
    kept = await anna.task(other, assignee_ids=[anna.id])

    async with events(anna, board, 1):
        assert (await anna.delete(at(column), tasks="delete")).status_code == 204

    gone = [f"/tasks/{task['id']}", f"/subtasks/{subtask['id']}", f"/tasks/{archived['id']}"]
    for path in gone:
        refused(await anna.get(path), 404, "not-found")
    assert await anna.items("/tasks", board_id=board["id"], archived="all") == [kept]


async def test_an_empty_column_may_be_deleted_with_either_word(api: Api) -> None:
    anna, board, column, other = await two_columns(api)
    third = await anna.column(board)

    assert (await anna.delete(at(column), tasks="delete")).status_code == 204
    assert (await anna.delete(at(third), tasks="move", to=other["id"])).status_code == 204


async def test_tasks_move_to_the_bottom_of_another_column_in_their_order(api: Api) -> None:
    """Seen to fail with keys dealt in the order of the tasks' ids."""
    anna, board, column, other = await two_columns(api)
    tasks = {name: await anna.task(column, name) for name in "CAB"}
    await anna.post(f"/tasks/{tasks['B']['id']}/move", at="top")
    await anna.task(other, "X")

    async with events(anna, board, 1):
        assert (await anna.delete(at(column), tasks="move", to=other["id"])).status_code == 204

    assert await titles(anna, other) == ["X", "B", "C", "A"]
    moved = await anna.read(f"/tasks/{tasks['C']['id']}")
    assert (moved["column_id"], moved["version"]) == (other["id"], 2)
    await anna.task(other, "Z")
    assert (await titles(anna, other))[-1] == "Z"


async def test_tasks_that_move_take_on_the_status_of_their_new_column(api: Api) -> None:
    anna, _, column, done = await two_columns(api, status="DONE")
    task = await anna.task(column)
    finished = await anna.task(column, status="DONE")

    await anna.delete(at(column), tasks="move", to=done["id"])

    moved = await anna.read(f"/tasks/{task['id']}")
    assert (moved["status"], moved["completed_at"]) == ("DONE", moved["updated_at"])
    kept = await anna.read(f"/tasks/{finished['id']}")
    assert (kept["status"], kept["completed_at"]) == ("DONE", finished["completed_at"])


async def test_tasks_that_move_to_a_column_without_a_status_keep_theirs(api: Api) -> None:
    anna, _, column, other = await two_columns(api)
    task = await anna.task(column, status="REJECTED")

    await anna.delete(at(column), tasks="move", to=other["id"])

    assert (await anna.read(f"/tasks/{task['id']}"))["status"] == "REJECTED"


async def test_archived_tasks_move_along_and_stay_archived(api: Api) -> None:
    """Seen to fail with a limit that counts the archived ones."""
    anna, _, column, other = await two_columns(api, task_limit=1, limit_is_hard=True)
    task = await anna.task(column, "A", is_archived=True)
    await anna.task(column, "B")

    assert (await anna.delete(at(column), tasks="move", to=other["id"])).status_code == 204

    moved = await anna.read(f"/tasks/{task['id']}")
    assert moved == {**moved, "column_id": other["id"], "is_archived": True, "rank": None}
    assert await titles(anna, other) == ["B"]
    assert await titles(anna, other, archived="true") == ["A"]


async def test_tasks_move_all_or_none_into_a_column_with_a_hard_limit(api: Api) -> None:
    """Seen to fail with a check of room for a single task."""
    anna, board, column, other = await two_columns(api, task_limit=3, limit_is_hard=True)
    for name in "AB":
        await anna.task(column, name)
        await anna.task(other, name)

    async with events(anna, board, 0):
        response = await anna.delete(at(column), tasks="move", to=other["id"])

    refused(response, 409, "column-full", limit=3, current=2)
    assert (await titles(anna, column), await titles(anna, other)) == (["A", "B"], ["A", "B"])


async def test_tasks_move_into_a_column_over_its_soft_limit(api: Api) -> None:
    anna, _, column, other = await two_columns(api, task_limit=1)
    for name in "AB":
        await anna.task(column, name)

    assert (await anna.delete(at(column), tasks="move", to=other["id"])).status_code == 204
    assert await titles(anna, other) == ["A", "B"]


async def test_moving_tasks_needs_another_column_and_only_moving_does(api: Api) -> None:
    anna, _, column, other = await two_columns(api)

    invalid(await anna.delete(at(column), tasks="move"), "/query/to")
    invalid(await anna.delete(at(column), tasks="move", to=column["id"]), "/query/to")
    invalid(await anna.delete(at(column), tasks="move", to="B"), "/query/to")
    invalid(await anna.delete(at(column), tasks="delete", to=other["id"]), "/query/to")
    invalid(await anna.delete(at(column), to=other["id"]), "/query/to")
    invalid(await anna.delete(at(column), tasks="whatever"), "/query/tasks")


async def test_tasks_do_not_move_to_another_board(api: Api) -> None:
    anna, _, column, _ = await two_columns(api)
    _, _, foreign, _ = await two_columns(api)
    own = await anna.column(await anna.board())
    task = await anna.task(column)

    for to in (foreign["id"], own["id"], new_id()):
        refused(await anna.delete(at(column), tasks="move", to=to), 404, "not-found")
    assert await anna.read(f"/tasks/{task['id']}") == task


async def test_a_thousand_tasks_can_be_deleted_at_once(api: Api, db: asyncpg.Connection) -> None:
    anna, board, column, _ = await two_columns(api)
    await many_tasks(db, column, 1000)

    assert (await anna.delete(at(column), tasks="delete")).status_code == 204
    assert await anna.items("/tasks", board_id=board["id"]) == []


async def test_more_than_a_thousand_tasks_are_moved_but_not_deleted_at_once(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, _, column, other = await two_columns(api)
    await many_tasks(db, column, 1005)

    deletion = await anna.delete(at(column), tasks="delete")
    refused(deletion, 409, "too-many-tasks", limit=1000, current=1005)
    refused(await anna.delete(at(column)), 409, "column-not-empty", current=1005)
    first = (await titles(anna, column, limit=200))[:3]
    assert (await anna.delete(at(column), tasks="move", to=other["id"])).status_code == 204

    assert await titles(anna, other, limit=3) == first == ["Task 1", "Task 2", "Task 3"]
    assert await db.fetchval("select count(*) from tasks where column_id = $1", other["id"]) == 1005
