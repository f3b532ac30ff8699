"""The whole board in one answer: complete, the same for all, judged each time, cheap if unchanged."""

import asyncio
import gzip

import asyncpg
import pytest

from api import Api, Json, Person
from apps import another_api
from checks import invalid, refused
from many import many_tasks
from people import moved, promote
from statements import watching
from used_ids import free_again


def snapshot_of(board: Json) -> str:
    return f"/boards/{board['id']}/snapshot"


async def a_full_board(anna: Person, boris: Person) -> Json:
    """Make a board with something of everything on it."""
    board = await anna.board(description="«Всё»", color="#2f80ed")
    await anna.invite(board, boris)
    for title in ("To do", "Doing", "Empty"):
        column = await anna.column(board, title, task_limit=5)
        if title == "Empty":
            continue
        for number in range(3):
            person = boris if number else anna
            task = await person.task(column, f"{title} {number}", assignee_ids=[anna.id, boris.id])
            await anna.subtask(task, is_completed=bool(number))
            await anna.post(f"/tasks/{task['id']}/move", at="top")
        await anna.task(column, "Archived", is_archived=True)
    return board


async def test_a_snapshot_is_what_all_the_lists_give(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await a_full_board(anna, boris)
    path = f"/boards/{board['id']}"
    found = await anna.read(snapshot_of(board))
    now = await anna.read(path)
    assert found["board"] == {name: now[name] for name in now if name not in ("seq", "role")}
    assert found["seq"] == now["seq"]
    assert found["people"] == await anna.items(f"{path}/users")
    columns = await anna.items(f"{path}/columns")
    tasks = [
        await anna.items(f"/columns/{column['id']}/tasks", fields="card") for column in columns
    ]
    assert found["tasks"] == [task for column in tasks for task in column]
    counts = [{"task_count": len(column), "next_cursor": None} for column in tasks]
    assert found["columns"] == [{**c, **more} for c, more in zip(columns, counts, strict=True)]


async def test_of_a_board_with_mostly_archived_tasks_the_others_are_shown(api: Api) -> None:
    """Seen to fail where pieces are read of the whole board only."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await a_full_board(anna, boris)
    first, *others = (await anna.read(snapshot_of(board)))["tasks"]
    for task in others:
        await anna.patch(f"/tasks/{task['id']}", is_archived=True)
    found = await anna.read(snapshot_of(board), tasks_per_column=9)  # nothing is kept of that
    assert found["tasks"] == await anna.items(f"/columns/{first['column_id']}/tasks", fields="card")
    assert (len(found["tasks"]), found["tasks"][0]["subtasks"]["total"]) == (1, 1)


async def test_a_board_with_nothing_on_it_has_a_snapshot(api: Api) -> None:
    anna = await api.user("anna")
    found = await anna.read(snapshot_of(await anna.board()))
    assert (found["columns"], found["tasks"], len(found["people"])) == ([], [], 1)


async def test_a_task_without_author_is_shown(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await a_full_board(anna, boris)
    await boris.delete(f"/users/{boris.id}")
    authors = [task["author"] for task in (await anna.read(snapshot_of(board)))["tasks"]]
    assert authors.count(None) == 4


async def test_all_who_may_see_the_board_get_the_same_bytes(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, guest = [await api.user(name) for name in ("anna", "boris", "guest")]
    board = await a_full_board(anna, boris)
    admin = await promote(db, await api.user("admin"))
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    answers = [await person.get(snapshot_of(board)) for person in (anna, boris, guest, admin)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({(answer.content, answer.headers["etag"]) for answer in answers}) == 1


async def test_a_kept_snapshot_is_not_for_those_who_may_not_see_the_board(api: Api) -> None:
    """Seen to fail when the right was not judged before what is kept is sent."""
    anna, boris, guest = [await api.user(name) for name in ("anna", "boris", "guest")]
    board = await a_full_board(anna, boris)
    tag = (await boris.get(snapshot_of(board))).headers["etag"]
    refused(await guest.get(snapshot_of(board)), 404, "not-found")
    await boris.delete(f"/boards/{board['id']}/users/{boris.id}")
    await anna.get(snapshot_of(board))
    for headers in ({}, {"if-none-match": tag}, {"if-none-match": "*"}):
        answer = await boris.send("GET", snapshot_of(board), headers=headers)
        refused(answer, 404, "not-found")


async def test_each_change_gives_a_new_snapshot_and_nothing_else_does(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await a_full_board(anna, boris)
    seen = await anna.get(snapshot_of(board))
    tag = {"if-none-match": seen.headers["etag"]}
    unchanged = await anna.send("GET", snapshot_of(board), headers=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    await anna.board("Another")
    assert (await anna.send("GET", snapshot_of(board), headers=tag)).status_code == 304
    await boris.patch(f"/users/{boris.id}", name="Boris the Second")
    changed = await anna.send("GET", snapshot_of(board), headers=tag)
    assert changed.json()["seq"] == seen.json()["seq"] + 1
    assert "Boris the Second" in changed.text


async def test_a_board_made_anew_under_its_id_is_not_taken_for_the_old_one(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the tag was the number of the event alone."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board("Secret")
    old = await anna.get(snapshot_of(board))
    await anna.delete(f"/boards/{board['id']}")
    await free_again(db, board["id"])
    await boris.board("Anew", id=board["id"])
    new = await boris.get(snapshot_of(board))
    assert new.json()["seq"] == old.json()["seq"]
    assert new.json()["board"]["title"] == "Anew"
    headers = {"if-none-match": old.headers["etag"]}
    assert (await boris.send("GET", snapshot_of(board), headers=headers)).status_code == 200


async def test_first_it_costs_one_statement_unchanged_one_and_changed_two(api: Api) -> None:
    """Where it had changed the last time, one, changed or not."""
    anna = await api.user("anna")
    board = await a_full_board(anna, await api.user("boris"))
    costs: list[tuple[int, list[bool]]] = []
    for title, tag in ((None, None), (None, None), ("New", '""'), ("Newer", '""'), (None, '""'),
                       (None, "*"), ("Newest", "*"), (None, "*"), (None, "*")):  # fmt: skip
        if title:
            await anna.patch(f"/boards/{board['id']}", title=title)
        headers = {"if-none-match": tag} if tag else {}
        async with watching() as sent:
            answer = await anna.send("GET", snapshot_of(board), headers=headers)
        costs.append((answer.status_code, ["places" in statement for statement in sent]))
    assert costs == [
        (200, [True]), (200, [False]), (200, [False, True]), (200, [True]), (200, [True]),
        (304, [False]), (304, [False]), (304, [False]), (304, [False]),
    ]  # fmt: skip


async def test_many_who_ask_at_once_have_it_built_once(api: Api) -> None:
    """Seen to fail without the lock around the building."""
    anna = await api.user("anna")
    board = await a_full_board(anna, await api.user("boris"))
    async with watching() as sent:
        answers = await asyncio.gather(*(anna.get(snapshot_of(board)) for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert sum("places" in statement for statement in sent) == 1


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("identity", False)],
)
async def test_it_is_packed_for_those_who_ask(api: Api, accepted: str, *, is_packed: bool) -> None:
    anna = await api.user("anna")
    board = await a_full_board(anna, await api.user("boris"))
    plain = await anna.send("GET", snapshot_of(board), headers={"accept-encoding": "identity"})
    for _ in range(2):
        request = anna.client.build_request(
            "GET", snapshot_of(board), headers={"accept-encoding": accepted}
        )
        answer = await anna.client.send(request, stream=True)
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert ("gzip" in answer.headers.get("content-encoding", "")) == is_packed
        assert (gzip.decompress(raw) if is_packed else raw) == plain.content
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert answer.headers["etag"] == plain.headers["etag"]


async def test_the_first_tasks_of_each_column_and_a_cursor_for_the_others(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    columns = [await anna.column(board, title) for title in ("One", "Two")]
    await many_tasks(db, columns[0], 7)
    await db.execute("update tasks set number = number + 100")
    await many_tasks(db, columns[1], 3)
    found = await anna.read(snapshot_of(board), tasks_per_column=3)
    assert [column["task_count"] for column in found["columns"]] == [7, 3]
    assert found["columns"][1]["next_cursor"] is None
    rest = await anna.items(
        f"/columns/{columns[0]['id']}/tasks",
        fields="card",
        cursor=found["columns"][0]["next_cursor"],
    )
    whole = (await anna.read(snapshot_of(board)))["tasks"]
    assert found["tasks"][:3] + rest + found["tasks"][3:] == whole
    for wrong in ("0", "1001", "many"):
        invalid(
            await anna.get(snapshot_of(board), tasks_per_column=wrong), "/query/tasks_per_column"
        )


async def test_what_is_kept_has_a_limit_and_may_be_nothing(api: Api, database_url: str) -> None:
    anna = await api.user("anna")
    boards = [await anna.board(f"Board {n}", description="d" * 20_000) for n in range(80)]
    for megabytes in (1, 0):
        async with another_api(database_url, snapshot_cache_mb=megabytes) as other:
            person = moved(anna, other)
            for board in boards:
                assert (await person.read(snapshot_of(board)))["board"]["id"] == board["id"]
            kept = other.app.state.snapshots.size
            assert (megabytes << 20) - 25_000 * megabytes <= kept <= megabytes << 20
