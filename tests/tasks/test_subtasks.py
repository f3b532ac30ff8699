from typing import Any

import pytest

from api import Api, Json, Person
from casts import board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from works import a_task


def at(subtask: Json) -> str:
    return f"/subtasks/{subtask['id']}"


async def a_subtask(api: Api, **fields: Any) -> tuple[Person, Json, Json, Json]:
    """Give a CREATOR, the board, a task on it and a subtask of that."""
    anna, board, task = await a_task(api)
    return anna, board, task, await anna.subtask(task, **{"title": "A", **fields})


async def order(person: Person, task: Json) -> str:
    subtasks = await person.items(f"/tasks/{task['id']}/subtasks")
    return "".join(subtask["title"] for subtask in subtasks)


async def count(person: Person, task: Json) -> tuple[int, int, int]:
    """Tell how many subtasks a task has, how many are completed, and its version."""
    found = await person.read(f"/tasks/{task['id']}")
    return found["subtasks"]["total"], found["subtasks"]["completed"], found["version"]


async def test_a_new_subtask_is_to_be_done_unless_it_is_said_to_be(api: Api) -> None:
    anna, _, task, subtask = await a_subtask(api)

    assert subtask.items() >= {"title": "A", "task_id": task["id"], "version": 1}.items()
    assert subtask["is_completed"] is False
    assert (await anna.subtask(task, is_completed=True))["is_completed"] is True


async def test_a_new_subtask_stands_at_the_bottom(api: Api) -> None:
    anna, board, task, _ = await a_subtask(api)

    async with events(anna, board, 2):
        made = [await anna.subtask(task, name) for name in "BC"]

    assert await order(anna, task) == "ABC"
    assert made[0]["rank"].encode() < made[1]["rank"].encode()


async def test_a_client_may_name_the_id_of_a_new_subtask(api: Api) -> None:
    anna, board, task = await a_task(api)
    made_id = new_id()

    response = await anna.post("/subtasks", task_id=task["id"], title="A", id=made_id)

    assert response.json()["id"] == made_id
    assert response.headers["location"] == f"/subtasks/{made_id}"
    async with events(anna, board, 0):
        again = await anna.post("/subtasks", task_id=task["id"], title="A", id=made_id)
        refused(again, 409, "already-exists")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": ""}, "/body/title"),
        ({"title": "x" * 501}, "/body/title"),
        ({"title": None}, "/body/title"),
        ({"is_completed": None}, "/body/is_completed"),
        ({"is_completed": 1}, "/body/is_completed"),
        ({"is_completed": "false"}, "/body/is_completed"),
        ({"rank": "a0"}, "/body/rank"),
        ({"version": 1}, "/body/version"),
        ({"status": "DONE"}, "/body/status"),
    ],
)
async def test_a_subtask_that_cannot_be_is_neither_made_nor_left_behind(
    api: Api, fields: Json, pointer: str
) -> None:
    anna, board, task, subtask = await a_subtask(api)
    body = {"title": "A", **fields}

    async with events(anna, board, 0):
        invalid(await anna.post("/subtasks", task_id=task["id"], **body), pointer)
        invalid(await anna.put(at(subtask), **body), pointer)
        invalid(await anna.patch(at(subtask), **fields), pointer)

    assert await anna.items(f"/tasks/{task['id']}/subtasks") == [subtask]


async def test_a_subtask_is_made_on_a_task_that_one_may_see_and_stays_there(api: Api) -> None:
    anna, _, task, subtask = await a_subtask(api)
    stranger = await api.user()

    invalid(await anna.post("/subtasks", title="A"), "/body/task_id")
    for task_id in (task["id"], new_id()):
        refused(await stranger.post("/subtasks", task_id=task_id, title="A"), 404, "not-found")
    invalid(await anna.put(at(subtask), title="A", task_id=task["id"]), "/body/task_id")
    invalid(await anna.patch(at(subtask), task_id=task["id"]), "/body/task_id")


async def test_every_change_of_a_subtask_counts_for_its_task(api: Api) -> None:
    """Seen to fail with a task that is not touched."""
    anna, board, task = await a_task(api)
    first, second = await anna.subtask(task), await anna.subtask(task, is_completed=True)
    assert await count(anna, task) == (2, 1, 3)

    async with events(anna, board, 4):
        await anna.patch(at(first), is_completed=True)
        assert await count(anna, task) == (2, 2, 4)
        await anna.put(at(second), title="B")
        assert await count(anna, task) == (2, 1, 5)
        await anna.post(f"{at(second)}/move", at="top")
        assert await count(anna, task) == (2, 1, 6)
        await anna.delete(at(first))
        assert await count(anna, task) == (1, 0, 7)


async def test_replacing_a_subtask_gives_defaults_to_what_is_left_out(api: Api) -> None:
    anna, _, _, subtask = await a_subtask(api, is_completed=True)

    replaced = (await anna.put(at(subtask), title="B")).json()

    expected = {**subtask, "title": "B", "is_completed": False, "version": 2}
    assert replaced == expected == await anna.read(at(subtask))


