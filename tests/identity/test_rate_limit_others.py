"""Whose requests count: nobody uses up what is another's. And how streams and browsers are told."""

import asyncpg
import pytest

from api import Api
from apps import another_api
from checks import refused
from doska.identity.quotas import Quotas
from forgeries import FORGERIES
from operations import DOCUMENT, OPERATIONS, Operation, request, scene
from people import another_device, moved
from quotas import TAKEN, answered, limited, told
from stream_client import watching
from stream_scene import another_port, board_of
from tokens import holder, new_token

LIMIT = 5
STREAM = {"accept": "text/event-stream"}
ORIGIN = "https://app.example.com"
SIGNED_IN = [operation for operation in OPERATIONS if not operation.is_public]


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_uses_up_nothing(
    api: Api, db: asyncpg.Connection, database_url: str, name: str
) -> None:
    """Neither before its owner has asked nor after. Seen to fail when what it says was counted."""
    anna, boris = await api.user(), await api.user()
    own, other = (await new_token(anna))["token"], (await new_token(boris))["token"]
    async with limited(database_url, anna, 100) as here:
        forged = holder(here.api, FORGERIES[name](own, other))
        for asked in (1, 2):
            for _ in range(5):
                answer = await forged.get("/users/me")
                refused(answer, 401, "unauthenticated")
                assert "ratelimit" not in answer.headers
            assert told(await here.get("/users/me"))[0] == 100 - asked
    assert await db.fetchval(TAKEN) == 5  # one part


@pytest.mark.parametrize("is_known", [False, True])
async def test_a_sign_in_that_has_ended_draws_on_nothing(
    api: Api, database_url: str, *, is_known: bool
) -> None:
    """One that was good a moment ago draws once. Seen to fail when it went on drawing."""
    anna = await api.user()
    thief = await another_device(api, anna)
    async with limited(database_url, anna, 100) as here:
        stolen = moved(thief, here.api)
        if is_known:
            assert told(await stolen.get("/users/me"))[0] == 99
        session = next(s for s in await anna.items("/auth/sessions") if not s["is_current"])
        assert (await anna.delete(f"/auth/sessions/{session['id']}")).status_code == 204
        for _ in range(10):
            answer = await stolen.get("/users/me")
            refused(answer, 401, "unauthenticated")
            assert "ratelimit" not in answer.headers
        drawn = 2 if is_known else 0
        assert told(await here.get("/users/me"))[0] == 100 - drawn - 1


async def test_who_is_used_up_learns_of_it_only_when_signed_in(api: Api, database_url: str) -> None:
    """Seen to fail when what a token says was looked up before the token was judged."""
    anna = await api.user()
    token = (await new_token(anna))["token"]
    async with limited(database_url, anna, LIMIT) as here:
        assert await answered(here, LIMIT + 1) == LIMIT
        refused(await holder(here.api, token).get("/boards"), 429, "too-many-requests")
        refused(await holder(here.api, token[:-9] + 9 * "A").get("/boards"), 401, "unauthenticated")


async def test_opening_a_stream_counts_once(api: Api, database_url: str) -> None:
    anna, board = await board_of(api)
    async with another_port(database_url, requests_a_minute=2) as (address, other):
        here = moved(anna, other)
        async with watching(address, anna, board["id"]) as watch:
            assert watch.headers["ratelimit"].startswith('"user";r=1;')
            assert told(await here.get("/users/me"))[0] == 0
            answer = await here.send("GET", f"/boards/{board['id']}/events", headers=STREAM)
            refused(answer, 429, "too-many-requests", limit=2)


async def test_a_browser_application_may_read_what_is_left(api: Api, database_url: str) -> None:
    anna = await api.user()
    async with another_api(database_url, requests_a_minute=LIMIT, allowed_origins=ORIGIN) as other:
        answer = await moved(anna, other).send("GET", "/users/me", headers={"origin": ORIGIN})
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)


@pytest.mark.parametrize("operation", SIGNED_IN, ids=str)
async def test_each_operation_counts_once(api: Api, operation: Operation) -> None:
    """Seen to fail when what is judged by the board's role was counted twice."""
    wanted, usual = request(await scene(api, "own"), operation), api.app.state.quotas
    api.app.state.quotas = Quotas(LIMIT)
    try:
        answer = await wanted.send()
    finally:
        api.app.state.quotas = usual
    assert answer.is_success, answer.text
    assert told(answer)[0] == LIMIT - 1


@pytest.mark.parametrize("operation", SIGNED_IN, ids=str)
def test_the_documentation_tells_of_it(operation: Operation) -> None:
    answers = operation.described["responses"]
    refusal = answers["429"]
    (example,) = [
        e["value"]
        for e in refusal["content"]["application/problem+json"]["examples"].values()
        if e["value"]["type"] == "/problems/too-many-requests"
    ]
    assert example["limit"] == 600
    assert "Retry-After" in refusal["headers"]
    told_in = [
        status for status, answer in answers.items() if "RateLimit" in answer.get("headers", {})
    ]
    assert {s for s in answers if s[0] == "2"} | {"429"} <= set(told_in)
    assert DOCUMENT["components"]["headers"].keys() == {"RateLimit", "RateLimit-Policy"}
