"""How many requests a user may make a minute: told with each answer, refused beyond, in all processes."""

import asyncio

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from checks import refused
from people import another_device, moved, with_cookie
from quotas import TAKEN, WINDOW, answered, ask, limited, pass_time, told
from statements import watching
from tokens import new_token, script_of

LIMIT = 5


async def test_the_last_request_is_answered_and_one_beyond_refused(
    api: Api, database_url: str
) -> None:
    """Seen to fail with one more let through."""
    async with limited(database_url, await api.user(), LIMIT) as anna:
        assert await answered(anna, LIMIT) == LIMIT
        answer = await anna.get("/users/me")
        refused(answer, 429, "too-many-requests", limit=LIMIT, of="requests a minute")
        left, seconds = told(answer)
        assert left == 0
        assert 1 <= seconds <= int(answer.headers["retry-after"]) <= WINDOW


async def test_each_answer_tells_what_is_left(api: Api, database_url: str) -> None:
    """Whatever it is. Seen to fail when only successes told it."""
    async with limited(database_url, await api.user(), LIMIT) as anna:
        answers = [
            await anna.get("/users/me"),
            await anna.post("/boards", title="Website"),
            await anna.get("/boards", limit=0),
            await anna.post("/boards", title=7),
            await anna.delete("/boards/0198c0de-0000-7000-8000-000000000001"),
            await anna.get("/users/me"),
        ]
    assert [answer.status_code for answer in answers] == [200, 201, 422, 422, 404, 429]
    assert [told(answer)[0] for answer in answers] == [4, 3, 2, 1, 0, 0]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"user";q=5;w=60'}
    assert all(0 < told(answer)[1] <= WINDOW for answer in answers)


async def test_all_sign_ins_and_tokens_of_a_user_count_together(
    api: Api, database_url: str
) -> None:
    """Seen to fail when what was taken was not added up."""
    anna, ivan = await api.user(), await api.user()
    ways = [anna, await another_device(api, anna), await script_of(anna, "read")]
    async with another_api(database_url, requests_a_minute=LIMIT) as other:
        users = [moved(way, other) for way in ways]
        users[2].client.headers = ways[2].client.headers
        assert [await ask(user) for user in (*users, *users)] == [200] * LIMIT + [429]
        assert [await ask(user) for user in users] == [429] * 3
        assert await answered(moved(ivan, other), LIMIT + 1) == LIMIT


async def test_requests_at_once_get_no_more_than_the_limit(api: Api, database_url: str) -> None:
    """Seen to fail when what was taken was not added up."""
    async with limited(database_url, await api.user(), 20) as anna:
        statuses = await asyncio.gather(*(ask(anna) for _ in range(50)))
    assert sorted(statuses) == [200] * 20 + [429] * 30


@pytest.mark.parametrize("limit", [20, 110])
async def test_two_processes_share_one_limit(
    api: Api, db: asyncpg.Connection, database_url: str, limit: int
) -> None:
    """Seen to fail with parts that were granted whatever was taken already."""
    anna = await api.user()
    async with (
        limited(database_url, anna, limit) as here,
        limited(database_url, anna, limit) as there,
    ):
        requests = [ask(place) for _ in range(limit) for place in (here, there)]
        statuses = await asyncio.gather(*requests)
    assert statuses.count(200) == limit
    assert await db.fetchval(TAKEN) == limit


async def test_what_one_process_leaves_unused_is_less_than_a_twentieth(
    api: Api, database_url: str
) -> None:
    """So much sooner another has to refuse. Seen to fail with parts of a tenth."""
    anna = await api.user()
    async with (
        limited(database_url, anna, 100) as here,
        limited(database_url, anna, 100) as there,
    ):
        assert await ask(here) == 200
        assert await answered(there, 100) == 95
        assert await answered(here, 100) == 4


