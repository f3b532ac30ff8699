"""What comes of using an access token: its last use, its streams, its statements, its lines."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from doska.identity.uses import Uses
from faults import wire_to
from people import moved, promote
from statements import watching as asking
from stream_client import SECONDS_MAX, watching
from stream_scene import next_title, rename
from stream_server import port_of
from tokens import holder, new_token, script_of

PROMISED_SECONDS = 2.0
LAST_USE = "select last_used_at from sessions where id = $1"


async def used(db: asyncpg.Connection, token_id: str, since: datetime | None = None) -> datetime:
    """Wait until a use of the token is noted that is not the one of then."""
    async with asyncio.timeout(SECONDS_MAX):
        while (at := await db.fetchval(LAST_USE, token_id)) == since:
            pass
    assert isinstance(at, datetime)
    return at


async def test_the_last_use_is_noted_and_shown(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when the note was made part of the request's transaction."""
    anna = await api.user()
    token = await new_token(anna)
    assert await db.fetchval(LAST_USE, token["id"]) is None
    assert (await holder(api, token).post("/tasks", title="Draw")).status_code == 201
    at = await used(db, token["id"])
    (listed,) = await anna.items("/auth/tokens")
    assert datetime.fromisoformat(listed["last_used_at"]) == at
    assert datetime.fromisoformat(token["created_at"]) <= at


async def test_a_use_is_noted_once_a_minute(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when each request wrote."""
    anna = await api.user()
    token = await new_token(anna)
    script = holder(api, token)
    await script.read("/users/me")
    at = await used(db, token["id"])
    async with asking() as sent:
        for _ in range(3):
            await script.read("/users/me")
    assert len(sent) == 3
    assert await db.fetchval(LAST_USE, token["id"]) == at


async def test_another_process_notes_it_no_sooner(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the statement did not look at the last use."""
    anna = await api.user()
    token = await new_token(anna)
    await holder(api, token).read("/users/me")
    at = await used(db, token["id"])
    async with another_api(database_url) as other:
        await holder(other, token).read("/users/me")
    assert await db.fetchval(LAST_USE, token["id"]) == at
    await db.execute(
        "update sessions set last_used_at = now() - interval '2 minutes' where scope = 'write'"
    )
    early = await db.fetchval(LAST_USE, token["id"])
    async with another_api(database_url) as other:
        await holder(other, token).read("/users/me")
    assert await db.fetchval(LAST_USE, token["id"]) - early > timedelta(minutes=1)


async def test_a_token_that_is_refused_is_not_used(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail when it was noted before the database had known the token."""
    monkeypatch.setattr(Uses, "every_seconds", 0.0)
    anna = await api.user()
    ended, living = await new_token(anna), await new_token(anna)
    forged = ended["token"][:-9] + 9 * "A"
    await anna.delete(f"/auth/tokens/{ended['id']}")
    for token in (ended["token"], forged):
        assert (await holder(api, token).get("/users/me")).status_code == 401
    await holder(api, living).read("/users/me")
    await used(db, living["id"])  # they are written in their order
    assert await db.fetchval(LAST_USE, ended["id"]) is None


async def test_a_use_that_cannot_be_noted_is_in_nobodys_way(api: Api, database_url: str) -> None:
    """The note is held on its way, then lost. Seen to fail when it was waited for."""
    anna = await api.user()
    token = await new_token(anna)
    async with wire_to(database_url) as wire, another_api(wire.url) as other:
        wire.hold_request(b"last_used_at = now()")
        async with asyncio.timeout(PROMISED_SECONDS):  # a note is given up after five
            assert await holder(other, token).read("/users/me") == anna.me
        await asyncio.wait_for(wire.held.wait(), SECONDS_MAX)
        assert await holder(other, token).read("/users/me") == anna.me
        wire.lose_request(b"last_used_at = now()")
        wire.let_go()
        assert (await holder(other, token).get("/boards")).status_code == 200
    assert await moved(anna, api).read("/users/me") == anna.me


READS = ["/users/me", "/users", "/boards", "/tasks", "/columns", "/boards/{board}"]


@pytest.mark.parametrize("path", READS)
async def test_a_read_with_a_token_asks_once(api: Api, db: asyncpg.Connection, path: str) -> None:
    """Seen to fail when the token was looked up on its own."""
    anna = await api.user()
    token, board = await new_token(anna, "read"), await anna.board()
    script = holder(api, token)
    await script.read("/users/me")
    await used(db, token["id"])
    async with asking() as sent:
        await script.read(path.format(board=board["id"]))
    assert len(sent) == 1


async def test_a_write_with_a_token_asks_no_more_often(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when its scope was looked up before."""
    anna = await api.user()
    token, board = await new_token(anna), await anna.board()
    script = holder(api, token)
    await script.read("/users/me")
    await used(db, token["id"])
    async with asking() as sent:
        assert (await script.patch(f"/boards/{board['id']}", title="New")).status_code == 200
    assert len(sent) == 2


async def stream_of(script: Person) -> dict[str, str]:
    return {"authorization": str(script.client.headers["authorization"])}


async def test_the_stream_of_a_token_ends_with_it(api: Api) -> None:
    """Seen to fail when ending a token notified nobody."""
    anna = await api.user()
    token, board = await new_token(anna, "read"), await anna.board()
    sent = await stream_of(holder(api, token))
    async with (
        port_of(api) as address,
        watching(address, api.nobody(), board["id"], **sent) as watch,
    ):
        await rename(anna, board, "Before")
        assert await next_title(watch) == "Before"
        await anna.delete(f"/auth/tokens/{token['id']}")
        async with asyncio.timeout(PROMISED_SECONDS):
            assert await watch.ends() == []


async def test_an_administrators_stream_ends_when_only_the_flag_would_let_it_go_on(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when streams were judged by the account's own flag."""
    anna, root = await api.user(), await promote(db, await api.user())
    board = await anna.board(is_public=True)
    modest = await stream_of(await script_of(root, "read"))
    mighty = await stream_of(await script_of(root, "admin"))
    async with (
        port_of(api) as address,
        watching(address, api.nobody(), board["id"], **modest) as ending,
        watching(address, api.nobody(), board["id"], **mighty) as going_on,
    ):
        await anna.patch(f"/boards/{board['id']}", is_public=False, title="Secret")
        async with asyncio.timeout(PROMISED_SECONDS):
            assert await ending.ends() == []
        assert await next_title(going_on) == "Secret"


async def test_what_an_account_is_does_not_depend_on_the_token(
    api: Api, db: asyncpg.Connection
) -> None:
    root = await promote(db, await api.user())
    shown = await (await script_of(root, "read")).read("/users/me")
    assert shown == {**(root.me or {}), "is_admin": True}


async def test_other_peoples_emails_are_for_the_scope_admin_only(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the flag counted whatever the scope."""
    anna, root = await api.user(), await promote(db, await api.user())
    assert "email" not in await (await script_of(root, "write")).read(f"/users/{anna.id}")
    assert "email" in await (await script_of(root, "admin")).read(f"/users/{anna.id}")


async def test_only_the_scope_admin_makes_accounts_where_registration_is_closed(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    root = await promote(db, await api.user())
    tokens = {scope: await new_token(root, scope) for scope in ("read", "write", "admin")}
    fields = {"username": "new", "email": "new@example.com", "password": "horse battery 9 staple"}
    async with another_api(database_url, registration="closed") as closed:
        answers = {
            scope: (await holder(closed, token).post("/users", **fields)).status_code
            for scope, token in tokens.items()
        }
    assert answers == {"read": 403, "write": 403, "admin": 201}
