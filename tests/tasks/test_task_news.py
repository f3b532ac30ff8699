"""What events tell of tasks beyond what has changed, for those who keep a board by them."""

import pytest

from api import Api, Json, Person
from casts import board_with
from works import a_task, at


async def last_event(anna: Person, board: Json) -> Json:
    return (await anna.items(f"/boards/{board['id']}/events"))[-1]


async def change(anna: Person, board: Json, task: Json, way: str, **fields: object) -> None:
    """Change a task by one of the three ways that there are."""
    operation = {"op": "update_task", "task_id": task["id"], "body": fields}
    answer = {
        "patch": lambda: anna.patch(at(task), **fields),
        "put": lambda: anna.put(at(task), **{"title": "Draw", **fields}),
        "batch": lambda: anna.post(f"/boards/{board['id']}/batch", operations=[operation]),
    }[way]()
    assert (await answer).status_code == 200


@pytest.mark.parametrize("way", ["patch", "put", "batch"])
async def test_a_task_that_the_archive_gives_back_comes_whole(api: Api, way: str) -> None:
    anna, board, task = await a_task(api, is_archived=True)
    await change(anna, board, task, way, is_archived=False)
    told = (await last_event(anna, board))["payload"]["task"]
    assert told == {**await anna.read(at(task)), "has_description": False}


async def test_an_undo_that_gives_a_task_back_tells_it_whole(api: Api) -> None:
    anna, board, task = await a_task(api, description="In oil")
    await anna.patch(at(task), is_archived=True)
    seq = (await last_event(anna, board))["seq"]
    assert (await anna.post(f"/boards/{board['id']}/undo", seq=seq)).status_code == 200
    (told,) = (await last_event(anna, board))["payload"]["tasks"]
    assert told == {**await anna.read(at(task)), "has_description": True}


@pytest.mark.parametrize("way", ["patch", "put", "batch"])
async def test_a_task_that_leaves_a_column_says_which(api: Api, way: str) -> None:
    anna, board, task = await a_task(api)
    other = await anna.column(board)
    await change(anna, board, task, way, column_id=other["id"])
    told = (await last_event(anna, board))["payload"]["task"]
    assert (told["from_column_id"], told["column_id"]) == (task["column_id"], other["id"])
    await anna.post(f"{at(task)}/move", column_id=task["column_id"])
    told = (await last_event(anna, board))["payload"]["task"]
    assert (told["from_column_id"], told["column_id"]) == (other["id"], task["column_id"])
    await anna.patch(at(task), title="Paint")
    assert "from_column_id" not in (await last_event(anna, board))["payload"]["task"]
    await change(anna, board, task, way, is_archived=True)
    told = (await last_event(anna, board))["payload"]["task"]
    assert (told["from_column_id"], told["is_archived"]) == (task["column_id"], True)


async def test_a_deleted_task_says_where_it_was_and_whether_it_stood_there(api: Api) -> None:
    anna, board, task = await a_task(api)
    kept = await anna.task({"id": task["column_id"]}, is_archived=True)
    column = {"column_id": task["column_id"]}
    await anna.delete(at(task))
    told = (await last_event(anna, board))["payload"]["task"]
    assert told == {"id": task["id"], **column, "from_column_id": task["column_id"]}
    await anna.delete(at(kept))
    assert (await last_event(anna, board))["payload"]["task"] == {"id": kept["id"], **column}


@pytest.mark.parametrize("is_account", [False, True])
async def test_tasks_that_somebody_left_say_who_is_still_on_them(
    api: Api, *, is_account: bool
) -> None:
    """Whether off the board, or with their account."""
    anna, boris, board = await board_with(api, "MEMBER")
    column = await anna.column(board)
    shared = await anna.task(column, assignee_ids=[boris.id, anna.id])
    alone = await anna.task(column, assignee_ids=[boris.id])
    path = f"/users/{boris.id}" if is_account else f"/boards/{board['id']}/users/{boris.id}"
    assert (await boris.delete(path)).status_code == 204
    told = (await last_event(anna, board))["payload"]["tasks"]
    assert [[one["id"] for one in task["assignees"]] for task in told] == [[anna.id], []]
    for task, made in zip(told, (shared, alone), strict=True):
        now = await anna.read(at(made))
        assert task == {name: now[name] for name in ("id", "version", "updated_at", "assignees")}
