"""The board as it was after an event: what was seen then, for those who may see the history."""

import gzip

import asyncpg
import pytest
from hypothesis import given

from api import Api, Json, Person
from casts import OTHERS, board_with
from checks import invalid, refused
from log_deeds import DEEDS, STORY, examples
from log_world import Deed, world_of
from past import check, path_of, seen
from people import promote
from statements import watching

pytestmark = pytest.mark.usefixtures("few_keys_fit")

TRIMMED = "delete from events where board_id = $1 and seq <= $2"


async def a_board(anna: Person) -> Json:
    """Make a board of three events: itself, a column, a task."""
    board = await anna.board("Website")
    await anna.task(await anna.column(board))
    return board


def titles(found: Json) -> list[str]:
    return [task["title"] for task in found["tasks"]]


@examples(15)
@given(DEEDS)
async def test_whatever_people_do_the_board_is_shown_as_it_was_seen(
    api: Api, db: asyncpg.Connection, deeds: list[Deed]
) -> None:
    """Seen to fail with the last row of before in place of the first, and with new rows left in."""
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), deeds)


async def test_every_kind_of_event_is_taken_back(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with the board's row, people, columns or subtasks as they are today."""
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), STORY)


async def test_after_the_last_event_it_is_the_board_of_today(api: Api) -> None:
    """Seen to fail when the event itself was taken back, too."""
    anna = await api.user()
    board = await a_board(anna)
    today = await anna.get(path_of(board))
    assert (await anna.get(path_of(board), at=3)).content == today.content


async def test_after_the_first_event_there_is_only_the_board(api: Api) -> None:
    """Seen to fail with rows left in that were new, and with the board's own row of today."""
    anna, boris = await api.user(), await api.user()
    board = await a_board(anna)
    await anna.invite(board, boris)
    await anna.patch(f"/boards/{board['id']}", title="Shop", is_public=True)
    found = await seen(anna, board, 1)
    assert (found["seq"], found["board"]["title"]) == (1, "Website")
    assert (found["columns"], found["tasks"]) == ([], [])
    assert [person["user"]["id"] for person in found["people"]] == [anna.id]
    assert found["board"]["is_public"] is False


async def test_a_deleted_column_is_seen_again_with_its_tasks(api: Api) -> None:
    """Seen to fail with columns, assignees or subtasks as they are today."""
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, boris)
    column = await anna.column(board)
    for title in ("Draw", "Paint"):
        task = await boris.task(column, title, assignee_ids=[anna.id, boris.id])
        await anna.subtask(task, is_completed=True)
    before = await anna.read(path_of(board))
    assert (await anna.delete(f"/columns/{column['id']}", tasks="delete")).status_code == 204
    assert titles(await anna.read(path_of(board))) == []
    assert await seen(anna, board, before["seq"]) == before


async def test_a_person_who_left_is_seen_with_the_name_of_today(api: Api) -> None:
    """Seen to fail with people or assignees as they are today."""
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, boris, "MODERATOR")
    await boris.task(await boris.column(board), assignee_ids=[boris.id])
    await boris.delete(f"/boards/{board['id']}/users/{boris.id}")
    await boris.patch(f"/users/{boris.id}", name="Boris the Great")
    found = await seen(anna, board, 4)
    assert found["people"][1]["role"] == "MODERATOR"
    (task,) = found["tasks"]
    faces = [found["people"][1]["user"], *task["assignees"], task["author"]]
    assert [face["name"] for face in faces] == 3 * ["Boris the Great"]


async def test_a_person_whose_account_is_gone_is_not_seen(api: Api) -> None:
    """Seen to fail with people shown who have no account, and with tasks as they are today."""
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, boris)
    column = await anna.column(board)
    task = await boris.task(column, assignee_ids=[anna.id, boris.id])
    await boris.delete(f"/users/{boris.id}")
    found = await seen(anna, board, 4)
    assert [person["user"]["id"] for person in found["people"]] == [anna.id]
    (shown,) = found["tasks"]
    assert [face["id"] for face in shown["assignees"]] == [anna.id]
    assert (shown["author"], shown["version"]) == (None, task["version"])


async def test_what_happens_on_other_boards_is_not_taken_back(api: Api) -> None:
    """Seen to fail with the events of all boards."""
    anna = await api.user()
    board, other = await a_board(anna), await a_board(anna)
    for title in ("Shop", "Blog"):
        await anna.patch(f"/boards/{other['id']}", title=title)
    assert await seen(anna, board, 3) == await anna.read(path_of(board))


