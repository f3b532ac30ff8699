"""What stands before each password: from where it comes, and whether it is not too often."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Person
from apps import another_api
from checks import refused
from doska.identity.bucket import Buckets
from logs import audit_of, forget, logging, requests_of
from operations import DOCUMENT
from people import fresh_name
from sign_ins import (
    ATTACKER,
    ELSEWHERE,
    SLACK_SECONDS,
    WRONG,
    at,
    attempt,
    counted,
    fail,
    hashing,
    pass_time,
)
from statements import watching

PROXY, OTHER_PROXY = "10.0.0.1", "10.0.0.2"
TYPED = "needle in the login"
GUARDED = {"log_in", "register", "change_password", "reset_password", "open_invitation"}


@pytest.fixture
async def strict(
    api: Api,  # noqa: ARG001  # empties the tables afterwards
    database_url: str,
) -> AsyncIterator[Api]:
    """An application that lets a source try three times a minute."""
    async with another_api(database_url, sign_in_attempts_a_minute=3) as other:
        yield other


@pytest.fixture
async def behind(
    api: Api,  # noqa: ARG001  # empties the tables afterwards
    database_url: str,
) -> AsyncIterator[Api]:
    """An application behind two proxies."""
    async with another_api(database_url, trusted_proxies=f"{PROXY}, 10.0.0.2/31") as other:
        yield other


async def register(person: Person) -> httpx.Response:
    name = fresh_name("new")
    return await person.post("/users", username=name, email=f"{name}@a.de", password=PASSWORD)


async def test_a_source_that_tries_too_often_is_sent_away_before_all_that_is_costly(
    strict: Api,
) -> None:
    """Seen to fail with the bucket asked after the database."""
    anna = await strict.user("anna")
    for _ in range(3):
        assert (await attempt(at(strict, ATTACKER), password=PASSWORD)).status_code == 200
    change = {"current_password": PASSWORD, "new_password": "another horse battery 9"}
    async with watching() as sent:
        with hashing() as asked:
            for answer in (
                await attempt(at(strict, ATTACKER), password=PASSWORD),
                await register(at(strict, ATTACKER)),
                await at(strict, ATTACKER, anna).put("/users/me/password", **change),
            ):
                refused(answer, 429, "too-many-attempts")
                assert 15 < int(answer.headers["retry-after"]) <= 20
    assert sent == asked == []
    assert (await attempt(at(strict, ELSEWHERE), password=PASSWORD)).status_code == 200


async def test_all_that_hashes_takes_from_the_same_bucket(strict: Api) -> None:
    anna = await register(at(strict, ATTACKER))
    assert anna.status_code == 201
    assert (await attempt(at(strict, ATTACKER))).status_code == 401
    person = at(strict, ATTACKER)
    person.client.cookies = anna.cookies
    wrong = {"current_password": WRONG, "new_password": WRONG}
    assert (await person.put("/users/me/password", **wrong)).status_code == 422
    assert (await person.put("/users/me/password", **wrong)).status_code == 429
    assert (await person.get("/users/me")).status_code == 200


async def test_a_bucket_fills_again_evenly(strict: Api) -> None:
    """Seen to fail with buckets that filled beyond their brim."""
    now = 1000.0
    strict.app.state.buckets.clock = lambda: now
    for seconds, more in ((0, 3), (19.9, 0), (0.2, 1), (40, 2), (3600, 3)):
        now += seconds
        for _ in range(more):
            await fail(at(strict, ATTACKER), login=fresh_name("name"))
        assert (await attempt(at(strict, ATTACKER), password=PASSWORD)).status_code == 429


def test_only_so_many_sources_are_remembered() -> None:
    """Seen to fail with all of them kept, and with the newest forgotten."""
    buckets = Buckets(1, sources_max=2, clock=lambda: 0)
    assert [buckets.take(source) > 0 for source in ("a", "b", "a", "c", "a")] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert len(buckets) == 2
    assert buckets.take("b") == 0


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"])
async def test_no_header_makes_a_stranger_somebody_else(
    api: Api, db: asyncpg.Connection, name: str
) -> None:
    """Seen to fail when X-Forwarded-For was read whoever sent it."""
    await api.user("anna")
    for number in range(5):
        await fail(at(api, ATTACKER, **{name: f"192.0.2.{number}"}))
    await pass_time(db, -SLACK_SECONDS)
    another = at(api, ATTACKER, **{name: "192.0.2.99"})
    assert (await attempt(another, password=PASSWORD)).status_code == 429
    assert await counted(db) == {ATTACKER: [5, 5]}


async def test_a_trusted_proxy_says_who_it_is_but_the_client_does_not(
    behind: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with the leftmost address, which the client writes itself."""
    await behind.user("anna")
    for number in range(5):
        made_up = f"192.0.2.{number}, {ELSEWHERE}, {ATTACKER}, {OTHER_PROXY}"
        await fail(at(behind, PROXY, x_forwarded_for=made_up))
    await pass_time(db, -SLACK_SECONDS)
    attacker = at(behind, OTHER_PROXY, x_forwarded_for=f"192.0.2.99, {ATTACKER}")
    assert (await attempt(attacker, password=PASSWORD)).status_code == 429
    others = at(behind, PROXY, x_forwarded_for=ELSEWHERE)
    assert (await attempt(others, password=PASSWORD)).status_code == 200
    assert await counted(db) == {ATTACKER: [5, 5]}


