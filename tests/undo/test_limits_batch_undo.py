"""Limits where many things come at once, or come back."""

from typing import Any

import httpx
import pytest

from api import Api
from checks import events, refused
from full import OF, Shelf, shelf_on

CREATING = {"columns": "create_column", "tasks": "create_task", "subtasks": "create_subtask"}
each_kind = pytest.mark.parametrize("kind", CREATING)


async def batch(shelf: Shelf, *operations: Any, **headers: str) -> httpx.Response:
    path = f"/boards/{shelf.board['id']}/batch"
    return await shelf.owner.send("POST", path, json={"operations": operations}, headers=headers)


async def undo_last(shelf: Shelf) -> httpx.Response:
    path = f"/boards/{shelf.board['id']}"
    seq = (await shelf.owner.read(path))["seq"]
    return await shelf.owner.post(f"{path}/undo", seq=seq)


async def adding(shelf: Shelf, kind: str, count: int) -> list[Any]:
    _, body = await shelf.request(kind)
    return [{"op": CREATING[kind], "body": body}] * count


@each_kind
async def test_a_batch_takes_as_many_as_there_may_be_and_not_one_more(
    api: Api, database_url: str, kind: str
) -> None:
    """Seen to fail with a batch that did not count what it had made itself."""
    async with shelf_on(api, database_url) as shelf:
        room = 3 - await shelf.count(kind)
        async with events(shelf.owner, shelf.board, 0):
            answer = await batch(shelf, *await adding(shelf, kind, room + 1))
            refused(answer, 409, "limit-reached", limit=3, of=OF[kind], operation=room)
        answer = await batch(shelf, *await adding(shelf, kind, room))
        assert answer.status_code == 200, answer.text
        assert await shelf.count(kind) == 3


async def test_a_batch_makes_room_for_itself(api: Api, database_url: str) -> None:
    """By what it deletes first. Seen to fail with a count that never went down."""
    async with shelf_on(api, database_url) as shelf:
        last = await shelf.fill("tasks")
        away = {"op": "delete_task", "task_id": last["id"]}
        one = await adding(shelf, "tasks", 1)
        refused(await batch(shelf, *one, away), 409, "limit-reached", operation=0)
        assert (await batch(shelf, away, *one)).status_code == 200
        assert await shelf.count("tasks") == 3


async def test_a_batch_of_nothing_but_changes_is_free_on_a_full_board(
    api: Api, database_url: str
) -> None:
    async with shelf_on(api, database_url) as shelf:
        last = await shelf.fill("tasks")
        change = {"op": "update_task", "task_id": last["id"], "body": {"title": "Sing"}}
        assert (await batch(shelf, change)).status_code == 200


@pytest.mark.parametrize("kind", ["columns", "tasks", "subtasks", "people"])
async def test_what_comes_back_is_counted(api: Api, database_url: str, kind: str) -> None:
    """Refused where its room is taken, taken where there is room. Seen to fail without a count."""
    async with shelf_on(api, database_url) as shelf:
        last = await shelf.fill(kind)
        assert (await shelf.owner.delete(last["path"])).status_code == 204
        seq = (await shelf.owner.read(f"/boards/{shelf.board['id']}"))["seq"]
        assert (await shelf.add(kind)).status_code == 201
        undo = f"/boards/{shelf.board['id']}/undo"
        async with events(shelf.owner, shelf.board, 0):
            answer = await shelf.owner.post(undo, seq=seq)
            refused(answer, 409, "limit-reached", limit=3, of=OF[kind])
        assert (await undo_last(shelf)).status_code == 200  # what was added goes again
        assert (await shelf.owner.post(undo, seq=seq)).status_code == 200
        assert await shelf.count(kind) == 3


async def test_undoing_a_deletion_on_a_full_board_brings_all_back(
    api: Api, database_url: str
) -> None:
    """A whole column with its tasks: just as many as there may be."""
    async with shelf_on(api, database_url) as shelf:
        await shelf.fill("tasks")
        path = f"/columns/{shelf.column['id']}"
        assert (await shelf.owner.delete(path, tasks="delete")).status_code == 204
        assert (await undo_last(shelf)).status_code == 200
        assert await shelf.count("tasks") == 3
