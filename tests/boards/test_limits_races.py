"""No limit is outrun by those who come at once: a rival holds the lock until both wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Json, Person
from apps import another_api
from checks import refused
from full import OF, SMALL, shelf_on
from log_rival import all_wait, rival_on
from people import another_device, moved

SESSIONS = """select count(*) from sessions
    where user_id = $1 and token_hash is null and revoked_at is null"""


@pytest.mark.parametrize("kind", [kind for kind in OF if kind != "boards"])
async def test_of_two_at_once_one_is_the_last(
    api: Api, db: asyncpg.Connection, database_url: str, kind: str
) -> None:
    """In two processes: in one of them the second waits for a turn.

    Seen to fail with what was counted in the statement that takes the lock.
    """
    async with (
        shelf_on(api, database_url) as shelf,
        another_api(database_url, **SMALL, pool_max=4) as other,
    ):
        await shelf.fill(kind, room=1)
        elsewhere = replace(shelf, owner=moved(shelf.owner, other))
        async with rival_on(shelf.board["id"], database_url, db) as rival:
            both = [asyncio.ensure_future(one.add(kind)) for one in (shelf, elsewhere)]
            await all_wait(db, *both)
            await rival.do("commit")
            answers = sorted([await one for one in both], key=lambda a: a.status_code)
        assert answers[0].status_code == 201
        refused(answers[1], 409, "limit-reached", limit=3, of=OF[kind])
        assert await shelf.count(kind) == 3


@asynccontextmanager
async def held(url: str, person: Person) -> AsyncIterator[None]:
    """Hold the lock of somebody's account."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("select from users where id = $1 for no key update", person.id)
        yield
    await connection.close()


async def test_of_two_boards_made_at_once_one_is_the_last(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail without the lock of who makes them."""
    async with shelf_on(api, database_url) as shelf:
        async with held(database_url, shelf.owner):
            both = [asyncio.ensure_future(shelf.add("boards")) for _ in range(2)]
            await all_wait(db, *both)
        statuses = sorted([(await one).status_code for one in both])
        assert statuses == [201, 409]


async def test_of_two_boards_handed_over_at_once_one_is_the_last(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """By two people, to a third. Seen to fail without the lock of the heir."""
    async with shelf_on(api, database_url) as shelf:
        heir, ivan = [moved(await api.user(), shelf.owner.api) for _ in range(2)]
        await heir.board()
        boards = [(shelf.owner, shelf.board), (ivan, await ivan.board())]
        for creator, board in boards:
            await creator.invite(board, heir)
        async with held(database_url, heir):
            both = [asyncio.ensure_future(hand_over(*each, heir)) for each in boards]
            await all_wait(db, *both)
        assert sorted([(await one).status_code for one in both]) == [200, 409]


async def hand_over(creator: Person, board: Json, heir: Person) -> httpx.Response:
    return await creator.put(f"/boards/{board['id']}/users/{heir.id}", role="CREATOR")


async def test_many_at_once_make_just_as_many_tasks_as_there_may_be(
    api: Api, database_url: str
) -> None:
    async with shelf_on(api, database_url) as shelf:
        answers = await asyncio.gather(*(shelf.add("tasks") for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 8
        assert await shelf.count("tasks") == 3


async def test_with_one_sign_in_too_many_the_oldest_ends(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Its streams, too. Seen to fail when none ended, and when access tokens were ended with it."""
    anna = await api.user()
    async with another_api(database_url, sessions_per_user_max=3) as other:
        token = await anna.post("/auth/tokens", name="Script", scope="read")
        devices = [moved(anna, other), *[await another_device(other, anna) for _ in range(2)]]
        assert [(await d.get("/users/me")).status_code for d in devices] == [200] * 3
        devices.append(await another_device(other, anna))
        assert [(await d.get("/users/me")).status_code for d in devices] == [401, 200, 200, 200]
        assert [t["id"] for t in await devices[3].items("/auth/tokens")] == [token.json()["id"]]
        assert await db.fetchval(SESSIONS, anna.id) == 3


async def test_sign_ins_at_once_leave_as_many_as_there_may_be(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with what was to end looked up before the lock."""
    anna = await api.user("anna")
    async with another_api(database_url, sessions_per_user_max=2, pool_max=4) as other:
        body = {"login": "anna", "password": PASSWORD}
        async with held(database_url, anna):
            found = [
                asyncio.ensure_future(other.nobody().post("/auth/login", **body)) for _ in range(3)
            ]
            await all_wait(db, *found)
        answers = [await one for one in found]
    assert {answer.status_code for answer in answers} == {200}
    assert await db.fetchval(SESSIONS, anna.id) == 2