async def test_several_lines_of_the_header_are_read_as_one(
    behind: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the first line was read alone, which the client writes."""
    lines = [("x-forwarded-for", ELSEWHERE), ("x-forwarded-for", ATTACKER)]
    proxy = at(behind, PROXY)
    body = {"login": "anna", "password": WRONG}
    assert (await proxy.send("POST", "/auth/login", json=body, headers=lines)).status_code == 401
    assert await counted(db) == {ATTACKER: [1, 1]}


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """Give all of an answer but what names the request."""
    problem = {**answer.json(), "request_id": ""}
    headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
    return answer.status_code, problem, headers


async def test_every_failure_looks_alike_and_costs_the_same(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when an unknown login was refused without a hash, or was not counted."""
    await api.user("anna")
    disabled = await api.user("boris")
    await db.execute("update users set is_active = false where id = $1", disabled.id)
    tried = [("anna", WRONG), ("anna@example.com", WRONG), ("nobody", WRONG), ("", WRONG)]
    tried += [("boris", PASSWORD), ("boris", WRONG)]
    answers, costs = [], []
    for number, (login, password) in enumerate(tried):
        async with watching() as sent:
            with hashing() as asked:
                answers.append(told(await attempt(at(api, f"192.0.2.{number}"), login, password)))
        costs.append((sent, asked))
    assert answers == [answers[0]] * len(tried)
    assert answers[0][0] == 401
    assert costs == [costs[0]] * len(tried)
    assert costs[0][1] == ["verify"]
    assert set(map(tuple, (await counted(db)).values())) == {(1, 1)}


async def test_all_who_are_held_back_look_alike(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with one counter for a person's name and e-mail: that told whose it is."""
    await api.user("anna")
    for login in ("anna", "nobody"):
        await fail(at(api, ATTACKER), 5, login)
    await fail(at(api, ATTACKER), login="anna@example.com")
    await pass_time(db, -SLACK_SECONDS)
    held = [told(await attempt(at(api, ATTACKER), login)) for login in ("anna", "nobody")]
    assert held[0] == held[1]
    assert held[0][0] == 429


@pytest.mark.usefixtures("api")
async def test_nothing_typed_is_kept_or_logged(database_url: str, db: asyncpg.Connection) -> None:
    """Seen to fail with logins kept as they were typed, and with one as the reason in the log."""
    async with logging(database_url) as (logged, written):
        await logged.user("anna")
        await fail(at(logged, ATTACKER), login=TYPED)
        await fail(at(logged, ATTACKER), 5, login="anna@example.com")
        await pass_time(db, -SLACK_SECONDS)
        assert (await attempt(at(logged, ATTACKER), "anna@example.com")).status_code == 429
    rows = str(await db.fetch("select * from login_failures"))
    for text in (rows, written.getvalue().decode()):
        found = [word for word in ("needle", "anna", "example.com", WRONG) if word in text]
        assert found == []
    assert ATTACKER in rows


@pytest.mark.usefixtures("api")
async def test_each_sign_in_leaves_a_line_of_audit(
    database_url: str, db: asyncpg.Connection
) -> None:
    async with logging(database_url) as (logged, written):
        anna = await logged.user("anna")
        forget(written)
        await attempt(at(logged, ELSEWHERE), password=PASSWORD)
        await attempt(at(logged, ATTACKER), "nobody")
        await fail(at(logged, ATTACKER), 5)
        await pass_time(db, -SLACK_SECONDS)
        await attempt(at(logged, ATTACKER), password=PASSWORD)
    lines = audit_of(written)
    told = [[line.get(name) for name in ("outcome", "user", "source", "reason")] for line in lines]
    assert told == [
        ["ok", anna.id, ELSEWHERE, None],
        ["failed", None, ATTACKER, "unknown login"],
        *[["failed", anna.id, ATTACKER, "wrong password"]] * 5,
        ["held_back", anna.id, ATTACKER, "too many failures"],
    ]
    assert {line["event"] for line in lines} == {"sign_in"}
    requests = [line["request_id"] for line in requests_of(written)]
    assert [line["request_id"] for line in lines] == requests


def test_the_document_tells_where_one_may_have_to_wait() -> None:
    found = {
        operation["operationId"]: operation["responses"]["429"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        if "TooManyAttempts" in str(operation["responses"].get("429"))
    }
    assert found.keys() == GUARDED
    for answer in found.values():
        assert "Retry-After" in answer["headers"]
