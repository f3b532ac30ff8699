"""A password that was right when it was looked at, and is not any more."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api
from checks import refused
from logs import audit_of, logging
from matrix_rival import waiting_for
from people import another_device

NEW_HASH = "update users set password_hash = 'another' where id = $1"
OVERTAKERS = {
    "a new password": NEW_HASH,
    "a disabled account": "update users set is_active = false where id = $1",
}
LOCK = "select from users where id = $1 for no key update"
CHANGE = {"current_password": PASSWORD, "new_password": "another horse battery 9"}

Answer = asyncio.Task[httpx.Response]


@asynccontextmanager
async def overtaken(
    rival: asyncpg.Connection, sql: str, user_id: str, write: Coroutine[Any, Any, httpx.Response]
) -> AsyncIterator[Answer]:
    """Change the user in a transaction that ends, with the block, when ``write`` waits for it."""
    async with rival.transaction():
        await rival.execute(sql, user_id)
        yield await waiting_for(rival, write)


@pytest.mark.parametrize("overtaker", OVERTAKERS)
async def test_what_overtakes_a_sign_in_is_told_of_no_session(
    api: Api, db: asyncpg.Connection, overtaker: str
) -> None:
    """Else whoever had the old password would stay, for 30 days.

    Seen to fail when the sign-in was begun by what had been read before the password was hashed.
    """
    anna = await api.user("anna")
    trying = api.nobody().post("/auth/login", login="anna", password=PASSWORD)
    async with overtaken(db, OVERTAKERS[overtaker], anna.id, trying) as answer:
        pass
    refused(await answer, 401, "wrong-credentials")
    assert await db.fetchval("select count(*) from sessions") == 1


async def test_a_password_is_changed_by_the_one_that_there_is_now(
    api: Api, db: asyncpg.Connection
) -> None:
    """Two at once that know the old one: the second is refused. Seen to fail without the look."""
    anna = await api.user("anna")
    changing = anna.send("PUT", "/users/me/password", json=CHANGE)
    async with overtaken(db, NEW_HASH, anna.id, changing) as answer:
        pass
    refused(await answer, 422, "invalid")
    assert await db.fetchval("select password_hash from users") == "another"


async def test_a_sign_in_that_was_ended_meanwhile_changes_no_password(
    api: Api, db: asyncpg.Connection
) -> None:
    """Else a thief who is being thrown out could still take the account.

    Seen to fail when the sign-in was not judged again under the lock.
    """
    anna = await api.user("anna")
    thief = await another_device(api, anna, PASSWORD)
    before = await db.fetchval("select password_hash from users")
    changing = thief.send("PUT", "/users/me/password", json=CHANGE)
    async with overtaken(db, LOCK, anna.id, changing) as answer:
        await db.execute("update sessions set revoked_at = now()")
    refused(await answer, 401, "unauthenticated")
    assert await db.fetchval("select password_hash from users") == before


@pytest.mark.usefixtures("api")
async def test_what_was_overtaken_is_told_as_failed(
    db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail with lines of failures that wait for a commit, too."""
    async with logging(database_url) as (logged, written):
        anna = await logged.user("anna")
        trying = logged.nobody().post("/auth/login", login="anna", password=PASSWORD)
        async with overtaken(db, NEW_HASH, anna.id, trying) as answer:
            pass
        refused(await answer, 401, "wrong-credentials")
    line = audit_of(written)[-1]
    assert (line["event"], line["outcome"], line["user"]) == ("sign_in", "failed", anna.id)
