"""The log of a whole run, at its most talkative: of a real server that everything happens to."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
from fastapi import FastAPI

from api import PASSWORD, Api, Person
from conftest import MANY, emptied
from crowd import kept_secrets, tell_a_story
from faults import Wire, failing, wire_to
from foreign import CANARY
from operations import OPERATIONS, Scene, request, scene
from people import COOKIE
from programs import Served, serving
from tokens import holder, script_of

KEY = "the signing key that nobody may ever read, 4711"
DATABASE_PASSWORD = "the-password-of-the-database-4711"
WRONG, NEW = "a wrong password 4711", "another horse battery 9"
LAST = ("delete_board", "delete_user", "log_out", "change_password")  # they end what others need


class LeavingStreams(httpx.AsyncHTTPTransport):
    """Have whoever opens a stream leave after its first words: it would go on for an hour."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            return response
        words = await anext(response.aiter_raw())
        await response.aclose()
        return httpx.Response(response.status_code, headers=response.headers, content=words)


class FarApi(Api):
    """The same application in a process of its own."""

    def __init__(self, app: FastAPI, url: str) -> None:
        super().__init__(app)
        self._url = url
        self.clients: list[httpx.AsyncClient] = []

    def client(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self._url, timeout=30, transport=LeavingStreams())
        self.clients.append(client)
        return client

    @property
    def credentials(self) -> set[str]:
        """Give what anybody has shown to get in."""
        shown = {client.cookies.get(COOKIE) or "" for client in self.clients}
        shown |= {client.headers.get("authorization", "")[-40:] for client in self.clients}
        return shown - {""}


def password_of(url: str) -> str:
    """Give the database's password; the embedded one asks for none, and takes any."""
    return urlsplit(url).password or DATABASE_PASSWORD


@asynccontextmanager
async def served(
    app: FastAPI, url: str, folder: Path
) -> AsyncIterator[tuple[FarApi, Served, Wire]]:
    """Serve with a database at the other end of a wire."""
    async with wire_to(url) as wire:
        parts = urlsplit(wire.url)
        place = parts.netloc.replace(":@", f":{password_of(url)}@")
        settings = {
            "DATABASE_URL": urlunsplit(parts._replace(netloc=place)),
            "SECRET_KEY": KEY,
            "LOG_LEVEL": "debug",
            "SIGN_IN_ATTEMPTS_A_MINUTE": str(MANY),
            "REQUESTS_A_MINUTE": "0",
            "MIGRATE_ON_START": "false",
            "POOL_MIN": "1",
        }
        with serving(folder / "doska", **settings) as server:
            assert f":{password_of(url)}@" in settings["DATABASE_URL"]
            far = FarApi(app, server.url)
            yield far, server, wire
            for client in far.clients:
                await client.aclose()


async def ask_everything(told: Scene, *people: Person) -> None:
    """Have everybody ask for everything, rightly and wrongly."""
    ordered = sorted(OPERATIONS, key=lambda operation: operation.id in LAST)
    for person in people:
        for operation in ordered:
            asked = request(told, operation)
            asked.person = asked.person if operation.is_public else person
            for name in operation.fields:
                asked.body = {**(request(told, operation).body or {}), name: [WRONG, CANARY]}
                await asked.send(headers={"user-agent": CANARY})
            asked.body = request(told, operation).body
            await asked.send()


async def sign_in_wrongly(api: Api, told: Scene) -> None:
    names = [str((told.owner.me or {})[name]) for name in ("username", "email")]
    for login in (*names, CANARY):
        await api.nobody().post("/auth/login", login=login, password=WRONG)
        await api.nobody().post("/auth/login", login=login, password=[WRONG])
    await told.member.put("/users/me/password", current_password=WRONG, new_password=NEW)
    for forged in ("eyJ.eyJ.eyJ", f"doska_pat_{'A' * 86}"):
        await holder(api, forged).get("/users/me", access_token=forged)


async def break_things(told: Scene, wire: Wire, db: asyncpg.Connection) -> list[int]:
    """Ask while nothing works; tell what was answered."""
    body = {"title": CANARY, "description": CANARY}
    login = {"login": str((told.member.me or {})["username"]), "password": PASSWORD}
    answers: list[Any] = []
    async with failing(db):
        answers.append(await told.member.client.post("/boards", json=body))
    for fail in (wire.lose_request, wire.lose_answer):
        fail()
        answers.append(await told.member.client.post("/boards", json=body))
    await wire.close()
    for path, sent in (("/boards", body), ("/auth/login", login)):
        answers.append(await told.member.client.post(path, json=sent))
    await wire.open()
    return [answer.status_code for answer in answers]


async def test_the_log_of_all_that_can_happen_holds_no_secret(
    app: FastAPI, database_url: str, db: asyncpg.Connection, tmp_path: Path
) -> None:
    async with served(app, database_url, tmp_path) as (api, server, wire):
        told = await scene(api, CANARY)
        await tell_a_story(told)
        script, stranger = await script_of(told.owner, "write"), await api.user()
        secrets = await kept_secrets(db) | api.credentials
        await sign_in_wrongly(api, told)
        broken = await break_things(told, wire, db)
        await ask_everything(told, api.nobody(), stranger, script, told.member, told.owner)
        secrets |= await kept_secrets(db) | api.credentials
    text = "\n".join(server.log)
    secrets |= {
        KEY,
        password_of(database_url),
        PASSWORD,
        WRONG,
        NEW,
        "$argon2",
        "eyJ",
        "doska_pat_",
    }
    assert [secret for secret in (*secrets, CANARY, COOKIE) if secret in text] == []
    assert (len(secrets) > 20, broken[0], broken[-2:]) == (True, 500, [503, 503])
    check_worth(server.log)
    await emptied(db)


def check_worth(log: list[str]) -> None:
    """Check that there was something to find: each operation, and each way to fail."""
    lines = [json.loads(line) for line in log if line.startswith("{")]
    told = {line.get("route") for line in lines}
    assert {operation.path for operation in OPERATIONS} <= told
    assert {line.get("status") for line in lines} >= {200, 401, 403, 404, 422, 500, 503}
    assert {line["event"] for line in lines} >= {"request", "unexpected"}
