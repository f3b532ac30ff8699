"""What no answer and no line of the log may hold."""

from collections.abc import Iterator

import asyncpg
import pytest

from api import PASSWORD, Api, Json
from faults import failing
from logs import lines_of, logging, requests_of
from operations import DOCUMENT, OPERATIONS, SCHEMAS, Operation, request, scene
from people import another_device, claims_of, moved, token_of, with_header
from tokens import holder, new_token

NEW_PASSWORD = "another horse battery 9"
HASHES = "select password_hash from users where password_hash is not null"  # null of who is gone
FORBIDDEN_NAMES = ("password", "hash", "token", "secret", "session")


def names_in(schema: Json, seen: set[str]) -> Iterator[str]:
    """Name every property that an answer of this schema can have, at any depth."""
    if reference := schema.get("$ref"):
        name = reference.rsplit("/", 1)[1]
        if name not in seen:
            seen.add(name)
            yield from names_in(SCHEMAS[name], seen)
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from names_in(inner, seen)
    items = [schema["items"]] if schema.get("items") else []
    for inner in [*schema.get("anyOf", []), *schema.get("allOf", []), *items]:
        yield from names_in(inner, seen)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_no_answer_is_described_with_a_secret(operation: Operation) -> None:
    answers = [
        content["schema"]
        for answer in operation.described["responses"].values()
        for content in answer.get("content", {}).values()
    ]
    names = {name for answer in answers for name in names_in(answer, set())}
    names -= {"token"} if operation.id == "create_token" else set()
    names -= {"password_chars_min"} if operation.id == "read_about" else set()  # a length
    assert not [name for name in names for word in FORBIDDEN_NAMES if word in name]


def test_an_account_is_described_with_its_email() -> None:
    """Else the test above would see nothing."""
    assert {"email", "username", "id"} <= set(names_in({"$ref": "#/x/AccountOut"}, set()))


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_no_answer_holds_a_secret(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    own = await scene(api, "own")
    asked = request(own, operation)
    answer = await asked.send()
    assert answer.is_success
    others = [str((person.me or {})["email"]) for person in (own.member, own.friend)]
    hashes = [row["password_hash"] for row in await db.fetch(HASHES)]
    secrets = [*others, *hashes, "$argon2", PASSWORD, NEW_PASSWORD, "eyJ", "password"]
    text = answer.text
    text = text.replace("password_chars_min", "") if operation.id == "read_about" else text
    if operation.id == "create_token":  # which is shown this once, and may have any letters in it
        text = text.replace(answer.json()["token"], "")
    if operation.id in ("create_password_link", "create_invitation"):  # so are links
        text = text.replace(answer.json()["url"], "")
    assert not [secret for secret in secrets if secret in text]
    assert "doska_pat_" not in text
    if operation.id != "list_sessions":
        assert own.ids["session_id"] not in answer.text
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    assert "eyJ" not in str(headers)


async def test_email_is_not_shown_beside_what_people_do(api: Api) -> None:
    own = await scene(api, "own")
    board, task = f"/boards/{own.ids['board_id']}", f"/tasks/{own.ids['task_id']}"
    for path in (board, f"{board}/users", f"{board}/columns", task, "/tasks", "/users"):
        text = (await own.member.get(path)).text
        assert str((own.owner.me or {})["email"]) not in text


@pytest.mark.usefixtures("api")
async def test_the_log_has_one_line_a_request_that_tells_what_was_asked(
    database_url: str,
) -> None:
    async with logging(database_url) as (logged, written):
        anna = await logged.user("anna")
        written.truncate(written.seek(0))
        answer = await anna.get(f"/users/{anna.id}")
        (line,) = lines_of(written)
    expected = {"event": "request", "level": "info", "method": "GET", "status": 200}
    expected |= {"route": "/users/{user_id}", "user": anna.id}
    assert expected.items() <= line.items()
    assert line["request_id"] == answer.headers["x-request-id"]
    assert 0 < line["ms"] < 10_000
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/tasks?q=needle", "/tasks", 401),
        ("GET", "/needle", None, 404),
        ("PUT", "/health/live", "/health/live", 405),
        ("GET", "/users/needle/avatar.svg", "/users/{user_id}/avatar.svg", 422),
    ],
)
async def test_the_log_tells_of_refusals_too_but_not_what_was_sent(
    database_url: str, method: str, path: str, route: str | None, status: int
) -> None:
    async with logging(database_url) as (logged, written):
        nobody = logged.nobody()
        nobody.client.headers["user-agent"] = "needle"
        await nobody.send(method, path)
        (line,) = lines_of(written)
    assert (line["status"], line["user"]) == (status, None)
    assert line["route"] == route
    assert b"needle" not in written.getvalue()


