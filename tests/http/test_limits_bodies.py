"""How long and how deep what is sent may be: what is at the limit is read, one beyond is refused."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from operations import SCHEMAS, WITH_BODY, Operation, request, scene
from people import moved

DEPTH = 20
TEXTS: dict[str, Callable[[int], str]] = {
    "email": lambda size: "a" * (size - 12) + "@example.com",
    "avatar_url": lambda size: "https://example.com/".ljust(size, "x"),
}


def limits_of(schema: Json) -> Iterator[tuple[str, int]]:
    """Find the limits of a property: the keyword, and the number."""
    if "$ref" in schema:
        yield from limits_of(SCHEMAS[schema["$ref"].rsplit("/", 1)[1]])
    for kind in schema.get("anyOf", ()):
        yield from limits_of(kind)
    for keyword in ("maxLength", "maxItems", "maximum"):
        if keyword in schema:
            yield keyword, int(schema[keyword])


def value_of(name: str, keyword: str, size: int, usual: Any) -> Any:
    """Make a value of this size."""
    if keyword == "maximum":
        return size
    if keyword == "maxItems":
        return [usual[0]] * size
    return TEXTS[name](size) if name in TEXTS else "x" * size


LIMITED = [
    pytest.param(operation, name, *limit, id=f"{operation} {name}")
    for operation in WITH_BODY
    for name, schema in operation.fields.items()
    for limit in limits_of(schema)
]


@pytest.mark.parametrize(("operation", "name", "keyword", "limit"), LIMITED)
async def test_a_value_at_its_limit_is_read_and_one_beyond_is_refused(
    api: Api, operation: Operation, name: str, keyword: str, limit: int
) -> None:
    """And the limit is named. Seen to fail with limits that only the documentation had."""
    good = request(await scene(api, "own"), operation)
    assert good.body
    usual = good.body.get(name)
    for size in (limit, limit + 1):
        good.body = {**good.body, name: value_of(name, keyword, size, usual)}
        answer = await good.send()
        errors = answer.json().get("errors", []) if answer.status_code == 422 else []
        found = [e for e in errors if e["pointer"] == f"/body/{name}" and "limit" in e]
        assert [e["limit"] for e in found] == ([] if size == limit else [limit]), answer.text
        assert all(str(limit) in e["message"] for e in found)


async def send_deep(person: Person, path: str, depth: int, where: str) -> httpx.Response:
    """Send an object that is so deep altogether."""
    inner = "[" * (depth - 1) + "]" * (depth - 1)
    if where == "objects":
        inner = '{"a":' * (depth - 1) + "1" + "}" * (depth - 1)
    content = f'{{"title": "{{[" , "x": {inner}}}'
    return await person.send(
        "POST", path, content=content, headers={"content-type": "application/json"}
    )


@pytest.mark.parametrize("where", ["lists", "objects"])
@pytest.mark.parametrize("path", ["/boards", "/tasks", "/auth/login", "/users", "/auth/tokens"])
async def test_json_is_read_to_its_greatest_depth_and_no_deeper(
    api: Api, path: str, where: str
) -> None:
    """By all who read it. Seen to fail with one level more, and without FastAPI's own reading."""
    anna = await api.user()
    assert (await send_deep(anna, path, DEPTH, where)).status_code == 422
    for depth in (DEPTH + 1, 500, 5_000, 100_000):
        answer = await send_deep(anna, path, depth, where)
        assert answer.status_code == 400, answer.text
        assert (answer.json()["type"], answer.json()["limit"]) == ("/problems/too-deep", DEPTH)


async def test_many_brackets_side_by_side_are_not_deep(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    operations = [{"op": "create_column", "body": {"title": "[{[{"}}] * 40
    answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations)
    assert answer.status_code == 200, answer.text


async def test_the_depth_is_a_setting(api: Api, database_url: str) -> None:
    anna = await api.user()
    async with another_api(database_url, max_json_depth=30) as other:
        here = moved(anna, other)
        assert (await send_deep(here, "/boards", 30, "lists")).status_code == 422
        assert (await send_deep(here, "/boards", 31, "lists")).status_code == 400


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_body_at_its_limit_is_read_and_one_byte_beyond_is_refused(
    api: Api, database_url: str, *, is_told: bool
) -> None:
    """Whether its length is told before or not."""
    anna = await api.user()
    async with another_api(database_url, max_body_bytes=2048) as other:
        here = moved(anna, other)
        for size, status in ((2048, 201), (2049, 413)):
            content = json.dumps({"title": "Website"}).ljust(size).encode()
            answer = await here.send(
                "POST",
                "/boards",
                content=content if is_told else _in_parts(content),
                headers={"content-type": "application/json"},
            )
            assert answer.status_code == status, answer.text
            assert answer.json().get("limit") == (2048 if status == 413 else None)


async def _in_parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]
