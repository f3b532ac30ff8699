"""Every way in which a browser can say where a request comes from, against the rule in words."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api import Api
from apps import another_api
from crowd import Crowd, two_boards
from operations import OPERATIONS, Operation, request
from origins import APP, LOCAL
from people import moved

OWN = "http://localhost:8000"
OWN_BY_HTTPS = "https://localhost:8000"  # behind a proxy nobody here can know which it is
SITES = (
    None, "cross-site", "same-site", "same-origin", "none", "", "SAME-ORIGIN", "same-origin, none",
    "nonsense", " none", "same-origin;x",
)  # fmt: skip
LOOKALIKES = (
    "null", "", " ", "https://app.example.com.evil.example", "https://evil-app.example.com",
    "https://app.example.com:8443", "https://app.example.com:443", "http://app.example.com",
    "https://APP.example.com", "HTTPS://app.example.com", "https://app.example.com.",
    "https://app.example.com/", "https://app.example.com?", "https://app.example.com#",
    "https://user@app.example.com", "https://app.example.com@evil.example", f"{APP} {APP}",
    "https://xn--pp-xka.example.com", "https://äpp.example.com".encode("latin-1"),
    "https://app.example.com\x00", "https://app.example.com\t", "//app.example.com",
    "app.example.com", "https://localhost:8000.", "http://localhost", "http://localhost:80",
    "http://localhost:80000", "http://localhost:8000.evil.example", "http://127.0.0.1:8000",
    "http://[::1]:8000", "http://[", "http://localhost:8000@evil.example", "file://", "*",
    "http://evil.example?localhost:8000", "http://evil.example/localhost:8000",
)  # fmt: skip
ORIGINS: tuple[str | bytes | None, ...] = (None, OWN, OWN_BY_HTTPS, APP, LOCAL, *LOOKALIKES)


def may_pass(site: str | None, origin: str | bytes | None) -> bool:
    """The rule of the design: a browser's word for it, or an origin that is known, or no browser."""
    if site in ("same-origin", "none") or origin in (OWN, APP, LOCAL):
        return True
    return site is None and origin in (None, OWN_BY_HTTPS)


WORST = (
    "null", "https://app.example.com.evil.example", "https://evil-app.example.com",
    "http://app.example.com", "https://app.example.com:8443", "https://APP.example.com", OWN,
)  # fmt: skip
SAMPLE_IDS = ("update_task", "run_batch", "register", "create_token", "log_in")
SAMPLE = [operation for operation in OPERATIONS if operation.id in SAMPLE_IDS]


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[Crowd]:
    async with two_boards(Api(app), database_url) as made:
        yield made


@pytest.fixture
async def listed(world: Crowd, database_url: str) -> AsyncIterator[Api]:
    async with another_api(database_url, allowed_origins=f"{APP},{LOCAL}") as other:
        yield other
    await world.restore()


async def ask(world: Crowd, listed: Api, operation: Operation, **said: Any) -> httpx.Response:
    """Ask, well if it is to be refused; else with half a body, so that nothing comes of it."""
    site, origin = said.get("sec-fetch-site"), said.get("origin")
    asked = request(world.own, operation)
    asked.person = listed.nobody() if operation.is_public else moved(asked.person, listed)
    headers = {name: value for name, value in said.items() if value is not None}
    content = b"{" if may_pass(site, origin) else None
    return await asked.send(content, headers)


@pytest.mark.parametrize("operation", SAMPLE, ids=str)
async def test_who_is_served_is_what_the_rule_says(
    world: Crowd, listed: Api, operation: Operation
) -> None:
    before = await world.rows()
    for site, origin in product(SITES, ORIGINS):
        answer = await ask(world, listed, operation, **{"sec-fetch-site": site, "origin": origin})
        is_refused = answer.json().get("type") == "/problems/cross-site"
        assert is_refused is not may_pass(site, origin), f"{site} {origin!r}"
        assert answer.status_code == (403 if is_refused else 422)
        shown = answer.headers.get("access-control-allow-origin")
        assert shown == (origin if origin in (APP, LOCAL) else None), f"{origin!r}"
    assert await world.rows() == before


async def test_no_lookalike_is_told_that_it_may_read_or_write(world: Crowd, listed: Api) -> None:
    nobody = listed.nobody().client
    for operation in OPERATIONS:
        url = operation.path.format(**request(world.own, operation).path)
        method = operation.method.upper()
        for origin in (*WORST, APP):
            headers = {"origin": origin, "access-control-request-method": method}
            asked = await nobody.options(url, headers=headers)
            answer = await nobody.request(method, url, headers={"origin": origin})
            told = {"access-control-allow-origin"} & {*asked.headers, *answer.headers}
            assert bool(told) is asked.is_success is (origin == APP), f"{operation} {origin}"