@pytest.mark.parametrize("role", OTHERS)
async def test_everybody_on_the_board_sees_what_it_was_also_before_them(
    api: Api, role: str
) -> None:
    """Seen to fail with people left in who were new."""
    _, person, board = await board_with(api, role)
    assert len((await seen(person, board, 1))["people"]) == 1


async def test_whoever_is_not_on_the_board_does_not_see_what_it_was(
    api: Api, db: asyncpg.Connection
) -> None:
    """Nor what it is, by this way. Seen to fail when the right was not raised."""
    anna, passer_by, boss = await api.user(), await api.user(), await api.user()
    board = await a_board(anna)
    refused(await passer_by.get(path_of(board), at=1), 404, "not-found")
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    for at in (1, 4, 5):
        refused(await passer_by.get(path_of(board), at=at), 403, "not-allowed", role=None)
    refused(await api.nobody().get(path_of(board), at=1), 401, "unauthenticated")
    assert titles(await seen(await promote(db, boss), board, 3)) == ["Draw"]


async def test_what_the_log_does_not_hold_is_gone(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without the lower bound, and without the upper one."""
    anna = await api.user()
    board = await a_board(anna)
    for bad in ("0", "-1", "x", "1.5", str(2**63)):
        invalid(await anna.get(path_of(board), at=bad), "/query/at")
    for at in (4, 2**63 - 1):
        problem = refused(await anna.get(path_of(board), at=at), 410, "gone", seq=3)
        assert problem["detail"] == "That event has not happened yet: the latest is 3."
    await db.execute(TRIMMED, board["id"], 2)
    refused(await anna.get(path_of(board), at=1), 410, "no-longer-kept", seq=3, oldest=2)
    assert titles(await seen(anna, board, 2)) == []
    await db.execute(TRIMMED, board["id"], 3)
    refused(await anna.get(path_of(board), at=2), 410, "no-longer-kept", seq=3, oldest=3)
    assert titles(await seen(anna, board, 3)) == ["Draw"]


async def test_it_is_sent_again_only_when_a_name_has_changed(api: Api) -> None:
    """Seen to fail with a tag of the event's number alone, and with one of no number."""
    anna = await api.user()
    board = await a_board(anna)
    path = f"{path_of(board)}?at=2"
    tag = {"if-none-match": (await anna.get(path_of(board), at=2)).headers["etag"]}
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    unchanged = await anna.send("GET", path, headers=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (await anna.send("GET", f"{path_of(board)}?at=1", headers=tag)).status_code == 200
    await anna.patch(f"/users/{anna.id}", name="Anna the Great")
    changed = await anna.send("GET", path, headers=tag)
    assert changed.json()["people"][0]["user"]["name"] == "Anna the Great"


async def test_it_is_packed_for_those_who_ask(api: Api) -> None:
    """Seen to fail when it was never packed, and without ``Vary``."""
    anna = await api.user()
    path = f"{path_of(await a_board(anna))}?at=2"
    plain = await anna.send("GET", path, headers={"accept-encoding": "identity"})
    asked = anna.client.build_request("GET", path, headers={"accept-encoding": "gzip"})
    answer = await anna.client.send(asked, stream=True)
    raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert gzip.decompress(raw) == plain.content
    assert answer.headers["etag"] == plain.headers["etag"]
    assert "content-encoding" not in plain.headers
    for packed_or_not in (plain, answer):
        assert "accept-encoding" in packed_or_not.headers["vary"]


async def test_the_first_tasks_of_each_column_without_a_way_to_the_others(api: Api) -> None:
    """A cursor would lead to the tasks of today. Seen to fail with one, and with no limit."""
    anna = await api.user()
    board = await anna.board()
    column = await anna.column(board)
    for title in "ABC":
        await anna.task(column, title)
    await anna.task(await anna.column(board), "D")
    found = await seen(anna, board, 5, tasks_per_column=2)
    assert titles(found) == ["A", "B"]
    assert [(c["task_count"], c["next_cursor"]) for c in found["columns"]] == [(3, None)]
    assert await seen(anna, board, 5, tasks_per_column=3) == await seen(anna, board, 5)


async def test_it_is_one_statement_and_nothing_of_it_is_kept(api: Api) -> None:
    """Seen to fail when today's tag was asked for first, and when it was kept."""
    anna = await api.user()
    board = await a_board(anna)
    today, kept = await anna.read(path_of(board)), api.app.state.snapshots.size
    for tag in ('""', "*"):
        async with watching() as sent:
            await anna.send("GET", f"{path_of(board)}?at=2", headers={"if-none-match": tag})
        assert len(sent) == 1
    assert api.app.state.snapshots.size == kept
    assert await anna.read(path_of(board)) == today
