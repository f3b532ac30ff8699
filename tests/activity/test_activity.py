"""A board's activity: what it tells, of what, and to whom."""

from typing import Any

import asyncpg
import pytest

from activity_scene import asked, named_scene, path_of, told
from api import Api, Json, Person
from checks import invalid, refused
from people import administrator
from statements import watching
from used_ids import free_again
from walks import linked_pages, pages
from works import a_task

NEW_ID = "0198c0de-0000-7000-8000-000000000001"
STATEMENTS_MAX = 2


async def team(api: Api) -> tuple[Person, Person, Json]:
    """Make a board of Anna's that Ivan works on, too."""
    anna, ivan = await api.user("anna"), await api.user("ivan")
    board = await anna.board()
    await anna.invite(board, ivan)
    return anna, ivan, board


async def moved_task(api: Api, **fields: Any) -> tuple[Person, Json, Json, Json]:
    """Make a task and move it to another column, and both tell what they are called."""
    anna, board, task = await a_task(api, **fields)
    done = await anna.column(board, "Done")
    await anna.post(f"/tasks/{task['id']}/move", column_id=done["id"])
    return anna, board, task, done


def seqs(items: list[Json]) -> list[int]:
    return [item["seq"] for item in items]


async def test_activity_is_the_log_from_its_end(api: Api) -> None:
    anna, board, task, _ = await moved_task(api)
    items = await anna.items(path_of(board))
    events = await anna.items(f"/boards/{board['id']}/events")
    for item, event in zip(items, reversed(events), strict=True):
        assert {name: item[name] for name in ("seq", "type", "actor", "at")} == {
            name: event[name] for name in ("seq", "type", "actor", "at")
        }
        assert (item["task"] and item["task"]["id"]) == event["task_id"]
    assert items[0]["task"] == {"id": task["id"], "key": task["key"], "title": "Draw"}


async def test_pages_lead_to_the_beginning(api: Api) -> None:
    """Seen to fail when a page began with the event that its cursor names."""
    anna, board, *_ = await moved_task(api)
    whole = await anna.items(path_of(board))
    assert seqs(whole) == [5, 4, 3, 2, 1]
    for limit in (1, 2, 4):
        for walk in (pages, linked_pages):
            found = await walk(anna, path_of(board), limit=limit)
            assert [item for page in found for item in page] == whole
            assert {len(page) for page in found[:-1]} <= {limit}


@pytest.mark.parametrize("cursor", ["0", "-1", "x", "", "1.5", "٣", "1" * 19 + "9", str(2**63)])
async def test_a_cursor_is_a_number_of_an_event(api: Api, cursor: str) -> None:
    anna = await api.user()
    board = await anna.board()
    invalid(await anna.get(path_of(board), cursor=cursor), "/query/cursor")
    assert len(await anna.items(path_of(board), cursor=2**63 - 1)) == 1


async def test_activity_of_one_person(api: Api) -> None:
    anna, ivan, board = await team(api)
    await ivan.task(await anna.column(board))
    assert await told(anna, board["id"], actor_id=ivan.id) == ["ivan created “Draw” in “To do”"]
    assert len(await told(anna, board["id"], actor_id=anna.id)) == 3
    assert await told(anna, board["id"], actor_id=NEW_ID) == []


async def test_activity_of_one_task_is_all_that_touched_it(api: Api) -> None:
    """Also what happened to its column, its assignee, its author.

    Seen to fail when only the events of the task itself were asked for.
    """
    anna, ivan, board = await team(api)
    todo, done = await anna.column(board), await anna.column(board, "Done")
    task = await ivan.task(todo, "Mine", assignee_ids=[ivan.id])
    other = await anna.task(done, "Other")
    await anna.subtask(task, "Sketch")
    await anna.patch(f"/tasks/{other['id']}", title="Another")
    await anna.delete(f"/columns/{todo['id']}", tasks="move", to=done["id"])
    await ivan.delete(f"/boards/{board['id']}/users/{ivan.id}")
    assert await told(anna, board["id"], task_id=task["id"]) == [
        "ivan left the board and 1 task",
        "anna deleted the column “To do”; its 1 task moved to “Done”",
        "anna added the subtask “Sketch” to “Mine”",
        "ivan created “Mine” in “To do”; assigned to ivan",
    ]
    assert len(await told(anna, board["id"], task_id=other["id"])) == 2
    assert len(await told(anna, board["id"], task_id=task["id"], actor_id=anna.id)) == 2


async def test_pages_of_one_task_lead_to_its_beginning(api: Api) -> None:
    anna, board, task, done = await moved_task(api)
    await anna.column(board, "Next")
    await anna.delete(f"/columns/{done['id']}", tasks="delete")
    found = await linked_pages(anna, path_of(board), task_id=task["id"], limit=1)
    assert [seqs(page) for page in found] == [[7], [5], [3]]


async def test_what_happened_elsewhere_to_a_task_of_the_same_id_is_not_told(
    api: Api, db: asyncpg.Connection
) -> None:
    """An earlier release gave the id of a deleted task once more.

    Seen to fail when the events of a task were not those of the board.
    """
    anna, boris = await api.user("anna"), await api.user("boris")
    boards = {person: await person.board() for person in (anna, boris)}
    for person, title in ((boris, "Secret"), (anna, "Open")):
        await person.task(await person.column(boards[person]), title, id=NEW_ID)
        await person.delete(f"/tasks/{NEW_ID}")
        await free_again(db, NEW_ID)
    found = await told(anna, boards[anna]["id"], task_id=NEW_ID)
    assert found == ["anna deleted “Open”", "anna created “Open” in “To do”"]


