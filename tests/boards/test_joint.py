"""Who waits together for a turn at one board is judged, read and written by one statement each."""

import asyncpg
import pytest

from api import Api, Person
from batches import check_log
from checks import refused
from desks import desk, joined, statuses
from doska.schemas import new_id
from lines import PATIENT
from logs import audit_of, forget, logging
from people import promote
from riders import Riders, at_home_on, waiting
from tokens import script_of

RANKED = """select id::text, column_id::text, rank from tasks
    where board_id = $1 and rank is not null order by column_id, rank"""
# In front is somebody who has to be done alone, and changes nothing.
LOCKED = ["BEGIN;", "select", "select", "select", "with", "COMMIT;"]
TOKENS = "select id from sessions where user_id = $1 and token_hash is not null order by created_at"

pytestmark = pytest.mark.parametrize("lock", ["free", "locked"])


async def test_many_take_as_many_statements_as_one(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Read, write, behind those of the first; and what a transaction has. Seen to fail with two for each."""
    async with (
        desk(api, db, database_url, 20, is_locked=lock == "locked") as found,
        found.line() as line,
    ):
        for number in range(20):
            await line.come(found.anna.patch(found.of(number), title="New"))
        assert statuses(await line.go()) == [200] * 20
        first = next(n for n, sql in enumerate(line.sent) if sql.startswith("COMMIT"))
        which, *done = (sql.split()[0] for sql in line.sent[first + 1 :])
        assert which == "select"  # which tasks the board has, asked once
        assert done == (LOCKED if lock == "locked" else ["select", "with"])
    events = await check_log(db, found.id)
    assert [event["type"] for event in events[-20:]] == ["task.updated"] * 20


async def test_each_sees_what_those_before_have_done(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Seen to fail with a world that does not take over what was changed."""
    async with (
        desk(api, db, database_url, is_locked=lock == "locked") as found,
        found.line() as line,
    ):
        await line.come(found.anna.patch(found.of(0), title="One"))
        await line.come(found.anna.patch(found.of(0), description="Two"))
        await line.come(found.anna.delete(found.of(1)))
        await line.come(found.anna.post(f"{found.of(0)}/move", before=found.tasks[2]["id"]))
        answers = await line.go()
        after = await found.anna.read(found.of(0))
    assert statuses(answers) == [200, 200, 204, 200]
    assert answers[3].json() == after
    assert (after["title"], after["description"], after["version"]) == ("One", "Two", 3)
    await check_log(db, found.id)


async def test_of_two_with_the_same_version_the_second_is_refused(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """It is shown what the first has made of it. Seen to fail without a comparison."""
    async with (
        desk(api, db, database_url, is_locked=lock == "locked") as found,
        found.line() as line,
    ):
        for title in ("One", "Two"):
            sent = {"json": {"title": title}, "headers": {"if-match": '"1"'}}
            await line.come(found.anna.send("PATCH", found.of(0), **sent))
        await line.come(found.anna.patch(found.of(1), title="Three"))
        first, second, third = await line.go()
    assert [first.status_code, third.status_code] == [200, 200]
    shown = refused(second, 412, "precondition-failed")["current"]
    assert (shown["title"], shown["version"]) == ("One", 2)
    assert second.headers["etag"] == '"2"'


async def test_each_is_judged_by_what_they_may_themselves(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Seen to fail when all may what the first may, and when only the board is asked for."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        names = ("signed-out", "disabled", "demoted", "removed", "anybody")
        people = {name: await joined(found, api, f"{name}-rider") for name in names}
        async with found.line() as line:
            for number, person in enumerate(people.values()):
                await line.come(person.patch(found.of(number), title="New"))
            await line.come(found.anna.patch(found.of(5), title="New"))
            await lose_rights(line, db, people)
            answers = await line.go()
    assert statuses(answers) == [401, 401, 403, 404, 200, 200]
    assert await found.actors() == [people["anybody"].id, found.anna.id]


async def test_an_access_token_is_asked_for_its_scope_and_boards(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Also if it had others when its owner came. Seen to fail when a sign-in is enough."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        scripts = [await script_of(found.anna) for _ in range(3)]
        for script in scripts:
            await at_home_on(found.board, script, found.anna.api)
        async with found.line() as line:
            for number, script in enumerate(scripts):
                await line.come(script.patch(found.of(number), title="New"))
            await line.come(found.anna.patch(found.of(5), title="New"))
            ids = [row["id"] for row in await db.fetch(TOKENS, found.anna.id)]
            await db.execute("update sessions set scope = 'read' where id = $1", ids[0])
            await db.execute("update sessions set board_ids = array[id] where id = $1", ids[1])
            answers = await line.go()
    assert statuses(answers) == [403, 404, 200, 200]
    refused(answers[0], 403, "scope-too-small")


async def test_a_refusal_among_others_leaves_no_trace(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """A hard limit is met where it is, and told as it is then. Seen to fail without a count."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        limit = {"task_limit": 2, "limit_is_hard": True}
        to = found.columns[1]["id"]
        assert (await found.anna.patch(f"/columns/{to}", **limit)).status_code == 200
        async with found.line() as line:
            for number in range(4):
                await line.come(found.anna.post(f"{found.of(number)}/move", column_id=to, at="top"))
            await line.come(found.anna.patch(found.of(5), title="New"))
            answers = await line.go()
    assert statuses(answers) == [200, 200, 409, 409, 200]
    for answer in answers[2:4]:
        told = refused(answer, 409, "column-full")
        assert (told["limit"], told["current"]) == (2, 2)
    assert len(await check_log(db, found.id)) == found.begun + 1 + 3


async def test_of_two_who_make_the_same_id_one_does(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """As they would alone. Seen to fail when nobody looks at what was made before."""
    async with (
        desk(api, db, database_url, is_locked=lock == "locked") as found,
        found.line() as line,
    ):
        new, sent = new_id(), {"column_id": found.columns[0]["id"], "title": "New"}
        for body in ({**sent, "id": new}, {**sent, "id": new}, sent):
            await line.come(found.anna.post("/tasks", **body))
        first, second, third = await line.go()
        assert not any(sql.startswith("ROLLBACK") for sql in line.sent)
        alone = await found.anna.post("/tasks", **sent, id=new)
    assert statuses([first, third]) == [201, 201]
    assert third.json()["number"] == first.json()["number"] + 1
    refusals = [refused(answer, 409, "already-exists") for answer in (second, alone)]
    assert refusals[0].keys() == refusals[1].keys()
    await check_log(db, found.id)


async def test_what_moves_in_a_crowd_stands_in_one_order(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Each where it was put by what stood there then. Seen to fail with neighbours as they were."""
    async with desk(api, db, database_url, 12, is_locked=lock == "locked") as found:
        order = [task["id"] for task in found.tasks]
        async with found.line() as line:
            for number in range(20):
                own, near = order[number * 5 % 12], order[(number * 7 + 3) % 12]
                if own == near:
                    continue
                way = "after" if number % 2 else "before"
                await line.come(found.anna.post(f"/tasks/{own}/move", **{way: near}))
                order.remove(own)
                order.insert(order.index(near) + number % 2, own)
            assert set(statuses(await line.go())) == {200}
            assert sum(sql.startswith("COMMIT") for sql in line.sent) == line.ahead
        rows = await db.fetch(RANKED, found.id)
    assert [row["id"] for row in rows] == order
    await check_log(db, found.id)


async def test_who_comes_to_a_gap_sees_what_is_behind_it(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Though the next has just gone. Seen to fail when only the next one is read."""
    async with desk(api, db, database_url, 8, is_locked=lock == "locked") as found:
        to = found.columns[1]["id"]
        for number, near in ((1, 6), (2, 1)):
            before = found.tasks[near]["id"]
            assert (await found.anna.post(f"{found.of(number)}/move", before=before)).is_success
        assert (await found.anna.post(f"{found.of(5)}/move", column_id=to, at="top")).is_success
        async with found.line() as line:
            await line.come(found.anna.post(f"{found.of(1)}/move", column_id=to, at="top"))
            await line.come(found.anna.post(f"{found.of(0)}/move", before=found.tasks[6]["id"]))
            assert statuses(await line.go()) == [200, 200]
        rows = await db.fetch(RANKED, found.id)
    order = [row["id"] for row in rows if row["column_id"] != to]
    assert order == [found.tasks[number]["id"] for number in (3, 4, 2, 0, 6, 7)]


async def test_who_comes_behind_what_is_done_by_itself_is_read_for(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Though that changes nothing. Seen to fail with what was read for those in front of it."""
    async with desk(api, db, database_url, 8, is_locked=lock == "locked") as found:
        column_id = found.columns[0]["id"]
        async with found.line() as line:
            for number in range(2):
                await line.come(found.anna.patch(found.of(number), title="New"))
            await line.come(found.anna.patch(f"/boards/{found.id}", title="First"))
            await line.come(found.anna.post("/tasks", column_id=column_id, title="Last"))
            await line.come(found.anna.patch(found.of(2), title="New"))
            answers = await line.go()
            assert not any(sql.startswith("ROLLBACK") for sql in line.sent)
        rows = await db.fetch(RANKED, found.id)
    assert statuses(answers) == [200, 200, 200, 201, 200]
    assert [row["id"] for row in rows] == [*(t["id"] for t in found.tasks), answers[3].json()["id"]]


async def test_a_limit_counts_those_who_were_not_read(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Of a column with many only the ends are read. Seen to fail when only these are counted."""
    async with desk(api, db, database_url, 12, is_locked=lock == "locked") as found:
        own, to = (column["id"] for column in found.columns)
        new = [await found.anna.make("/tasks", column_id=to, title=f"{n}") for n in range(2)]
        limit = {"task_limit": 13, "limit_is_hard": True}
        assert (await found.anna.patch(f"/columns/{own}", **limit)).status_code == 200
        async with found.line() as line:
            for task in new:
                path = f"/tasks/{task['id']}/move"
                await line.come(found.anna.post(path, column_id=own, at="top"))
            first, second = await line.go()
    assert first.status_code == 200
    assert refused(second, 409, "column-full")["current"] == 13


async def test_the_audit_names_whose_request_it_was(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Not that of whoever has the turn. Seen to fail when all were audited as one."""
    anna, clara = await api.user("anna"), await promote(db, await api.user("clara"))
    column = await anna.column(board := await anna.board())
    paths = [f"/tasks/{(await anna.task(column))['id']}" for _ in range(3)]
    async with logging(database_url, **PATIENT) as (other, written):
        anna, clara = [await at_home_on(board, person, other) for person in (anna, clara)]
        how = waiting(board, anna, database_url, db, is_locked=lock == "locked")
        async with how as line:
            for path, person in zip(paths, (anna, clara, anna), strict=True):
                await line.come(person.patch(path, title="New"))
            forget(written)
            _, hers, _ = await line.go()
        (told,) = audit_of(written)
    assert (told["event"], told["user"]) == ("administrator.acted", clara.id)
    assert told["request_id"] == hers.headers["x-request-id"]


async def lose_rights(line: Riders, db: asyncpg.Connection, people: dict[str, Person]) -> None:
    """Let them lose what they have while they wait, each in another way."""
    ids = {name: person.id for name, person in people.items()}
    await db.execute("update sessions set revoked_at = now() where user_id = $1", ids["signed-out"])
    await db.execute("update users set is_active = false where id = $1", ids["disabled"])
    of_board = "where board_id = $1 and user_id = $2"
    sql = f"update board_users set role = 'OBSERVER' {of_board}"
    await line.rival.do(sql, line.board["id"], ids["demoted"])
    await line.rival.do(f"delete from board_users {of_board}", line.board["id"], ids["removed"])
