"""Deleting accounts: what goes, what stays, and who owns what is left."""

import asyncio

import asyncpg
import pytest

from api import Api, Json, Person
from apps import another_api
from people import moved, promote
from rivals_of_tellings import held, rivalling, waits_for_a_lock

NOBODY = "/users/0198c0de-0000-7000-8000-000000000001"
ALL = ("all of them",)
ROLES = """
    select x.username, p.role from board_users p join users x on x.id = p.user_id
    where p.board_id = $1"""


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
    ("others", "disabled", "heir"),
    [
        ({"member": "MEMBER", "first": "MODERATOR", "second": "MODERATOR"}, (), "first"),
        ({"observer": "OBSERVER", "first": "MEMBER", "second": "MEMBER"}, (), "first"),
        ({"first": "OBSERVER", "second": "OBSERVER"}, (), "first"),
        ({"observer": "OBSERVER", "only": "COMMENTER"}, (), "only"),
        ({"only": "OBSERVER"}, (), "only"),
        ({"away": "MODERATOR", "member": "MEMBER"}, ("away",), "member"),
        ({"away": "MODERATOR", "observer": "OBSERVER"}, ("away",), "observer"),
        ({"away": "MEMBER", "first": "MODERATOR", "gone": "MODERATOR"}, ALL, "first"),
    ],
)
async def test_the_creator_is_followed_by_whom_the_order_says(
    api: Api,
    db: asyncpg.Connection,
    others: dict[str, str],
    disabled: tuple[str, ...],
    heir: str,
) -> None:
    """Active ones first, then by role, then by time. Seen to fail without the first."""
    anna = await api.user("anna")
    board = await anna.board()
    for name in others:
        await api.user(name)
    for name, role in others.items():
        path = f"/boards/{board['id']}/users"
        user_id = await db.fetchval("select id::text from users where username = $1", name)
        assert (await anna.post(path, user_id=user_id, role=role)).status_code == 201
    away = list(others) if disabled is ALL else disabled
    await db.execute("update users set is_active = false where username = any($1)", away)
    await left(anna)
    rows = await db.fetch(ROLES, board["id"])
    assert dict(rows) == {**others, heir: "CREATOR"}


