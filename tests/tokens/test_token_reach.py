"""How far an access token reaches beyond boards: it makes no account, and lists no addresses."""

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Json, Person
from apps import another_api
from checks import refused
from operations import all_rows
from people import COOKIE, fresh_name, moved, promote, token_of, with_header
from tokens import holder, new_token, script_of

PUBLIC = {"email", "is_admin", "is_active"}


def newcomer() -> Json:
    name = fresh_name("new")
    return {"username": name, "email": f"{name}@example.com", "password": PASSWORD}


async def register(person: Person) -> httpx.Response:
    return await person.post("/users", **newcomer())


async def scripts(api: Api, db: asyncpg.Connection) -> dict[str, Person]:
    """Give scripts that may make no account, with whatever other right."""
    anna, root = await api.user(), await promote(db, await api.user())
    homes = {person: (await person.items("/boards"))[0]["id"] for person in (anna, root)}
    found = {f"somebody's {scope}": await script_of(anna, scope) for scope in ("read", "write")}
    for scope in ("read", "write"):
        found[f"an administrator's {scope}"] = await script_of(root, scope)
    for scope in ("read", "write", "admin"):
        own = await script_of(root, scope, board_ids=[homes[root]])
        found[f"an administrator's {scope} for a board"] = own
    await promote(db, anna)
    was_admin = await script_of(anna, "admin")
    await db.execute("update users set is_admin = false where id = $1", anna.id)
    return found | {"admin of one who is no more": was_admin}


async def test_no_token_but_an_administrators_for_all_makes_accounts(
    api: Api, db: asyncpg.Connection
) -> None:
    """Nor does it sign anybody in. Seen to fail while a token that was no good counted as none."""
    for kind, script in (await scripts(api, db)).items():
        before = await all_rows(db)
        answer = await register(script)
        refused(answer, 403, "scope-too-small")
        assert "set-cookie" not in answer.headers, kind
        assert await all_rows(db) == before, kind


@pytest.mark.parametrize("registration", ["open", "closed"])
async def test_an_administrators_for_all_makes_accounts_and_signs_nobody_in(
    api: Api, db: asyncpg.Connection, database_url: str, registration: str
) -> None:
    root = await promote(db, await api.user())
    token = await new_token(root, "admin")
    async with another_api(database_url, registration=registration) as other:
        answer = await register(holder(other, token))
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers


async def test_a_token_that_is_no_good_registers_nobody(api: Api, db: asyncpg.Connection) -> None:
    """It is meant, where a cookie may be an old one. Seen to fail while it counted as none."""
    anna, root = await api.user(), await promote(db, await api.user())
    ended = await new_token(root, "admin")
    await root.delete(f"/auth/tokens/{ended['id']}")
    signed_out = token_of(anna)
    await anna.post("/auth/logout")
    forged = [f"Bearer {text}" for text in ("doska_pat_" + "A" * 86, "nothing", signed_out)]
    for shown in (f"Bearer {ended['token']}", *forged):
        before = await all_rows(db)
        refused(await register(with_header(api, shown)), 401, "unauthenticated")
        assert await all_rows(db) == before
    stale = api.nobody()
    stale.client.cookies.set(COOKIE, signed_out)
    assert (await register(stale)).status_code == 201


async def test_a_read_token_makes_no_account_where_registration_is_closed(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    root = await promote(db, await api.user())
    token = await new_token(root, "read")
    async with another_api(database_url, registration="closed") as other:
        refused(await register(holder(other, token)), 403, "scope-too-small")
        assert (await register(moved(root, other))).status_code == 201


@pytest.mark.parametrize("scope", ["read", "write", "admin", "admin for a board"])
async def test_only_an_administrators_for_all_lists_addresses(
    api: Api, db: asyncpg.Connection, scope: str
) -> None:
    """People are found with it, as anybody finds them. Seen to fail while boards made no odds."""
    root, boris = await promote(db, await api.user()), await api.user()
    (home,) = await root.items("/boards", q="My tasks", limit=1)
    limited = {"board_ids": [home["id"]]} if "board" in scope else {}
    script = await script_of(root, scope.partition(" ")[0], **limited)
    is_shown = scope == "admin"
    (found,) = await script.items("/users", q=(boris.me or {})["username"])
    one = await script.read(f"/users/{boris.id}")
    assert [bool(PUBLIC & view.keys()) for view in (found, one)] == [is_shown] * 2
    assert (await script.read("/users/me")).keys() >= PUBLIC


async def test_an_administrators_for_a_board_may_there_what_its_creator_may(
    api: Api, db: asyncpg.Connection
) -> None:
    """Else it would be good for nothing."""
    anna, root = await api.user(), await promote(db, await api.user())
    board = await anna.board()
    script = await script_of(root, "admin", board_ids=[board["id"]])
    path = f"/boards/{board['id']}"
    for beyond in ("", "/snapshot", "/events", "/activity", "/users"):
        assert (await script.get(path + beyond)).status_code == 200
    assert (await script.patch(path, title="New")).status_code == 200
    assert (await script.delete(path)).status_code == 204
