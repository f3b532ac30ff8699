"""Sessions and access tokens that have ended: gone a day later, and nobody notices."""

import asyncpg
import pytest

from api import Api, Person
from checks import refused
from doska.identity import ending
from people import another_device
from tokens import holder, new_token

REVOKED = "update sessions set revoked_at = revoked_at - interval '25 hours'"
EXPIRED = "update sessions set expires_at = now() - $2 * interval '1 hour' where id = $1"
COUNT = "select count(*) from sessions"


async def answers_of(ended: list[Person], living: list[Person]) -> list[object]:
    """Ask whatever there is to ask about sessions, by each."""
    for person in ended:
        refused(await person.get("/users/me"), 401, "unauthenticated")
    lists = ("/users/me", "/auth/sessions", "/auth/tokens")
    first = [await living[0].read(path) for path in lists]
    for token in first[-1]["items"]:
        del token["last_used_at"]
    return [*first, *[await person.read("/users/me") for person in living[1:]]]


@pytest.mark.parametrize("at_once", [1, 2, 2000])
async def test_what_has_ended_is_swept_and_what_is_valid_stays(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """In many steps or one. Seen to fail when valid ones, or those of an hour ago, were removed."""
    monkeypatch.setattr(ending, "SESSIONS_AT_ONCE", at_once)
    anna = await api.user()
    for_ever, ended = await new_token(anna), await new_token(anna)
    passing = await new_token(anna, expires_at="2100-01-01T00:00:00Z")
    phone, tablet = await another_device(api, anna), await another_device(api, anna)
    await anna.delete(f"/auth/tokens/{ended['id']}")
    await tablet.post("/auth/logout")
    late = [tablet, holder(api, ended), holder(api, passing)]
    await db.execute(EXPIRED, passing["id"], 0)
    before = await answers_of(late, [anna, phone, holder(api, for_ever)])
    count = await db.fetchval(COUNT)
    work = ending.handlers()[ending.NIGHTLY]
    assert await work({})
    assert await db.fetchval(COUNT) == count  # nothing has been over for a day
    await db.execute(REVOKED)
    assert await work({})
    assert await db.fetchval(COUNT) == count - 2
    await db.execute(EXPIRED, passing["id"], 25)
    assert await work({})
    assert await db.fetchval(COUNT) == count - 3
    assert await answers_of(late, [anna, phone, holder(api, for_ever)]) == before