async def test_a_board_is_inherited_by_who_has_room_for_it(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """If nobody has, by the first all the same. Seen to fail when nobody's boards were counted."""
    async with another_api(database_url, boards_per_user_max=2) as few:
        anna = moved(await api.user("anna"), few)
        full, free = moved(await api.user("full"), few), moved(await api.user("free"), few)
        boards = [await anna.board()]
        await full.board()
        for person, role in ((full, "MODERATOR"), (free, "MEMBER")):
            await anna.invite(boards[0], person, role)
        await left(anna)
        assert dict(await db.fetch(ROLES, boards[0]["id"])) == {
            "full": "MODERATOR",
            "free": "CREATOR",
        }
        await left(free)  # who has two boards now, and nobody has room for one more
        assert dict(await db.fetch(ROLES, boards[0]["id"])) == {"full": "CREATOR"}


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


async def gone(person: Person) -> None:
    """Delete an account, and leave to others what is to be done behind it."""
    answer = await person.client.delete(f"/users/{person.id}")
    assert answer.status_code == 204, answer.text


async def test_nobody_finds_or_sees_who_is_gone_before_their_boards_are_told(
    api: Api, db: asyncpg.Connection
) -> None:
    """Each way in which somebody is shown, named or reached."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await boris.board()
    await boris.invite(board, anna, "MODERATOR")
    column = await boris.column(board)
    task = await anna.task(column, assignee_ids=[anna.id, boris.id])
    shown = await boris.get(f"/boards/{board['id']}/snapshot")
    await gone(anna)
    assert await db.fetchval("select count(*) from board_users where user_id = $1", anna.id)
    await seen_nowhere(boris, board, task, anna)
    known = {"if-none-match": shown.headers["etag"]}
    snapshot = await boris.send("GET", f"/boards/{board['id']}/snapshot", headers=known)
    assert [entry["user"]["id"] for entry in snapshot.json()["people"]] == [boris.id]
    (card,) = snapshot.json()["tasks"]
    assert (card["author"], [face["id"] for face in card["assignees"]]) == (None, [boris.id])
    assert "anna" not in snapshot.text
    await api.work_off()
    await seen_nowhere(boris, board, task, anna)
    assert await roles(boris, board) == {"boris": "CREATOR"}


async def seen_nowhere(boris: Person, board: Json, task: Json, anna: Person) -> None:
    people, here = f"/boards/{board['id']}/users", f"/tasks/{task['id']}"
    assert [user["username"] for user in await boris.items("/users")] == ["boris"]
    assert await boris.items("/users", q="ann") == []
    assert [entry["user"]["id"] for entry in await boris.items(people)] == [boris.id]
    for answer in (
        await boris.get(f"/users/{anna.id}"),
        await boris.get(f"/users/{anna.id}/boards"),
        await boris.get(f"/users/{anna.id}/avatar.svg"),
        await boris.get(f"{people}/{anna.id}"),
        await boris.put(f"{people}/{anna.id}", role="MEMBER"),
        await boris.put(f"{people}/{anna.id}", role="CREATOR"),
        await boris.delete(f"{people}/{anna.id}"),
        await boris.post(people, user_id=anna.id),
        await boris.delete(f"{here}/assignees/{anna.id}"),
        await boris.delete(f"/users/{anna.id}"),
    ):
        assert answer.status_code in (403, 404), answer.text
    read = await boris.read(here)
    assert (read["author"], [face["id"] for face in read["assignees"]]) == (None, [boris.id])


async def test_tasks_of_who_is_gone_can_be_worked_on_before_their_boards_are_told(
    api: Api,
) -> None:
    """Seen to fail when who works on a task was looked up among those who are there."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await boris.board()
    await boris.invite(board, anna)
    column = await boris.column(board)
    both = [anna.id, boris.id]
    kept, batched, deleted = [await anna.task(column, assignee_ids=both) for _ in range(3)]
    await gone(anna)
    path = f"/tasks/{kept['id']}"
    for answer in (
        await boris.patch(path, title="New"),
        await boris.put(f"{path}/assignees/{boris.id}"),
        await boris.patch(path, assignee_ids=[boris.id]),
    ):
        assert answer.status_code == 200, answer.text
        assert [face["id"] for face in answer.json()["assignees"]] == [boris.id]
    again = await boris.put(f"/tasks/{deleted['id']}/assignees/{anna.id}")
    assert again.status_code == 422
    batch = [
        {"op": "update_task", "task_id": batched["id"], "body": {"title": "New"}},
        {"op": "delete_task", "task_id": deleted["id"]},
    ]
    answer = await boris.post(f"/boards/{board['id']}/batch", operations=batch)
    assert answer.status_code == 200, answer.text
    assert "anna" not in answer.text
    undone = await boris.post(f"/boards/{board['id']}/undo", seq=answer.json()["seq"])
    assert undone.status_code == 200, undone.text
    assert anna.id not in undone.text
    await api.work_off()
    now = await boris.read(path)
    assert [face["id"] for face in now["assignees"]] == [boris.id]


async def test_an_account_is_deleted_whoever_holds_its_boards(api: Api, database_url: str) -> None:
    """Seen to fail when it locked them all: 503 after two seconds."""
    anna = await api.user("anna")
    async with held(database_url, await anna.board()):
        await asyncio.wait_for(gone(anna), 1.5)
        again = await api.user("anna")  # name and address are free
    assert again.id != anna.id


async def test_the_row_that_is_left_tells_of_nobody(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user("anna", name="Anna P.", avatar_url="https://example.com/a.png")
    await anna.post("/auth/tokens", name="Script", scope="write")
    await left(anna)
    row = await db.fetchrow("select * from users where id = $1", anna.id)
    kept = {"id", "is_admin", "is_active", "version", "created_at", "deleted_at"}
    kept |= {"profile_changes", "profile_changes_until", "home_board_id"}
    assert {name: value for name, value in row.items() if name not in kept and value} == {}
    for table in ("sessions", "idempotency_keys"):
        assert await db.fetchval(f"select count(*) from {table} where user_id = $1", anna.id) == 0


EMPTIED = """
    update users set username = null, username_key = null, username_key_of = null, name = null,
        email = null, password_hash = null, avatar_url = null, is_active = false,
        deleted_at = now()
    where id = $1"""


async def test_who_is_added_while_their_account_is_deleted_is_not_there(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Who adds them waits, and does not find them. Seen to fail without the lock."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await boris.board()
    path = f"/boards/{board['id']}/users"
    async with rivalling(database_url) as rival:
        await rival.execute("select from users where id = $1 for update", anna.id)
        adding = asyncio.create_task(boris.post(path, user_id=anna.id))
        await waits_for_a_lock(db)
        await rival.execute(EMPTIED, anna.id)
        await rival.execute("commit")
    assert (await adding).status_code == 404


UNDONE_AFTER = {
    "person.removed": ("DELETE", "/boards/{board}/users/{anna}", {}),
    "board.handed_over": ("PUT", "/boards/{board}/users/{boris}", {"role": "CREATOR"}),
    "person.updated": ("PUT", "/boards/{board}/users/{anna}", {"role": "MEMBER"}),
}


@pytest.mark.parametrize("when", ["told", "waiting"])
@pytest.mark.parametrize("kind", UNDONE_AFTER)
async def test_taking_back_brings_nobody_back_whose_account_is_gone(
    api: Api, kind: str, when: str
) -> None:
    """Nor a newcomer of the same name in their place."""
    anna, boris = await api.user("anna"), await api.user("boris")
    owner = anna if kind == "board.handed_over" else boris
    board = await owner.board()
    await owner.invite(board, boris if owner is anna else anna, "MODERATOR")
    method, path, body = UNDONE_AFTER[kind]
    names = {"board": board["id"], "anna": anna.id, "boris": boris.id}
    done = await owner.send(method, path.format(**names), json=body or None)
    assert done.is_success, done.text
    seq = (await boris.read(f"/boards/{board['id']}"))["seq"]
    await gone(anna)
    if when == "told":
        await api.work_off()
    newcomer = await api.user("anna")
    answer = await boris.post(f"/boards/{board['id']}/undo", seq=seq)
    assert answer.status_code == 409, answer.text
    assert (await newcomer.get(f"/boards/{board['id']}")).status_code == 404
    await api.work_off()
    assert await roles(boris, board) == {"boris": "CREATOR"}
