import pytest

from api import Api, Json
from checks import events, invalid, refused
from doska.schemas import new_id
from works import DEFAULTS, GIVEN, a_task, at, ids


def changed(task: Json, after: Json, **fields: object) -> Json:
    """Say what a task becomes by one change of these fields."""
    return {**task, **fields, "version": task["version"] + 1, "updated_at": after["updated_at"]}


async def test_replacing_a_task_gives_defaults_to_what_is_left_out(api: Api) -> None:
    anna, board, task = await a_task(api, **GIVEN)
    await anna.put(f"{at(task)}/assignees/{anna.id}")

    async with events(anna, board, 1):
        after = (await anna.put(at(task), title="A")).json()

    assert after == {**changed(task, after, title="A", **DEFAULTS), "version": 3}
    assert after == await anna.read(at(task))


async def test_replacing_a_task_sets_every_field(api: Api) -> None:
    anna, _, task = await a_task(api)

    after = (await anna.put(at(task), **GIVEN, assignee_ids=[anna.id])).json()

    assert ids(after["assignees"]) == [anna.id]
    assert after == changed(task, after, **GIVEN, assignees=after["assignees"])
    assert after == await anna.read(at(task))


async def test_replacing_a_task_by_itself_is_no_change(api: Api) -> None:
    """Seen to fail with ``update`` that touches a row that stays the same."""
    anna, board, task = await a_task(api, **GIVEN)
    body = {**GIVEN, "column_id": task["column_id"]}

    async with events(anna, board, 0):
        for same in (body, {**body, "due_at": "2026-12-31T21:00:00+03:00"}):
            response = await anna.put(at(task), **same)
            assert (response.status_code, response.json()) == (200, task)


async def test_replacing_a_task_restores_it_unless_it_is_said_to_be_archived(api: Api) -> None:
    anna, _, task = await a_task(api, is_archived=True)

    kept = (await anna.put(at(task), title="A", is_archived=True)).json()
    assert (kept["is_archived"], kept["rank"]) == (True, None)
    restored = (await anna.put(at(task), title="A")).json()
    assert restored["is_archived"] is False
    assert restored["rank"]


async def test_replacing_a_task_names_its_title(api: Api) -> None:
    anna, _, task = await a_task(api)

    invalid(await anna.put(at(task), priority="LOW"), "/body/title")
    invalid(await anna.put(at(task), title="A", id=task["id"]), "/body/id")
    assert await anna.read(at(task)) == task


@pytest.mark.parametrize("fields", [{name: value} for name, value in GIVEN.items() if value])
async def test_a_patch_changes_what_it_names_and_keeps_the_rest(api: Api, fields: Json) -> None:
    anna, board, task = await a_task(api, assignee_ids=[])

    async with events(anna, board, 1):
        after = (await anna.patch(at(task), **fields)).json()

    assert after == changed(task, after, **fields) == await anna.read(at(task))
    assert after["updated_at"] > task["updated_at"]


async def test_a_patch_of_something_else_keeps_the_assignees(api: Api) -> None:
    anna, _, task = await a_task(api)
    await anna.put(f"{at(task)}/assignees/{anna.id}")

    assert ids((await anna.patch(at(task), title="A")).json()["assignees"]) == [anna.id]
    assert (await anna.patch(at(task), assignee_ids=[])).json()["assignees"] == []


@pytest.mark.parametrize("name", ["color", "due_at"])
async def test_null_clears_what_a_task_need_not_have(api: Api, name: str) -> None:
    anna, _, task = await a_task(api, **GIVEN)

    after = (await anna.patch(at(task), **{name: None})).json()

    assert after == changed(task, after, **{name: None})


@pytest.mark.parametrize(
    "name",
    ["title", "description", "status", "priority", "column_id", "assignee_ids", "is_archived"],
)
async def test_null_is_refused_where_a_task_must_have_a_value(api: Api, name: str) -> None:
    anna, _, task = await a_task(api, **GIVEN)

    invalid(await anna.patch(at(task), **{name: None}), f"/body/{name}")
    assert await anna.read(at(task)) == task


async def test_a_patch_that_changes_nothing_is_no_event(api: Api) -> None:
    anna, board, task = await a_task(api, **GIVEN)

    async with events(anna, board, 0):
        same: list[Json] = [{}, GIVEN, {"assignee_ids": []}, {"column_id": task["column_id"]}]
        for fields in same:
            response = await anna.patch(at(task), **fields)
            assert (response.status_code, response.json()) == (200, task)


async def test_deleting_a_task_deletes_its_subtasks(api: Api) -> None:
    anna, board, task = await a_task(api)
    await anna.put(f"{at(task)}/assignees/{anna.id}")
    subtask = await anna.subtask(task)

    async with events(anna, board, 1):
        response = await anna.delete(at(task))

    assert (response.status_code, response.content) == (204, b"")
    refused(await anna.get(at(task)), 404, "not-found")
    refused(await anna.get(f"/subtasks/{subtask['id']}"), 404, "not-found")
    refused(await anna.delete(at(task)), 404, "not-found")


async def test_an_archived_task_can_be_deleted(api: Api) -> None:
    anna, board, task = await a_task(api, is_archived=True)

    assert (await anna.delete(at(task))).status_code == 204
    assert await anna.items("/tasks", board_id=board["id"], archived="all") == []


async def test_a_task_that_one_may_not_see_does_not_exist(api: Api) -> None:
    anna, board, task = await a_task(api)
    stranger = await api.user()

    async with events(anna, board, 0):
        for path in (at(task), f"/tasks/{new_id()}"):
            for refusal in (
                await stranger.get(path),
                await stranger.get(f"{path}/subtasks"),
                await stranger.put(path, title="A"),
                await stranger.patch(path, title="A"),
                await stranger.post(f"{path}/move", at="top"),
                await stranger.delete(path),
            ):
                refused(refusal, 404, "not-found")


async def test_a_task_is_deleted_by_its_id_only(api: Api) -> None:
    anna, board, task = await a_task(api)

    invalid(await anna.delete(f"/tasks/{task['key']}"), "/path/task_id")
    assert await anna.items("/tasks", board_id=board["id"]) == [task]
