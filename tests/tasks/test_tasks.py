from datetime import datetime

import pytest

from api import Api, Json
from casts import board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from works import DEFAULTS, GIVEN, a_column, a_task, at, ids, order

STATUSES = [
    ("новая", "TODO"),
    ("в ПРОЦЕССЕ", "IN_PROGRESS"),
    ("ЗАВЕРШЕНА", "DONE"),
    ("отклонена", "REJECTED"),
    ("in_progress", "IN_PROGRESS"),
]


async def test_a_new_task_has_defaults_for_what_is_left_out(api: Api) -> None:
    anna, board, column = await a_column(api)
    task = await anna.task(column, "Draw")

    expected = {"title": "Draw", **DEFAULTS, "board_id": board["id"], "column_id": column["id"]}
    assert task.items() >= expected.items()
    assert (task["assignees"], task["is_archived"], task["completed_at"]) == ([], False, None)
    assert (task["author"]["id"], task["version"]) == (anna.id, 1)
    assert task["subtasks"] == {"total": 0, "completed": 0}


async def test_a_new_task_has_what_it_was_given(api: Api) -> None:
    anna, _, task = await a_task(api)
    column = {"id": task["column_id"]}

    made = await anna.task(column, **GIVEN, assignee_ids=[anna.id], is_archived=True)

    assert made.items() >= GIVEN.items()
    assert (ids(made["assignees"]), made["is_archived"]) == ([anna.id], True)


async def test_a_new_task_stands_at_the_bottom(api: Api) -> None:
    anna, board, column = await a_column(api)

    async with events(anna, board, 3):
        for name in "ABC":
            await anna.task(column, name)

    assert await order(anna, column) == "ABC"


async def test_tasks_are_numbered_on_their_board_and_named_by_its_key(api: Api) -> None:
    anna, board, column = await a_column(api)
    other = await anna.column(board)
    elsewhere = await anna.column(await anna.board("Личные дела"))

    made = [await anna.task(column), await anna.task(other), await anna.task(elsewhere)]

    assert [task["number"] for task in made] == [1, 2, 1]
    assert [task["key"] for task in made] == [f"{board['key']}-1", f"{board['key']}-2", "LD-1"]


async def test_a_number_is_never_given_twice(api: Api) -> None:
    """Seen to fail with a number that counts from the highest on the board."""
    anna, board, column = await a_column(api)
    await anna.task(column)
    await anna.delete(at(await anna.task(column)))

    assert (await anna.task(column))["number"] == 3
    await anna.delete(f"/columns/{column['id']}", tasks="delete")
    assert (await anna.task(await anna.column(board)))["number"] == 4


async def test_a_refused_task_leaves_no_gap_in_the_numbers(api: Api) -> None:
    anna, _, column = await a_column(api, task_limit=1, limit_is_hard=True)
    task = await anna.task(column)
    refused(await anna.post("/tasks", column_id=column["id"], title="B"), 409, "column-full")
    await anna.delete(at(task))

    assert (await anna.task(column))["number"] == 2


async def test_a_client_may_name_the_id_of_a_new_task(api: Api) -> None:
    anna, board, column = await a_column(api)
    made_id = new_id()

    response = await anna.post("/tasks", column_id=column["id"], title="A", id=made_id)

    assert response.json()["id"] == made_id
    assert response.headers["location"] == f"/tasks/{made_id}"
    async with events(anna, board, 0):
        again = await anna.post("/tasks", column_id=column["id"], title="A", id=made_id)
        refused(again, 409, "already-exists")


@pytest.mark.parametrize(("written", "status"), STATUSES)
async def test_a_status_may_be_written_in_russian_in_any_case(
    api: Api, written: str, status: str
) -> None:
    anna, _, task = await a_task(api)

    made = await anna.task({"id": task["column_id"]}, status=written)
    replaced = await anna.put(at(task), title="A", status=written)
    changed = await anna.patch(at(made), status=written)

    assert [made["status"], replaced.json()["status"], changed.json()["status"]] == [status] * 3


async def test_a_due_time_is_given_back_as_the_same_moment(api: Api) -> None:
    anna, _, column = await a_column(api)

    task = await anna.task(column, due_at="2026-12-31T21:00:00.250000+03:00")

    assert task["due_at"] == "2026-12-31T18:00:00.25+00:00"
    assert datetime.fromisoformat(task["created_at"]).utcoffset() is not None


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": " "}, "/body/title"),
        ({"title": "x" * 501}, "/body/title"),
        ({"description": "x" * 50_001}, "/body/description"),
        ({"status": "почти"}, "/body/status"),
        ({"status": 1}, "/body/status"),
        ({"priority": "URGENT"}, "/body/priority"),
        ({"color": "blue"}, "/body/color"),
        ({"due_at": "tomorrow"}, "/body/due_at"),
        ({"due_at": "2026-12-31T18:00:00"}, "/body/due_at"),
        ({"due_at": 1_800_000_000}, "/body/due_at"),
        ({"is_archived": "true"}, "/body/is_archived"),
        ({"column_id": "A"}, "/body/column_id"),
        ({"assignee_ids": "anna"}, "/body/assignee_ids"),
        ({"assignee_ids": ["anna"]}, "/body/assignee_ids/0"),
        ({"assignee_ids": [new_id()] * 51}, "/body/assignee_ids"),
        ({"number": 7}, "/body/number"),
        ({"rank": "a0"}, "/body/rank"),
        ({"completed_at": "2026-12-31T18:00:00Z"}, "/body/completed_at"),
        ({"version": 1}, "/body/version"),
        ({"author": None}, "/body/author"),
        ({"board_id": new_id()}, "/body/board_id"),
    ],
)
async def test_a_task_that_cannot_be_is_neither_made_nor_left_behind(
    api: Api, fields: Json, pointer: str
) -> None:
    anna, board, task = await a_task(api)
    body = {"title": "A", "column_id": task["column_id"], **fields}

    async with events(anna, board, 0):
        invalid(await anna.post("/tasks", **body), pointer)
        invalid(await anna.put(at(task), **body), pointer)
        invalid(await anna.patch(at(task), **fields), pointer)

    assert await anna.items("/tasks", board_id=board["id"]) == [task]


async def test_a_task_needs_a_title_and_a_column_that_one_may_see(api: Api) -> None:
    anna, _, column = await a_column(api)
    stranger = await api.user()

    invalid(await anna.post("/tasks", column_id=column["id"]), "/body/title")
    for column_id in (column["id"], new_id()):
        refusal = await stranger.post("/tasks", column_id=column_id, title="A")
        refused(refusal, 404, "not-found")


async def test_an_observer_makes_changes_and_deletes_no_tasks(api: Api) -> None:
    anna, boris, board = await board_with(api, "OBSERVER")
    column = await anna.column(board)
    task = await anna.task(column)

    async with events(anna, board, 0):
        for refusal in (
            await boris.post("/tasks", column_id=column["id"], title="A"),
            await boris.put(at(task), title="A"),
            await boris.patch(at(task), title="A"),
            await boris.post(f"{at(task)}/move", at="top"),
            await boris.delete(at(task)),
        ):
            refused(refusal, 403, "not-allowed", role="OBSERVER")
    assert await boris.read(at(task)) == task


async def test_a_member_makes_changes_and_deletes_tasks(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    column = await anna.column(board)

    task = await boris.task(column)
    assert task["author"]["id"] == boris.id
    assert (await boris.put(at(task), title="A")).json()["title"] == "A"
    assert (await boris.patch(at(task), title="B")).json()["title"] == "B"
    assert (await boris.delete(at(task))).status_code == 204