@pytest.mark.usefixtures("api")
async def test_the_log_holds_no_password_cookie_or_token(database_url: str) -> None:
    async with logging(database_url) as (logged, written):
        anna = await logged.user("anna")
        token = token_of(anna)
        phone = await another_device(logged, anna)
        await with_header(logged, f"Bearer {token}").get("/users/me", token=token)
        await anna.post("/auth/login", login="anna", password="a wrong password")
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        await anna.put("/users/me/password", **change)
        await anna.put("/users/me/password", **{**change, "new_password": "short 1"})
        await anna.post("/users", username="x", email="x", password=PASSWORD)
        await phone.get("/users/me")
        await anna.post("/auth/logout")
    text = written.getvalue().decode()
    assert len(lines_of(written)) >= 10
    secrets = [PASSWORD, NEW_PASSWORD, "a wrong password", "short 1", "eyJ", token[-20:], "$argon2"]
    secrets += ["doska_session", "anna@example.com"]
    assert not [secret for secret in secrets if secret in text]
    assert claims_of(token)["sid"] not in str(requests_of(written))  # the audit names it


@pytest.mark.usefixtures("api")
async def test_the_log_holds_no_access_token_and_names_nobody_that_one_only_claims(
    database_url: str,
) -> None:
    """Seen to fail when a forged token's user went into the line before it was refused."""
    async with logging(database_url) as (logged, written):
        anna = await logged.user("anna")
        token = (await new_token(anna))["token"]
        forged = token[:-9] + 9 * "A"
        written.truncate(written.seek(0))
        for sent in (token, forged):
            await holder(logged, sent).get("/users/me")
            await holder(logged, sent).post("/boards", title=1)
            await holder(logged, sent).get("/auth/tokens")
        lines = requests_of(written)
    text = written.getvalue().decode()
    users = [(line["status"], line["user"]) for line in lines]
    good = [(200, anna.id), (422, None), (403, anna.id)]
    assert users == [*good, (401, None), (422, None), (401, None)]
    assert not [part for part in (token[10:40], token[40:70], forged[-40:]) if part in text]


async def test_what_nobody_expected_is_told_to_the_log_only(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the log tells the error in the error's own words.

    And when the answer went round the layer that adds the headers of all others.
    """
    anna = await api.user("anna")
    async with logging(database_url) as (logged, written), failing(db):
        answer = await moved(anna, logged).client.post("/boards", json={"title": "needle"})
        unexpected, line = lines_of(written)
    problem = {"type": "/problems/internal-error", "status": 500}
    problem |= {"title": "Something went wrong on our side."}
    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {**problem, "request_id": answer.headers["x-request-id"]}
    assert (unexpected["event"], unexpected["sqlstate"]) == ("unexpected", "P0001")
    assert unexpected["request_id"] == line["request_id"] == answer.json()["request_id"]
    assert (line["route"], line["status"]) == ("/boards", 500)
    assert b"needle" not in written.getvalue()


def test_every_operation_is_looked_at() -> None:
    assert len(OPERATIONS) == sum(len(methods) for methods in DOCUMENT["paths"].values()) > 40
