"""What every kind of answer tells a browser, whichever layer gives it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from attaching import attached
from audits import failing_at_commit
from doska.http.protocol import HEAD_BYTES_MAX
from doska.identity.avatars import identicon
from people import moved, with_cookie, with_header
from stream_client import watching
from stream_server import port_of
from tokens import new_token

APP = "https://app.example.com"
STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": STRICT,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-site",
}
PICTURE = {
    "cache-control": "public, max-age=3600",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FILE = {
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; sandbox",
}
ASSET = {"cache-control": "public, max-age=86400"}
# What differs, by the kind of answer; all that is not private may be kept.
INSTEAD: dict[str, Json] = {
    "picture": PICTURE,
    "page": {"content-security-policy": PAGE},
    "asset": ASSET,
    "file": FILE,
    "file unchanged": FILE,
    "part of a file": FILE,
}


NO_LOGIN = {"login": "x", "password": "x"}
PREFLIGHT = {"access-control-request-method": "PATCH"}
JSON_TYPE = {"content-type": "application/json"}
NOBODY = "0198c0de-0000-7000-8000-000000000001"


EMPTY = b'{"lists": [], "cards": []}'  # a board of Trello's


@dataclass
class World:
    """Anna with a file on a board, by way of an application that is quick to refuse."""

    anna: Person
    nobody: Person
    board: Json
    file: Json
    tried: str  # where an import is that was tried out
    db: asyncpg.Connection

    @property
    def content(self) -> str:
        return f"/attachments/{self.file['id']}/content"

    @property
    def path(self) -> str:
        return f"/boards/{self.board['id']}"

    async def send(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        return await self.anna.client.request(method, path or self.path, **options)


Answer = Awaitable[httpx.Response]


def asks(method: str, path: str = "", **options: Any) -> Callable[[World], Answer]:
    """Let anna ask; with no path, for her board."""
    return lambda world: world.send(method, path, **options)


async def unchanged(world: World) -> httpx.Response:
    tag = (await world.send("GET")).headers["etag"]
    return await world.send("GET", headers={"if-none-match": tag})


async def unchanged_snapshot(world: World) -> httpx.Response:
    path = f"{world.path}/snapshot"
    tag = (await world.send("GET", path)).headers["etag"]
    return await world.send("GET", path, headers={"if-none-match": tag})


async def unchanged_file(world: World) -> httpx.Response:
    tag = (await world.send("GET", world.content)).headers["etag"]
    return await world.send("GET", world.content, headers={"if-none-match": tag})


async def part(world: World, of: str) -> httpx.Response:
    return await world.send("GET", world.content, headers={"range": f"bytes={of}"})


async def no_room(world: World) -> httpx.Response:
    path = f"/tasks/{world.file['task_id']}/attachments?name=plan.png"
    return await world.send("POST", path, content=b"x")


async def repeated(world: World) -> httpx.Response:
    first, again = [
        await world.send("PATCH", json={}, headers={"idempotency-key": "once"}) for _ in range(2)
    ]
    assert [again.headers["idempotency-replayed"], first.status_code] == ["true", 200]
    return again


async def too_often(world: World) -> httpx.Response:
    await world.send("POST", "/auth/login", json=NO_LOGIN)
    return await world.send("POST", "/auth/login", json=NO_LOGIN)


async def long_head(world: World) -> httpx.Response:
    async with port_of(world.anna.api) as address, httpx.AsyncClient(base_url=address) as client:
        return await client.get("/health/live", headers={"x": "a" * HEAD_BYTES_MAX})


async def never_going_on() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


async def broken(world: World) -> httpx.Response:
    async with failing_at_commit(world.db, "boards"):
        return await world.send("PATCH", json={"title": "x"})


async def busy(world: World) -> httpx.Response:
    async with world.db.transaction():
        await world.db.execute("select from boards where id = $1 for update", world.board["id"])
        return await world.send("PATCH", json={"title": "x"})


async def by_token(world: World) -> httpx.Response:
    token = (await new_token(world.anna))["token"]
    return await with_header(world.anna.api, f"Bearer {token}").get("/auth/tokens")


KINDS: dict[str, tuple[int, Callable[[World], Answer]]] = {
    "object": (200, asks("GET")),
    "list": (200, asks("GET", "/boards")),
    "new": (201, asks("POST", "/boards", json={"title": "x"})),
    "accepted": (202, lambda w: w.send("POST", f"{w.tried}/run", json={})),
    "changed": (200, asks("PATCH", json={"title": "x"})),
    "gone": (204, asks("DELETE")),
    "unchanged": (304, unchanged),
    "snapshot": (200, lambda w: w.send("GET", f"{w.path}/snapshot")),
    "snapshot unchanged": (304, unchanged_snapshot),
    "events": (200, lambda w: w.send("GET", f"{w.path}/events")),
    "tried out": (200, asks("PATCH", json={"title": "x"}, headers={"prefer": "dry-run"})),
    "repeated": (200, repeated),
    "signed out": (204, asks("POST", "/auth/logout")),
    "health": (200, asks("GET", "/health/ready")),
    "to another origin": (200, asks("GET", headers={"origin": APP})),
    "file": (200, lambda w: w.send("GET", w.content)),
    "file unchanged": (304, unchanged_file),
    "part of a file": (206, lambda w: part(w, "1-2")),
    "no such part": (416, lambda w: part(w, "999-")),
    "no room": (507, no_room),
    "no text": (400, asks("PATCH", content=b"\xff", headers=JSON_TYPE)),
    "nobody": (401, lambda w: w.nobody.client.get("/boards")),
    "forged": (401, lambda w: with_cookie(w.anna.api, "x.y.z").client.get("/boards")),
    "wrong password": (401, asks("POST", "/auth/login", json=NO_LOGIN)),
    "for people": (403, by_token),
    "another site": (403, asks("PATCH", json={}, headers={"sec-fetch-site": "cross-site"})),
    "unseen": (404, asks("GET", f"/boards/{NOBODY}")),
    "nowhere": (404, asks("GET", "/nowhere")),
    "no asset": (404, asks("GET", "/docs/nothing.js")),
    "method": (405, asks("PUT", "/health/live")),
    "HEAD": (200, asks("HEAD", "/boards")),
    "HEAD refused": (405, asks("HEAD", "/auth/login")),
    "OPTIONS": (405, asks("OPTIONS", "/boards")),
    "too slow": (408, lambda w: w.send("PATCH", content=never_going_on(), headers=JSON_TYPE)),
    "taken": (409, lambda w: w.send("POST", "/boards", json={"title": "x", "id": w.board["id"]})),
    "trimmed": (410, lambda w: w.send("GET", f"{w.path}/events?after=99")),
    "outdated": (412, asks("PATCH", json={"title": "x"}, headers={"if-match": '"99"'})),
    "too large": (413, asks("PATCH", content=b" " * (2 << 20), headers=JSON_TYPE)),
    "no JSON": (415, asks("PATCH", content=b"x", headers={"content-type": "text/plain"})),
    "invalid": (422, asks("PATCH", json={"title": 1})),
    "too often": (429, too_often),
    "long head": (431, long_head),
    "broken": (500, broken),
    "busy": (503, busy),
    "preflight": (200, asks("OPTIONS", headers={"origin": APP, **PREFLIGHT})),
    "preflight refused": (400, asks("OPTIONS", headers={"origin": "https://x.test", **PREFLIGHT})),
    "picture": (200, lambda w: w.nobody.client.get(f"/users/{w.anna.id}/avatar.svg")),
    "no picture": (404, asks("GET", f"/users/{NOBODY}/avatar.svg")),
    "page": (200, lambda w: w.nobody.client.get("/docs")),
    "script": (200, asks("GET", "/docs/start.js")),
    "asset": (200, asks("GET", "/docs/swagger-ui.css")),
    "document": (200, asks("GET", "/openapi.json")),
}

QUICK_TO_REFUSE = {
    "allowed_origins": APP,
    "max_body_seconds": 0.2,
    "lock_timeout_seconds": 0.1,
    "files_free_gb_min": 1e9,
    "sign_in_attempts_a_minute": 1,
}


@pytest.fixture
async def world(api: Api, db: asyncpg.Connection, database_url: str) -> AsyncIterator[World]:
    anna = await api.user("anna")
    board = await anna.board()
    file = await attached(anna, await anna.task(await anna.column(board)))
    tried = await anna.send("POST", "/imports?dry_run=true", content=EMPTY)
    await api.work_off()
    async with another_api(database_url, **QUICK_TO_REFUSE) as quick:
        yield World(moved(anna, quick), quick.nobody(), board, file, tried.headers["location"], db)


def check(headers: Any, kind: str) -> None:
    expected = {**ALWAYS, **INSTEAD.get(kind, {})}
    assert {name: headers[name] for name in expected} == expected
    assert headers["x-request-id"]
    assert "origin" in headers["vary"].lower()
    assert "server" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_answer_tells_browsers_to_be_careful(world: World, kind: str) -> None:
    """Seen to fail with the layer that adds them inside of those that refuse, and without no-store."""
    status, ask = KINDS[kind]
    answer = await ask(world)
    assert answer.status_code == status
    check(answer.headers, kind)
    is_kept = "public" in answer.headers["cache-control"]
    assert not (is_kept and "set-cookie" in answer.headers)
    assert len(answer.headers.get_list("cache-control")) == 1
    assert len(answer.headers.get_list("content-security-policy")) == 1


def test_every_status_that_an_operation_can_answer_is_among_the_kinds(api: Api) -> None:
    described = {
        int(status)
        for methods in api.app.openapi()["paths"].values()
        for operation in methods.values()
        for status in operation["responses"]
    }
    assert described - {status for status, _ in KINDS.values()} == set()


async def test_a_live_stream_tells_the_same(api: Api) -> None:
    """What a server adds (the date) does no harm."""
    anna = await api.user("anna")
    board = await anna.board()
    async with port_of(api) as address, watching(address, anna, board["id"]) as watch:
        assert watch.status == 200
        assert {name: watch.headers[name] for name in ALWAYS} == ALWAYS


def test_a_picture_holds_no_style_script_or_link() -> None:
    """So that a policy that allows none changes nothing of how it looks."""
    for name in ("anna", "<script>alert(1)</script>", "онна"):
        drawn = identicon(name)
        assert set(re.findall(r"<(\w+)", drawn)) == {"svg", "rect", "g"}
        assert not re.search(r"style|href|script|on\w+=", drawn)
