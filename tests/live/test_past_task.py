"""A task as it was after an event, description included, for those who may see the history."""

import asyncpg
import pytest
from hypothesis import given

from api import Api, Json, Person
from checks import invalid, refused
from labels import a_label, label_at
from log_deeds import DEEDS, STORY, examples
from log_world import Deed, World, world_of
from past import faces_of_today, path_of, task_with_faces
from people import promote
from walks import walked

pytestmark = pytest.mark.usefixtures("few_keys_fit")


def path_to(task: Json) -> str:
    return f"/tasks/{task['id']}"


async def a_task(anna: Person) -> tuple[Json, Json]:
    """Make a task of the third event of its board, and change it by the fourth and fifth."""
    board = await anna.board()
    task = await anna.task(await anna.column(board), description="In oil\n\n  on wood")
    for text in ("In three sizes", ""):
        await anna.patch(path_to(task), description=text)
    return board, task


async def check(world: World, reader: Person, deeds: list[Deed]) -> None:
    """Compare what is shown of tasks later with what was seen then."""
    seen: dict[int, list[Json]] = {}
    for deed in deeds:
        await world.do(deed)
        seq = (await reader.read(path_of(world.board)))["seq"]
        tasks = await walked(reader, "/tasks", board_id=world.board, archived="all", limit=200)
        seen[seq] = [tasks[seq % len(tasks)]] if tasks else []
    faces = await faces_of_today(reader)
    for seq, tasks in seen.items():
        for task in tasks:
            found = await reader.read(path_to(task), at=seq)
            assert found == task_with_faces(task, faces)


@examples(8)
@given(DEEDS)
async def test_whatever_people_do_a_task_is_shown_as_it_was_seen(
    api: Api, db: asyncpg.Connection, deeds: list[Deed]
) -> None:
    """Seen to fail with new rows left in, and with assignees as they are today."""
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), deeds)


async def test_every_kind_of_event_is_taken_back(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with subtasks, and with what other tasks' events change, left as today."""
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), STORY)


async def test_its_description_is_that_of_then(api: Api) -> None:
    anna = await api.user()
    board, task = await a_task(anna)
    assert await anna.read(path_to(task), at=3) == task
    texts = [(await anna.read(path_to(task), at=at))["description"] for at in (4, 5)]
    assert texts == ["In three sizes", ""]
    cards = [(await anna.read(path_of(board), at=at))["tasks"] for at in (3, 4, 5)]
    assert [card["has_description"] for (card,) in cards] == [True, True, False]
    assert all("description" not in card for (card,) in cards)


async def test_a_deleted_task_is_seen_by_those_who_saw_it(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with the board looked for among tasks alone, and among all events."""
    anna, boris, boss = await api.user(), await api.user(), await promote(db, await api.user())
    board, task = await a_task(anna)
    await anna.delete(f"/columns/{task['column_id']}", tasks="delete")
    for person in (anna, boss):
        assert await person.read(path_to(task), at=3) == task
        refused(await person.get(path_to(task), at=6), 404, "not-found")
    refused(await anna.get(path_to(task)), 404, "not-found")
    refused(await boris.get(path_to(task), at=3), 404, "not-found")
    await anna.invite(board, boris, "OBSERVER")
    assert await boris.read(path_to(task), at=3) == task


async def test_it_still_has_the_labels_that_were_deleted_since(api: Api) -> None:
    """Seen to fail with label deletions left out: they leave the versions of tasks alone."""
    anna = await api.user()
    board, task = await a_task(anna)
    label = await a_label(anna, board)
    await anna.patch(path_to(task), label_ids=[label["id"]])
    gone = await anna.delete(label_at(label))
    assert gone.headers["doska-seq"] == "8"
    await anna.post(f"/boards/{board['id']}/undo", seq=8)
    await anna.delete(path_to(task))
    shown = [(await anna.read(path_to(task), at=at))["label_ids"] for at in (6, 7, 8, 9)]
    assert shown == [[], [label["id"]], [], [label["id"]]]


async def test_before_it_was_made_there_is_none(api: Api) -> None:
    anna = await api.user()
    _, task = await a_task(anna)
    for at in (1, 2):
        refused(await anna.get(path_to(task), at=at), 404, "not-found")
    refused(await anna.get("/tasks/0198c0de-0000-7000-8000-000000000001", at=1), 404, "not-found")


async def test_whoever_is_not_on_the_board_does_not_see_what_it_was(api: Api) -> None:
    """Seen to fail when the right was not raised."""
    anna, passer_by = await api.user(), await api.user()
    board, task = await a_task(anna)
    refused(await passer_by.get(path_to(task), at=3), 404, "not-found")
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    for at in (3, 6, 7):
        refused(await passer_by.get(path_to(task), at=at), 403, "not-allowed", role=None)
    assert (await passer_by.read(path_to(task)))["description"] == ""
    refused(await api.nobody().get(path_to(task), at=3), 401, "unauthenticated")


async def test_an_access_token_for_another_board_does_not_see_it(api: Api) -> None:
    anna = await api.user()
    _, task = await a_task(anna)
    other = await anna.board("Other")
    made = await anna.post("/auth/tokens", name="bot", scope="read", board_ids=[other["id"]])
    bot = api.nobody()
    bot.client.headers["authorization"] = f"Bearer {made.json()['token']}"
    refused(await bot.get(path_to(task), at=3), 404, "not-found")
    await anna.delete(path_to(task))
    refused(await bot.get(path_to(task), at=3), 404, "not-found")


async def test_what_the_log_does_not_hold_is_gone(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without the lower bound, and without the upper one."""
    anna = await api.user()
    board, task = await a_task(anna)
    for bad in ("0", "-1", "x", "1.5", str(2**63)):
        invalid(await anna.get(path_to(task), at=bad), "/query/at")
    for at in (6, 2**63 - 1):
        refused(await anna.get(path_to(task), at=at), 410, "gone", seq=5)
    await db.execute("delete from events where board_id = $1 and seq <= 4", board["id"])
    refused(await anna.get(path_to(task), at=3), 410, "no-longer-kept", seq=5, oldest=4)
    assert (await anna.read(path_to(task), at=4))["description"] == "In three sizes"


async def test_it_is_sent_again_only_when_it_reads_otherwise(api: Api) -> None:
    anna = await api.user()
    _, task = await a_task(anna)
    tag = {"if-none-match": (await anna.get(path_to(task), at=4)).headers["etag"]}
    path = f"{path_to(task)}?at=4"
    assert (await anna.send("GET", path, headers=tag)).status_code == 304
    await anna.patch(f"/users/{anna.id}", name="Anna the Great")
    assert (await anna.send("GET", path, headers=tag)).status_code == 200
