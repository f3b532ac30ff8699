"""Deleting accounts: what goes, what stays, and who owns what is left."""

import asyncpg
import pytest

from api import Api, Json, Person
from people import promote

NOBODY = "/users/0198c0de-0000-7000-8000-000000000001"


async def roles(person: Person, board: Json) -> dict[str, str]:
    people = await person.items(f"/boards/{board['id']}/users")
    return {entry["user"]["username"]: entry["role"] for entry in people}


async def left(person: Person) -> None:
    """Delete an account by its own hand."""
    assert (await person.delete(f"/users/{person.id}")).status_code == 204


async def test_a_deleted_account_can_do_nothing_more(api: Api) -> None:
    anna = await api.user("anna")
    await left(anna)
    assert (await anna.get("/users/me")).status_code == 401
    login = {"login": "anna", "password": "horse battery staple 9"}
    assert (await api.nobody().post("/auth/login", **login)).status_code == 401
    boris = await api.user("boris")
    assert (await boris.get(f"/users/{anna.id}")).status_code == 404
    assert (await boris.get(f"/users/{anna.id}/avatar.svg")).status_code == 404


async def test_only_oneself_and_administrators_delete_an_account(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    assert (await boris.delete(f"/users/{anna.id}")).status_code == 403
    assert (await boris.delete(NOBODY)).status_code == 404
    await promote(db, boris)
    assert (await boris.delete(f"/users/{anna.id}")).status_code == 204
    assert (await anna.get("/users/me")).status_code == 401


async def test_boards_where_one_is_alone_go_with_the_account(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user("anna"), await promote(db, await api.user("admin"))
    alone, shared = await anna.board("Alone"), await anna.board("Shared")
    await anna.subtask(await anna.task(await anna.column(alone), assignee_ids=[anna.id]))
    await anna.invite(shared, admin)
    await left(anna)
    assert (await admin.get(f"/boards/{alone['id']}")).status_code == 404
    assert {board["title"] for board in await admin.items("/boards", visibility="all")} == {
        "My tasks",
        "Shared",
    }
    assert await db.fetchval("select count(*) from tasks") == 0


@pytest.mark.parametrize(
    ("others", "heir"),
    [
        ({"member": "MEMBER", "first": "MODERATOR", "second": "MODERATOR"}, "first"),
        ({"observer": "OBSERVER", "first": "MEMBER", "second": "MEMBER"}, "first"),
        ({"first": "OBSERVER", "second": "OBSERVER"}, "first"),
    ],
)
async def test_the_creator_is_followed_by_the_longest_standing_of_the_highest_role(
    api: Api, others: dict[str, str], heir: str
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    people = {name: await api.user(name) for name in reversed(others)}
    for name, role in others.items():
        await anna.invite(board, people[name], role)
    await left(anna)
    assert await roles(people[heir], board) == {**others, heir: "CREATOR"}


async def test_the_creator_of_other_peoples_boards_stays(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await anna.invite(board, boris, "MODERATOR")
    await left(boris)
    assert await roles(anna, board) == {"anna": "CREATOR"}


async def test_what_was_written_stays_without_an_author_or_assignee(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await anna.invite(board, boris)
    column = await anna.column(board)
    written = await boris.task(column, "Written", assignee_ids=[anna.id])
    assigned = await anna.task(column, "Assigned", assignee_ids=[boris.id, anna.id])
    await left(boris)
    written_now = await anna.read(f"/tasks/{written['id']}")
    assert (written_now["title"], written_now["author"]) == ("Written", None)
    assert [person["id"] for person in written_now["assignees"]] == [anna.id]
    assigned_now = await anna.read(f"/tasks/{assigned['id']}")
    assert [person["id"] for person in assigned_now["assignees"]] == [anna.id]
    assert assigned_now["author"]["id"] == anna.id
    assert assigned_now["version"] == assigned["version"] + 1


async def test_tasks_stay_on_a_board_that_their_author_has_left(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await anna.invite(board, boris)
    task = await boris.task(await anna.column(board))
    await boris.delete(f"/boards/{board['id']}/users/{boris.id}")
    await left(boris)
    assert (await anna.read(f"/tasks/{task['id']}"))["author"] is None


async def test_each_board_that_stays_tells_of_it_in_one_event(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    boards = [await anna.board("One"), await anna.board("Two")]
    for board in boards:
        await anna.invite(board, boris)
    before = [(await boris.read(f"/boards/{board['id']}"))["seq"] for board in boards]
    await left(anna)
    after = [(await boris.read(f"/boards/{board['id']}"))["seq"] for board in boards]
    assert after == [seq + 1 for seq in before]
    last = "select type, actor_id::text from events where board_id = $1 order by seq desc limit 1"
    for board in boards:
        assert tuple(await db.fetchrow(last, board["id"])) == ("user.deleted", anna.id)


async def test_who_takes_a_deleted_username_inherits_nothing(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board("Secret")
    await anna.invite(board, boris)
    await anna.task(await anna.column(board), assignee_ids=[anna.id])
    await left(anna)
    again = await api.user("anna")
    assert again.id != anna.id
    assert [found["title"] for found in await again.items("/boards")] == ["My tasks"]
    assert await again.items("/tasks") == []
    assert (await again.get(f"/boards/{board['id']}")).status_code == 404
    assert len(await again.items("/auth/sessions")) == 1