async def test_what_a_column_elsewhere_is_called_is_not_told(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when titles, and when changes, of columns of all boards were looked at."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board, elsewhere = await anna.board(), await boris.board()
    task = await anna.task(await anna.column(board, "Open", id=NEW_ID))
    for title in ("One", "Two"):
        await anna.patch(f"/tasks/{task['id']}", title=title)
    await anna.delete(f"/columns/{NEW_ID}", tasks="delete")
    await free_again(db, NEW_ID)
    for title in ("Secret", "Hidden"):
        await boris.column(elsewhere, title, id=NEW_ID)
        await boris.patch(f"/columns/{NEW_ID}", title=f"{title} too")
        assert await told(anna, board["id"], cursor=4, limit=1) == ["anna created “Draw” in “Open”"]
        await boris.delete(f"/columns/{NEW_ID}")
        await free_again(db, NEW_ID)
    await boris.column(elsewhere, "Secret", id=NEW_ID)
    await db.execute("delete from events where board_id = $1 and seq > 3", board["id"])
    assert (await told(anna, board["id"]))[0] == "anna created “Draw” in “a deleted column”"


async def test_columns_and_tasks_are_called_what_they_were_called_then(api: Api) -> None:
    """Seen to fail with the titles of today, and with those of the last change."""
    anna, board, task, done = await moved_task(api)
    there, back = {"column_id": done["id"]}, {"column_id": task["column_id"]}
    for title in ("Ready", "Over"):
        await anna.patch(f"/columns/{done['id']}", title=title)
        await anna.post(f"/tasks/{task['id']}/move", **back)
        await anna.patch(f"/tasks/{task['id']}", title=title)
        await anna.post(f"/tasks/{task['id']}/move", **there)
    await anna.delete(f"/columns/{done['id']}", tasks="delete")
    items = await anna.items(path_of(board), task_id=task["id"])
    moves = [item for item in items if item["type"] == "task.moved"]
    assert [(i["text"].partition(" moved ")[2], i["task"]["title"]) for i in moves] == [
        ("“Over” from “To do” to “Over”", "Over"),
        ("“Ready” from “Over” to “To do”", "Ready"),
        ("“Ready” from “To do” to “Ready”", "Ready"),
        ("“Draw” from “Ready” to “To do”", "Draw"),
        ("“Draw” from “To do” to “Done”", "Draw"),
    ]


async def test_whose_account_is_gone_has_no_name(api: Api) -> None:
    anna, ivan, board = await team(api)
    task = await ivan.task(await anna.column(board), assignee_ids=[anna.id, ivan.id])
    await ivan.patch(f"/users/{ivan.id}", name="Ivan the Great")
    await ivan.patch(f"/tasks/{task['id']}", assignee_ids=[])
    await ivan.delete(f"/users/{ivan.id}")
    page = (await asked(anna, board["id"], "en")).json()
    assert [item["actor"] is None for item in page["items"]] == [True] * 4 + [False] * 3
    assert "van" not in str(page)
    assert await told(anna, board["id"], "ru", cursor=7, limit=3) == [
        "Удалённый пользователь: с задачи «Draw» сняты исполнители — anna и удалённый пользователь",
        "Удалённый пользователь: профиль изменён",
        (
            "Удалённый пользователь: задача «Draw» создана в колонке «To do»; "
            "добавлены исполнители — anna и удалённый пользователь"
        ),
    ]


async def test_people_are_called_what_they_are_called_now(api: Api) -> None:
    anna, ivan, board = await team(api)
    await ivan.patch(f"/users/{ivan.id}", name="Ivan the Great")
    assert (await told(anna, board["id"]))[
        1
    ] == "anna added Ivan the Great to the board as a member"


async def test_who_is_on_the_board_reads_its_activity_and_nobody_else(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail for a passer-by when it asked for the right to view only."""
    scene, root = await named_scene(api), await administrator(api, db)
    stranger, path = scene.people["stranger"], f"/boards/{scene.board}/activity"
    for reader in (*(scene.people[name] for name in ("anna", "ivan", "vera")), root):
        assert len(await reader.items(path)) > 9
    refused(await stranger.get(path), 404, "not-found")
    await scene.people["anna"].patch(f"/boards/{scene.board}", is_public=True)
    refused(await stranger.get(path), 403, "not-allowed")
    refused(await api.nobody().get(path), 401, "unauthenticated")


async def test_a_page_takes_two_statements(api: Api) -> None:
    """Seen to fail when the names of each event were asked for by themselves."""
    scene = await named_scene(api)
    async with watching() as sent:
        items = await scene.people["vera"].items(f"/boards/{scene.board}/activity")
    assert len(items) == 28
    assert len(sent) == STATEMENTS_MAX


async def test_what_came_after_an_event_is_told_page_by_page(api: Api) -> None:
    """Also by each of the three statements for a board, a person and a task."""
    anna, board, task, _ = await moved_task(api)
    path = path_of(board)
    assert seqs(await anna.items(path, after=2)) == [5, 4, 3]
    assert seqs(await anna.items(path, after=3, actor_id=anna.id)) == [5, 4]
    assert seqs(await anna.items(path, after=3, task_id=task["id"])) == [5]
    found = await pages(anna, path, limit=2, after=2)
    assert [seqs(page) for page in found] == [[5, 4], [3]]
    assert await anna.items(path, after=5) == []
    for bad in ("-1", "x", str(2**63)):
        invalid(await anna.get(path, after=bad), "/query/after")
