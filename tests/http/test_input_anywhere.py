"""Bad input in every query, header and nested field: 4xx or 2xx, never 5xx, and never echoed."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api import Api, Json
from crowd import Crowd, two_boards
from nested import BATCH, KINDS, body_of, fields_of, good
from operations import OPERATIONS, Operation, Request, request

MARK = "marker4711"
LONG = MARK + "x" * 60_000  # httpx sends no longer address
INVISIBLE = f"\u202e\u2066\u200b\ufeff{MARK}\u0301\U0001f469\u200d\U0001f4bb"
TEXTS = (
    "", " ", "\t\n", "\x00", f"{MARK}\x00", INVISIBLE, LONG, MARK, f"{MARK}\u2028", "1e400", "NaN",
    "-1", str(2**31), str(2**63), str(2**70), "9" * 5000, "[]", "{}", "null", "٣", "'; --", "$0.id",
    f"{MARK}%00%ff", "../" * 50, "0198c0de-0000-7000-8000-000000000001", "infinity",
)  # fmt: skip
JSON = (
    *(json.dumps(text) for text in ("", " ", f"{MARK}\x00", INVISIBLE, LONG, MARK, "1", "$0.id")),
    f'"{MARK}\\ud800"', "null", "true", "NaN", "1e400", "-0.0", "9" * 5000, str(2**63), "[]", "{}",
    f'["{MARK}"]', f'{{"x": "{MARK}"}}', "[null]", "[" * 500 + "]" * 500,
    f'{{"op": "delete_task", "task_id": "{MARK}"}}', '{"a":' * 500 + "1" + "}" * 500,
)  # fmt: skip
HEADERS = (
    b"", b" ", b"\x00", b"\xff\xfe", "жанна".encode(), MARK.encode(), b'"' + MARK.encode(), b"*, *",
    b'W/"', b'"1"' * 500, b"-1", b"9" * 5000, b"\x7f\x1b[31m" + MARK.encode(), LONG.encode(),
    b'"\xc2\xa0"', b"%00", b"1e400", b"en;q=nan, *;q=1e400", b",,,,", b"dry-run; " + MARK.encode(),
)  # fmt: skip


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[Crowd]:
    async with two_boards(Api(app), database_url) as made:
        await made.restore()
        yield made


def check(answer: httpx.Response, what: str) -> None:
    """It is done, or refused in a problem document that tells nothing of what was sent."""
    assert answer.status_code < 500, f"{what}: {answer.text}"
    if answer.is_client_error:
        assert answer.headers["content-type"] == "application/problem+json", what
        assert MARK not in answer.text, f"{what}: {answer.text[:500]}"


async def tried(world: Crowd, asked: Request, what: str, **more: Any) -> None:
    """Send it; what it has done is put right."""
    cookies = httpx.Cookies(dict(asked.person.client.cookies))
    answer = await asked.send(**more)
    check(answer, what)
    asked.person.client.cookies = cookies
    if answer.is_success and asked.operation.is_writing:
        await world.restore()


QUERIES = [operation for operation in OPERATIONS if operation.parameters("query")]


@pytest.mark.parametrize("operation", QUERIES, ids=str)
async def test_whatever_stands_in_a_query(world: Crowd, operation: Operation) -> None:
    for parameter in operation.parameters("query"):
        name, good_query = parameter["name"], request(world.own, operation).query
        for text in TEXTS:
            asked = request(world.own, operation)
            asked.query = {**good_query, name: text}
            await tried(world, asked, f"{name}={text[:40]!r}")


WORST = (b"\x00", b"\xff\xfe", b'"' + MARK.encode(), b"9" * 5000, LONG.encode())
SAMPLE = ("create_task", "read_task", "read_snapshot", "list_events", "list_activity")
ALWAYS = ("accept", "content-type", "user-agent", "host", "range", "x-forwarded-for", "origin")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_whatever_stands_in_a_header(world: Crowd, operation: Operation) -> None:
    """In all of those that anything reads with a sample; the worst of it everywhere."""
    is_chosen = operation.id in SAMPLE
    described = [parameter["name"] for parameter in operation.parameters("header")]
    for name in (*described, *(ALWAYS if is_chosen else ())):
        for value in HEADERS if is_chosen else WORST:
            headers: Any = {name: value}
            what = f"{name}: {value[:40]!r}"
            await tried(world, request(world.own, operation), what, headers=headers)


def spoilt(operation: Json, *path: str) -> Iterator[tuple[str, bytes]]:
    """Write a batch of one operation with each bad value in the place of one member's."""
    whole: Json = {"operations": [json.loads(json.dumps(operation))]}
    at: Json = whole["operations"][0]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = "here it goes"
    for raw in JSON:
        yield raw, json.dumps(whole).replace('"here it goes"', raw).encode()


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_stands_inside_a_batch(world: Crowd, kind: str) -> None:
    fine, ids = good(world.own, kind), world.own.ids
    paths = [(name,) for name in fields_of(kind)] + [("body", name) for name in body_of(kind)]
    for path in paths:
        for raw, content in spoilt(fine, *path):
            asked = Request(BATCH, world.own.owner, ids, {}, None)
            await tried(world, asked, f"{path}: {raw[:60]}", content=content)
