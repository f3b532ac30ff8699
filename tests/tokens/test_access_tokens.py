"""Access tokens: made, shown once, listed, limited, ended."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from api import PASSWORD, Api, Json
from apps import another_api
from checks import invalid, refused
from people import another_device, moved, promote
from tokens import CLEAR, holder, is_good, new_token, script_of

FUTURE = "2099-12-31T18:00:00+00:00"


async def test_a_token_is_shown_once_and_kept_as_a_hash(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when the token was kept as it is."""
    anna = await api.user()
    made = await new_token(anna, "read", expires_at=FUTURE)
    token = made.pop("token")
    assert token.startswith(CLEAR)
    assert await anna.items("/auth/tokens") == [made]
    assert (made["scope"], made["expires_at"], made["board_ids"]) == ("read", FUTURE, None)
    row = await db.fetchrow("select s.*, s::text as whole from sessions s where scope = 'read'")
    assert row["token_hash"] == hashlib.sha256(token.encode()).digest()
    assert token.removeprefix(CLEAR)[-30:] not in row["whole"]
    assert (await holder(api, token).read("/users/me")) == anna.me


async def test_a_token_without_an_end_never_expires(api: Api) -> None:
    anna = await api.user()
    assert (await new_token(anna))["expires_at"] is None
    assert [token["expires_at"] for token in await anna.items("/auth/tokens")] == [None]


async def test_tokens_are_listed_page_by_page_the_newest_first(api: Api) -> None:
    anna = await api.user()
    made = [(await new_token(anna))["id"] for _ in range(3)]
    page = await anna.read("/auth/tokens", limit=2)
    rest = await anna.items("/auth/tokens", cursor=page["next_cursor"])
    assert [token["id"] for token in [*page["items"], *rest]] == made[::-1]


BAD: list[tuple[Json, str]] = [
    ({"name": ""}, "/body/name"),
    ({"name": "x" * 201}, "/body/name"),
    ({"name": None}, "/body/name"),
    ({"scope": "all"}, "/body/scope"),
    ({"scope": None}, "/body/scope"),
    ({"scope": "admin"}, "/body/scope"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "/body/expires_at"),
    ({"expires_at": "infinity"}, "/body/expires_at"),
    ({"board_ids": []}, "/body/board_ids"),
    ({"board_ids": ["x"]}, "/body/board_ids/0"),
    ({"id": "0198c0de-0000-7000-8000-000000000001"}, "/body/id"),
    ({"token": "doska_pat_mine"}, "/body/token"),
]


@pytest.mark.parametrize(("fields", "pointer"), BAD)
async def test_what_makes_no_token_is_refused(api: Api, fields: Json, pointer: str) -> None:
    anna = await api.user()
    invalid(await anna.post("/auth/tokens", **{"name": "A", "scope": "read", **fields}), pointer)
    assert await anna.items("/auth/tokens") == []


async def test_a_hundred_boards_fit_and_one_more_does_not(api: Api) -> None:
    anna = await api.user()
    (home,) = await anna.items("/boards")
    made = await new_token(anna, board_ids=[home["id"]] * 100)
    assert made["board_ids"] == [home["id"]]
    body = {"name": "A", "scope": "read", "board_ids": [home["id"]] * 101}
    invalid(await anna.post("/auth/tokens", **body), "/body/board_ids")