async def test_replacing_a_subtask_by_itself_is_no_change(api: Api) -> None:
    """Seen to fail with ``update`` that touches a row that stays the same."""
    anna, board, task, subtask = await a_subtask(api, is_completed=True)

    async with events(anna, board, 0):
        for _ in range(2):
            response = await anna.put(at(subtask), title="A", is_completed=True)
            assert (response.status_code, response.json()) == (200, subtask)
        assert (await anna.patch(at(subtask))).json() == subtask
    assert await count(anna, task) == (1, 1, 2)


@pytest.mark.parametrize("fields", [{"title": "B"}, {"is_completed": True}])
async def test_a_patch_changes_what_it_names_and_keeps_the_rest(api: Api, fields: Json) -> None:
    anna, _, _, subtask = await a_subtask(api)

    changed = (await anna.patch(at(subtask), **fields)).json()

    assert changed == {**subtask, **fields, "version": 2} == await anna.read(at(subtask))


@pytest.mark.parametrize(
    ("place", "order_after"),
    [({"at": "top"}, "CAB"), ({"at": "bottom"}, "ABC"), ({"before": 1}, "ACB")],
)
async def test_a_subtask_moves_within_its_task(api: Api, place: Json, order_after: str) -> None:
    anna, _, task, first = await a_subtask(api)
    made = [first, *[await anna.subtask(task, name) for name in "BC"]]
    body = {side: made[n]["id"] if isinstance(n, int) else n for side, n in place.items()}

    moved = (await anna.post(f"{at(made[2])}/move", **body)).json()

    assert await order(anna, task) == order_after
    assert moved == {**made[2], "rank": moved["rank"], "version": moved["version"]}


async def test_a_subtask_does_not_move_to_another_task(api: Api) -> None:
    anna, board, task, subtask = await a_subtask(api)
    other = await anna.task({"id": task["column_id"]})
    there = await anna.subtask(other, "X")

    async with events(anna, board, 0):
        for near_id in (there["id"], new_id()):
            refused(await anna.post(f"{at(subtask)}/move", after=near_id), 404, "not-found")
    assert (await order(anna, task), await order(anna, other)) == ("A", "X")


async def test_a_move_names_exactly_one_place(api: Api) -> None:
    anna, board, _, subtask = await a_subtask(api)

    async with events(anna, board, 0):
        invalid(await anna.post(f"{at(subtask)}/move"), "/body")
        invalid(await anna.post(f"{at(subtask)}/move", at="top", before=new_id()), "/body")
        invalid(await anna.post(f"{at(subtask)}/move", at="left"), "/body/at")
        invalid(await anna.post(f"{at(subtask)}/move", after="A"), "/body/after")


async def test_a_deleted_subtask_is_gone(api: Api) -> None:
    anna, _, task, subtask = await a_subtask(api)
    kept = await anna.subtask(task, "B")

    response = await anna.delete(at(subtask))

    assert (response.status_code, response.content) == (204, b"")
    assert await anna.items(f"/tasks/{task['id']}/subtasks") == [kept]
    refused(await anna.get(at(subtask)), 404, "not-found")
    refused(await anna.delete(at(subtask)), 404, "not-found")


async def test_a_member_works_with_subtasks(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    task = await anna.task(await anna.column(board))

    subtask = await boris.subtask(task)
    assert (await boris.put(at(subtask), title="A")).json()["title"] == "A"
    assert (await boris.patch(at(subtask), title="B")).json()["title"] == "B"
    assert (await boris.delete(at(subtask))).status_code == 204


async def test_an_observer_only_reads_subtasks(api: Api) -> None:
    anna, boris, board = await board_with(api, "OBSERVER")
    task = await anna.task(await anna.column(board))
    subtask = await anna.subtask(task)

    assert await boris.read(at(subtask)) == subtask
    async with events(anna, board, 0):
        for refusal in (
            await boris.post("/subtasks", task_id=task["id"], title="A"),
            await boris.put(at(subtask), title="A"),
            await boris.patch(at(subtask), title="A"),
            await boris.post(f"{at(subtask)}/move", at="top"),
            await boris.delete(at(subtask)),
        ):
            refused(refusal, 403, "not-allowed", role="OBSERVER")


async def test_a_subtask_that_one_may_not_see_does_not_exist(api: Api) -> None:
    anna, board, _, subtask = await a_subtask(api)
    stranger = await api.user()

    async with events(anna, board, 0):
        for refusal in (
            await stranger.get(at(subtask)),
            await stranger.put(at(subtask), title="A"),
            await stranger.patch(at(subtask), title="A"),
            await stranger.post(f"{at(subtask)}/move", at="top"),
            await stranger.delete(at(subtask)),
        ):
            refused(refusal, 404, "not-found")


async def test_subtasks_of_an_archived_task_can_be_changed(api: Api) -> None:
    anna, _, task, subtask = await a_subtask(api)
    await anna.patch(f"/tasks/{task['id']}", is_archived=True)

    assert (await anna.patch(at(subtask), is_completed=True)).status_code == 200
    assert (await anna.read(f"/tasks/{task['id']}"))["is_archived"] is True
