"""A database that is busy, slow or away: 503 in time, and back by itself."""

import asyncio
import time

import asyncpg
import pytest

from api import PASSWORD, Api, Json, Person
from apps import another_api
from checks import refused
from faults import unavailable, wire_to, wired
from log_rival import all_wait, rival_on
from people import claims_of, moved, signed, token_of, with_cookie

NOBODY = "0198c0de-0000-7000-8000-000000000001"

REQUESTS: list[tuple[str, str, Json | None]] = [
    ("GET", "/users/me", None),
    ("GET", "/tasks", None),
    ("GET", "/health/ready", None),
    ("POST", "/boards", {"title": "Away"}),
    ("POST", "/tasks", {"title": "Away"}),
    ("PATCH", f"/tasks/{NOBODY}", {"title": "Away"}),
    ("DELETE", f"/users/{NOBODY}", None),
    ("POST", "/auth/login", {"login": "anna", "password": PASSWORD}),
    ("POST", "/auth/logout", None),
    ("POST", "/users", {"username": "new", "email": "new@example.com", "password": PASSWORD}),
]


async def check_all_unavailable(anna: Person, seconds: float) -> None:
    """Whatever is asked, many at once: 503 in time; the process itself is well."""
    began = time.monotonic()
    many = [anna.send(method, path, json=body) for method, path, body in REQUESTS * 3]
    for answer in await asyncio.gather(*many):
        unavailable(answer)
    assert time.monotonic() - began < seconds
    assert (await anna.get("/health/live")).status_code == 200


async def test_a_pool_without_a_free_connection_sends_away_and_recovers(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    board, another = await anna.board(), await anna.board()
    path, small = f"/boards/{board['id']}", {"pool_min": 1, "pool_max": 2}
    async with (
        another_api(database_url, **small, acquire_timeout_seconds=0.3) as other,
        rival_on(board["id"], database_url, db) as rival,
    ):
        await rival.do("select from boards where id = $1 for update", another["id"])
        person, paths = moved(anna, other), [path, f"/boards/{another['id']}"]
        writes = [asyncio.ensure_future(person.patch(one, title="New")) for one in paths]
        await all_wait(db, *writes)
        async with asyncio.timeout(1.5):
            unavailable(await person.get(path))
            unavailable(await person.post("/boards", title="C"))
        await rival.do("commit")
        assert [(await write).status_code for write in writes] == [200, 200]
        assert (await person.get(path)).status_code == 200


async def test_a_board_locked_too_long_is_unavailable_and_unchanged(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    path = f"/boards/{board['id']}"
    async with another_api(database_url, lock_timeout_seconds=0.2) as other:
        person = moved(anna, other)
        async with rival_on(board["id"], database_url, db), asyncio.timeout(1.5):
            unavailable(await person.patch(path, title="Late"))
            assert await person.read(path) == board  # reading waits for nobody
        assert (await person.patch(path, title="In time")).status_code == 200


async def test_a_statement_that_takes_too_long_is_ended(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user("anna")
    limits = {"statement_timeout_seconds": 0.2, "lock_timeout_seconds": 5}
    async with another_api(database_url, **limits) as other:
        person = moved(anna, other)
        async with db.transaction(), asyncio.timeout(1):
            await db.execute("lock table boards in access exclusive mode")
            refused(await person.get("/boards"), 503, "took-too-long")
        assert (await person.get("/boards")).status_code == 200


async def test_without_a_database_all_is_unavailable_and_comes_back_by_itself(
    api: Api, database_url: str
) -> None:
    async with wired(api, database_url) as (anna, wire):
        await wire.close()
        await check_all_unavailable(anna, 2)
        await wire.open()
        assert (await anna.get("/health/ready")).status_code == 200
        assert (await anna.post("/boards", title="Back")).status_code == 201


async def test_a_database_away_from_the_start_is_found_when_it_comes(
    api: Api, database_url: str
) -> None:
    anna = await api.user("anna")
    async with wire_to(database_url) as wire:
        await wire.close()
        async with another_api(wire.url) as other:
            person = moved(anna, other)
            await check_all_unavailable(person, 2)
            await wire.open()
            assert (await person.get("/health/ready")).status_code == 200
            assert (await person.post("/boards", title="Back")).status_code == 201


@pytest.mark.parametrize("is_warm", [True, False], ids=["in the middle", "from the start"])
async def test_a_database_that_hangs_is_not_waited_for(
    api: Api, database_url: str, *, is_warm: bool
) -> None:
    """Seen to fail when the first requests wait for one another to open the pool."""
    anna = await api.user("anna")
    limits = {"statement_timeout_seconds": 0.1, "acquire_timeout_seconds": 0.5, "pool_min": 1}
    async with wire_to(database_url) as wire, another_api(wire.url, **limits) as other:
        person = moved(anna, other)
        if is_warm:
            await person.get("/users/me")
        wire.is_hung = True
        await check_all_unavailable(person, 6)  # one after the other would be 15
        wire.is_hung = False
        assert (await person.post("/boards", title="Back")).status_code == 201


async def test_a_sign_in_that_cannot_be_judged_is_not_renewed(api: Api, database_url: str) -> None:
    claims = claims_of(token_of(await api.user("anna")))
    async with wire_to(database_url) as wire:
        await wire.close()
        async with another_api(wire.url) as other:
            now = int(time.time())
            old = signed(other, {**claims, "iat": now - 40_000, "exp": now + 100})
            answer = await with_cookie(other, old).get("/users/me")
            unavailable(answer)
            assert "set-cookie" not in answer.headers