async def test_an_expired_token_is_none(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when the end was not asked for."""
    anna = await api.user()
    script = await script_of(anna, expires_at=str(datetime.now(UTC) + timedelta(hours=1)))
    assert await is_good(script)
    await db.execute("update sessions set expires_at = expires_at - interval '1 hour'")
    assert not await is_good(script)
    refused(await script.post("/boards", title="Late"), 401, "unauthenticated")


async def test_a_token_ends_when_its_time_comes(api: Api) -> None:
    """Seen to fail when the end was not asked for."""
    anna = await api.user()
    end = datetime.now(UTC) + timedelta(seconds=1)
    script = await script_of(anna, expires_at=end.isoformat())
    async with asyncio.timeout(30):
        while await is_good(script):
            pass
    assert datetime.now(UTC) >= end
    assert await anna.items("/auth/tokens") == []


async def test_ending_a_token_ends_it_at_once_and_no_other(api: Api) -> None:
    """Seen to fail when ending looked for sign-ins only."""
    anna, boris = await api.user(), await api.user()
    first, second = await new_token(anna), await new_token(anna)
    path = f"/auth/tokens/{first['id']}"
    refused(await boris.delete(path), 404, "not-found")
    assert await is_good(holder(api, first))
    assert (await anna.delete(path)).status_code == 204
    assert not await is_good(holder(api, first))
    assert await is_good(holder(api, second))
    assert await is_good(anna)
    refused(await anna.delete(path), 404, "not-found")


async def test_tokens_and_sign_ins_are_listed_and_ended_apart(api: Api) -> None:
    """Seen to fail when the list of sign-ins held the tokens, and when either ended the other."""
    anna = await api.user()
    token = await new_token(anna)
    (session,) = await anna.items("/auth/sessions")
    refused(await anna.delete(f"/auth/sessions/{token['id']}"), 404, "not-found")
    refused(await anna.delete(f"/auth/tokens/{session['id']}"), 404, "not-found")
    assert await is_good(holder(api, token))
    assert session["is_current"]


async def test_signing_out_leaves_the_tokens(api: Api) -> None:
    anna = await api.user()
    script = await script_of(anna)
    await anna.post("/auth/logout")
    assert await is_good(script)


async def test_a_new_password_ends_the_tokens(api: Api) -> None:
    """Seen to fail when only rows without a hash were ended."""
    anna = await api.user()
    script = await script_of(anna)
    body = {"current_password": PASSWORD, "new_password": "staple over the moon 7"}
    assert (await anna.put("/users/me/password", **body)).status_code == 204
    assert not await is_good(script)
    assert await is_good(anna)


async def test_a_disabled_persons_token_is_none_also_when_enabled_again(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when disabling ended sign-ins, but no tokens."""
    anna, root = await api.user(), await promote(db, await api.user())
    script = await script_of(anna)
    for is_active in (False, True):
        await root.patch(f"/users/{anna.id}", is_active=is_active)
        assert not await is_good(script)


async def test_a_token_of_a_deleted_account_is_none(api: Api) -> None:
    anna = await api.user()
    script = await script_of(anna)
    await anna.delete(f"/users/{anna.id}")
    assert not await is_good(script)


async def test_a_person_has_so_many_tokens_and_no_more(api: Api, database_url: str) -> None:
    """Seen to fail when ended tokens were counted, and when somebody else's were."""
    anna, boris = await api.user(), await api.user()
    await new_token(boris)
    async with another_api(database_url, tokens_per_user_max=2) as small:
        first, _ = [await new_token(moved(anna, small)) for _ in range(2)]
        again = moved(anna, small)
        one_more = await again.post("/auth/tokens", name="A", scope="read")
        refused(one_more, 409, "limit-reached", limit=2, of="access tokens of a person")
        await again.delete(f"/auth/tokens/{first['id']}")
        await new_token(again)


async def test_tokens_made_at_once_are_counted_one_by_one(api: Api, database_url: str) -> None:
    """A rival holds the account. Seen to fail when it was counted without the lock."""
    anna, rival = await api.user(), await asyncpg.connect(database_url)
    async with another_api(database_url, tokens_per_user_max=1) as small:
        person, body = moved(anna, small), {"name": "A", "scope": "read"}
        async with rival.transaction():
            await rival.execute("select from users where id = $1 for update", anna.id)
            both = [asyncio.create_task(person.post("/auth/tokens", **body)) for _ in range(2)]
            async with asyncio.timeout(30):
                while await rival.fetchval(WAITING) < 2:
                    assert not any(task.done() for task in both)
        assert sorted([(await task).status_code for task in both]) == [201, 409]
    await rival.close()


WAITING = "select count(*) from pg_locks where not granted"


async def test_a_script_may_not_become_its_owner(api: Api) -> None:
    """Seen to fail when making tokens was open to tokens."""
    anna = await api.user()
    script = await script_of(anna)
    body = {"current_password": PASSWORD, "new_password": "staple over the moon 7"}
    for answer in (
        await script.post("/auth/tokens", name="More", scope="write"),
        await script.put("/users/me/password", **body),
        await script.patch(f"/users/{anna.id}", email="other@example.com"),
        await script.delete(f"/users/{anna.id}"),
        await script.post("/auth/logout"),
    ):
        refused(answer, 403, "only-in-person")
    assert await is_good(await another_device(api, anna))


async def test_no_key_keeps_an_answer_that_holds_a_token(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user()
    body, headers = {"name": "A", "scope": "read"}, {"idempotency-key": "once"}
    for _ in range(2):
        answer = await anna.send("POST", "/auth/tokens", json=body, headers=headers)
        assert answer.status_code == 201
        assert answer.headers["cache-control"] == "no-store"
    assert len(await anna.items("/auth/tokens")) == 2
    assert await db.fetchval("select count(*) from idempotency_keys") == 0