async def test_after_a_minute_all_are_there_again(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """And not before. Seen to fail with windows of 50 seconds, and with ones that never ended."""
    async with limited(database_url, await api.user(), LIMIT) as anna:
        assert await answered(anna, LIMIT + 1) == LIMIT
        await pass_time(db, WINDOW - 8, anna.api)
        assert await ask(anna) == 429
        await pass_time(db, 8, anna.api)
        assert await answered(anna, LIMIT + 1) == LIMIT


async def test_what_was_not_used_ends_with_its_minute(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with leases that did not end."""
    anna = await api.user()
    async with (
        limited(database_url, anna, 40) as here,
        limited(database_url, anna, 40) as there,
    ):
        assert [await ask(here), await ask(there)] == [200, 200]
        await pass_time(db, WINDOW, here.api, there.api)
        assert await answered(here, 45) == 40
        assert await answered(there, 5) == 0


async def test_the_database_ends_windows_too(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """For a process that knows of none. Seen to fail when what was taken was never given back."""
    anna = await api.user()
    async with limited(database_url, anna, LIMIT) as here:
        assert await answered(here, LIMIT + 1) == LIMIT
    async with limited(database_url, anna, LIMIT) as there:
        assert await ask(there) == 429
    await pass_time(db, WINDOW)
    async with limited(database_url, anna, LIMIT) as there:
        assert await answered(there, LIMIT + 1) == LIMIT


async def test_a_clock_set_back_locks_nobody_out(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when any end that lies ahead was believed."""
    anna = await api.user()
    await db.execute(
        "insert into request_quotas values ($1, now() + interval '1 day', $2, 0)", anna.id, LIMIT
    )
    async with limited(database_url, anna, LIMIT) as here:
        assert await answered(here, LIMIT + 1) == LIMIT


async def test_a_refused_request_does_nothing_and_asks_nothing(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when each refusal asked the database again."""
    async with limited(database_url, await api.user(), LIMIT) as anna:
        assert await answered(anna, LIMIT) == LIMIT
        async with watching() as sent:
            refused(await anna.post("/boards", title="Website"), 429, "too-many-requests")
            refused(await anna.get("/boards"), 429, "too-many-requests")
        assert sent == []
    assert await db.fetchval(TAKEN) == LIMIT
    assert [board["title"] for board in await anna_boards(api, anna)] == ["My tasks"]


async def anna_boards(api: Api, anna: Person) -> list[dict[str, object]]:
    return await moved(anna, api).items("/boards")


async def test_most_requests_ask_nothing_of_their_own(api: Api, database_url: str) -> None:
    """Seen to fail when each request took one."""
    async with limited(database_url, await api.user(), 600) as anna, watching() as sent:
        assert await answered(anna, 60) == 60
    assert sum("request_quotas" in statement for statement in sent) == 2
    assert len(sent) == 62


async def test_nothing_is_counted_where_there_is_no_limit(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    async with limited(database_url, await api.user(), 0) as anna:
        answer = await anna.get("/users/me")
    assert answer.status_code == 200
    assert not {"ratelimit", "ratelimit-policy"} & answer.headers.keys()
    assert await db.fetchval(TAKEN) == 0


async def test_what_needs_no_sign_in_is_not_counted(api: Api, database_url: str) -> None:
    anna = await api.user()
    me, avatar = f"/users/{anna.id}", f"/users/{anna.id}/avatar.svg"
    async with limited(database_url, anna, LIMIT) as here:
        for path in ("/health/live", "/health/ready", "/docs", "/openapi.json", avatar):
            answer = await here.client.get(path)
            assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)
        assert told(await here.get(me)) == (LIMIT - 1, WINDOW)


async def test_trying_out_counts(api: Api, database_url: str) -> None:
    async with limited(database_url, await api.user(), LIMIT) as anna:
        headers = {"prefer": "dry-run"}
        answer = await anna.send("POST", "/boards", json={"title": "A"}, headers=headers)
        assert (answer.status_code, told(answer)[0]) == (200, LIMIT - 1)


async def test_a_token_of_nobody_is_refused_as_ever(api: Api, database_url: str) -> None:
    token = await new_token(await api.user())
    async with another_api(database_url, requests_a_minute=LIMIT) as other:
        for person in (other.nobody(), with_cookie(other, token["token"])):
            answer = await person.get("/users/me")
            refused(answer, 401, "unauthenticated")
            assert "ratelimit" not in answer.headers
