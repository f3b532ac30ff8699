"""A new name is a short change of one row; boards are told of it afterwards, one by one."""

import asyncio

import asyncpg
import pytest

from api import Api
from doska.accounts.tellings import handlers
from doska.background.jobs import Patience, run_next
from rivals_of_tellings import held, renamed, rivalling, told, waits_for_a_lock

WAITING = "select count(*) from tellings"


async def test_a_rename_waits_for_no_board(api: Api, database_url: str) -> None:
    """Seen to fail when it locked every board: 503 after two seconds."""
    anna = await api.user("anna")
    board = await anna.board()
    async with held(database_url, board):
        answer = await asyncio.wait_for(renamed(anna), 1.5)
        assert answer.status_code == 200
        assert (await anna.read("/users/me"))["name"] == "Newly named"


async def test_each_board_that_shows_a_person_is_told_once_and_without_its_tasks(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    on, wrote, left = [await boris.board(title) for title in ("On", "Wrote", "Left")]
    for board in (on, wrote, left):
        await boris.invite(board, anna)
    await anna.task(await boris.column(wrote))
    for board in (wrote, left):
        await anna.delete(f"/boards/{board['id']}/users/{anna.id}")
    await renamed(anna)
    await api.work_off()
    assert [len(await told(boris, board)) for board in (on, wrote, left)] == [1, 1, 0]
    row = await db.fetchrow(
        "select changes::text, payload::text, actor_id::text from events"
        " where type = 'user.updated' and board_id = $1",
        on["id"],
    )
    assert tuple(row) == ("[]", f'{{"user": {{"id": "{anna.id}"}}}}', anna.id)
    assert await db.fetchval("select count(*) from jobs") == 0


async def test_several_names_before_a_board_is_told_are_told_once(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    for name in ("First", "Second", "Third"):
        await renamed(anna, name)
    await api.work_off()
    (event,) = await told(anna, board)
    assert event["payload"]["user"]["name"] == "Third"


async def test_a_snapshot_shows_the_new_name_before_the_board_is_told(api: Api) -> None:
    """It is then tagged by its bytes and not kept. Seen to fail when the kept one was given."""
    anna = await api.user("anna")
    board = await anna.board()
    path = f"/boards/{board['id']}/snapshot"
    before = [await anna.get(path) for _ in range(2)][1]
    known = {"if-none-match": before.headers["etag"]}
    await renamed(anna)
    waiting = await anna.send("GET", path, headers=known)
    assert waiting.status_code == 200
    assert waiting.json()["people"][0]["user"]["name"] == "Newly named"
    assert waiting.json()["seq"] == before.json()["seq"]
    again = await anna.send("GET", path, headers={"if-none-match": waiting.headers["etag"]})
    assert again.status_code == 304
    await renamed(anna, "Newest")
    newest = await anna.send("GET", path, headers={"if-none-match": waiting.headers["etag"]})
    assert newest.json()["people"][0]["user"]["name"] == "Newest"
    await api.work_off()
    after = await anna.send("GET", path, headers={"if-none-match": newest.headers["etag"]})
    assert after.json()["seq"] == before.json()["seq"] + 1
    kept = await anna.send("GET", path, headers={"if-none-match": after.headers["etag"]})
    assert kept.status_code == 304


async def test_a_busy_board_keeps_no_other_from_being_told(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    busy, free = sorted([await anna.board(), await anna.board()], key=lambda board: board["id"])
    await renamed(anna)
    async with held(database_url, busy):
        await api.work_off()
        assert len(await told(anna, free)) == 1
        assert await db.fetchval(WAITING) == 1
    await db.execute("update jobs set run_at = now()")
    await api.work_off()
    assert len(await told(anna, busy)) == 1


FAILING = """
    create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'this board fails'; end $$;
    create trigger fail before insert on events for each row
        when (new.board_id = '{board}') execute function fail()"""


async def test_a_board_that_fails_keeps_no_other_from_being_left(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with the first failure ending the job: the others waited for it for ever."""
    anna, ivan = await api.user("anna"), await api.user("ivan")
    broken, sound = sorted([await anna.board(), await anna.board()], key=lambda board: board["id"])
    for board in (broken, sound):
        await anna.invite(board, ivan)
    await db.execute(FAILING.format(board=broken["id"]))
    try:
        assert (await ivan.delete(f"/users/{ivan.id}")).status_code == 204
    finally:
        await db.execute("drop function fail() cascade")
    of_ivan = "select array_agg(board_id::text) from board_users where user_id = $1"
    assert await db.fetchval(of_ivan, ivan.id) == [broken["id"]]
    assert await db.fetchval("select error from jobs where name = 'boards.tell'") == "RaiseError"
    await db.execute("update jobs set run_at = now()")
    await api.work_off()
    assert await db.fetchval(of_ivan, ivan.id) is None
    assert await db.fetchval("select count(*) from jobs where name = 'boards.tell'") == 0


async def test_a_board_that_takes_all_of_a_turn_keeps_no_other_waiting_for_ever(
    api: Api, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail with boards in the order of their ids: each turn began with the same one."""
    monkeypatch.setattr(Patience, "seconds", 0.0)
    anna = await api.user("anna")
    slow, free = sorted([await anna.board(), await anna.board()], key=lambda board: board["id"])
    await renamed(anna)
    async with held(database_url, slow):
        for _ in range(25):
            await run_next(handlers(api.app.state.board_limits))
            if await told(anna, free):
                break
        assert len(await told(anna, free)) == 1


async def test_whoever_is_added_during_a_rename_is_told_of(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """The rename waits for them. Seen to fail without the person's lock."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await boris.board()
    placing = "insert into board_users values (gen_random_uuid(), $1, $2, 'MEMBER', now())"
    async with rivalling(database_url) as rival:
        await rival.execute(placing, board["id"], anna.id)
        renaming = asyncio.create_task(renamed(anna))
        await waits_for_a_lock(db)
        await rival.execute("commit")
    assert (await renaming).status_code == 200
    await api.work_off()
    assert len(await told(boris, board)) == 1


async def test_what_boards_do_not_show_is_told_to_none(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user("anna")
    await anna.client.patch(f"/users/{anna.id}", json={"email": "new@example.com"})
    assert await db.fetchval(WAITING) == 0


async def test_ones_own_profile_is_changed_ten_times_an_hour(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user("anna"), await api.user("admin")
    for number in range(10):
        assert (await anna.patch(f"/users/{anna.id}", name=f"Name {number}")).status_code == 200
        assert (await anna.patch(f"/users/{anna.id}", name=f"Name {number}")).status_code == 200
    refused = await anna.patch(f"/users/{anna.id}", name="One too many")
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-changes-of-profile"
    assert (refused.json()["limit"], refused.json()["of"]) == (10, "changes of a profile an hour")
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert (await anna.patch(f"/users/{anna.id}", email="x@example.com")).status_code == 429
    whole = {"username": "anna9", "email": "anna@example.com"}
    assert (await anna.put(f"/users/{anna.id}", **whole)).status_code == 429
    assert (await anna.read("/users/me"))["name"] == "Name 9"
    await db.execute("update users set is_admin = true where id = $1", admin.id)
    for flags in ({"name": "By an administrator"}, {"is_active": False}, {"is_active": True}):
        assert (await admin.patch(f"/users/{anna.id}", **flags)).status_code == 200


@pytest.mark.parametrize("end", ["now()", "now() + interval '2 hours'"])
async def test_after_the_hour_a_profile_can_be_changed_again(
    api: Api, db: asyncpg.Connection, end: str
) -> None:
    """Also where somebody has set the clock back."""
    anna = await api.user("anna")
    await db.execute(f"update users set profile_changes = 10, profile_changes_until = {end}")
    assert (await anna.patch(f"/users/{anna.id}", name="Anna P.")).status_code == 200
    assert await db.fetchval("select profile_changes from users where id = $1", anna.id) == 1
