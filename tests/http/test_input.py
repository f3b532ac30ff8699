"""Bad input, in every field of every body: refused, not echoed, and nothing is changed."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from api import Api, Json
from checks import refused
from operations import SCHEMAS, WITH_BODY, Operation, Request, all_rows, request, scene

CANARY = "canary-4711"
SERVER_OWNED = (
    "id", "version", "role", "is_admin", "is_active", "board_id", "column_id", "task_id", "user_id",
    "session_id", "seq", "key", "number", "rank", "author", "author_id", "actor", "actor_id",
    "creator_id", "owner_id", "created_at", "updated_at", "completed_at", "archived_at",
    "joined_at", "password_hash", "task_number", "changes", "__class__", "$where", CANARY,
)  # fmt: skip

NUMBERS = ("2147483648", "9223372036854775808", str(2**70), "-1", "1.5", "1e400", "9" * 5000)
NEVER_RIGHT = (*NUMBERS, "NaN", "Infinity", "-Infinity", "{}", f'{{"{CANARY}": 1}}', "[[[]]]")
BAD_TEXTS = tuple(f'"{CANARY}{bad}"' for bad in (r"\u0000", r"\ud800", r"\udfff\ud800"))
CONTROLS = tuple(f'"{CANARY}{bad}"' for bad in (r"\u0001", r"\u0007", r"\u001b", r"\u007f"))
FREE_TEXTS = {"password", "current_password", "new_password"}  # compared, never shown

WRONG_TYPE = {
    "string": ("7", "true", f'["{CANARY}"]'),
    "integer": ('"1"', f'"{CANARY}"', "true", "1.5", "0"),
    "boolean": ('"true"', f'"{CANARY}"', "1", "0", '"on"', "[]"),
    "array": (
        f'"{CANARY}"',
        "[7]",
        "[null]",
        r'["\u0000"]',
        f'[["{CANARY}"]]',
        "[" + "1," * 99 + "1]",
    ),
}


def kinds(schema: Json) -> set[str]:
    """Tell which JSON types a property can have."""
    if "$ref" in schema:
        return kinds(SCHEMAS[schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema or "allOf" in schema:
        return set().union(*map(kinds, schema.get("anyOf") or schema["allOf"]))
    return {schema["type"]}


def bad_values(name: str, schema: Json) -> Iterator[str]:
    """Give JSON that this property must not have."""
    found = kinds(schema)
    is_right = [raw.startswith("{") and "object" in found for raw in NEVER_RIGHT]
    yield from (raw for raw, right in zip(NEVER_RIGHT, is_right, strict=True) if not right)
    yield from BAD_TEXTS
    if name not in FREE_TEXTS:
        yield from CONTROLS
        yield '"' + "x" * 50_001 + '"'
    if "null" not in found:
        yield "null"
    for kind in found - {"null", "object"}:
        yield from WRONG_TYPE[kind]


def spliced(body: Json, name: str, raw: str) -> bytes:
    """Write the body with raw JSON as one member's value."""
    others = {key: value for key, value in body.items() if key != name}
    if name in ("before", "after"):
        others.pop("at", None)
    members = [f"{json.dumps(key)}:{json.dumps(value)}" for key, value in others.items()]
    return ("{" + ",".join([*members, f"{json.dumps(name)}:{raw}"]) + "}").encode()


def check_refused(answer: httpx.Response, what: str) -> None:
    """A problem document that tells nothing of what was sent."""
    refusals = (400, 401, 422) if answer.url.path == "/auth/login" else (400, 422)
    assert answer.status_code in refusals, f"{what}: {answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert "xxxxxx" not in answer.text


async def asked(api: Api, operation: Operation) -> tuple[Request, Json]:
    """Make the request that succeeds; its body is what the tests spoil."""
    good = request(await scene(api, "own"), operation)
    assert good.body
    return good, good.body


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_a_body_as_described_is_taken(api: Api, operation: Operation) -> None:
    """Else all the refusals below would prove nothing."""
    good, body = await asked(api, operation)
    answer = await good.send(json.dumps(body).encode())
    assert answer.is_success, answer.text


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_a_bad_value_in_any_field_is_refused(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    good, body = await asked(api, operation)
    before = await all_rows(db)
    for name, schema in operation.fields.items():
        for raw in bad_values(name, schema):
            check_refused(await good.send(spliced(body, name, raw)), f"{name}: {raw[:40]}")
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_no_field_beyond_the_described_ones_is_taken(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    good, body = await asked(api, operation)
    before = await all_rows(db)
    for name in sorted(set(SERVER_OWNED) - operation.fields.keys()):
        for raw in (f'"{good.person.me and good.person.id}"', "true", "null", '"CREATOR"', "9"):
            answer = await good.send(spliced(body, name, raw))
            assert answer.status_code == 422, f"{name}: {answer.text}"
            errors = answer.json()["errors"]
            assert [error["pointer"] for error in errors] == [f"/body/{name}"]
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_a_missing_field_is_named(api: Api, operation: Operation) -> None:
    good, body = await asked(api, operation)
    reference = operation.described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    for name in SCHEMAS[reference.rsplit("/", 1)[1]].get("required", []):
        rest = {key: value for key, value in body.items() if key != name}
        answer = await good.send(json.dumps(rest).encode())
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [f"/body/{name}"]


def bad_bodies(body: Json) -> dict[str, bytes]:
    whole = json.dumps(body).encode()
    deep = 100_000
    return {
        "empty": b"",
        "spaces": b"   ",
        "invalid UTF-8": whole.replace(b'":', b'\xff":', 1),
        "invalid UTF-8 in a value": whole[:-1] + b',"x":"\xc3\x28"}',
        "encoded surrogate": whole[:-1] + b',"x":"\xed\xa0\x80"}',
        "cut off": whole[:-1],
        "two objects": whole + whole,
        "comment": whole + b"// " + CANARY.encode(),
        "single quotes": b"{'title': 'x'}",
        "trailing comma": whole[:-1] + b",}",
        "list": b"[" + whole + b"]",
        "text": json.dumps(CANARY).encode(),
        "number": b"7",
        "huge number": b"9" * 5000,
        "true": b"true",
        "null": b"null",
        "NaN": b"NaN",
        "deep lists": b"[" * deep + b"]" * deep,
        "deep objects": b'{"a":' * deep + b"1" + b"}" * deep,
        "deep without end": b"[" * deep,
        "deep within": whole[:-1] + b',"x":' + b"[" * 900 + b"]" * 900 + b"}",
        "NUL": b"\x00",
        "NUL behind": whole + b"\x00",
        "surrogate as a name": whole[:-1] + b',"\\ud800":1}',
        "UTF-16 without its mark": json.dumps(body).encode("utf-16-be")[1:],
    }


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_what_is_no_json_object_is_refused(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    good, body = await asked(api, operation)
    before = await all_rows(db)
    for what, content in bad_bodies(body).items():
        check_refused(await good.send(content), what)
    assert await all_rows(db) == before


FOREIGN_TYPES = (
    "text/plain", "text/plain; application/json", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/xml", "application/jsonx", "json", "*/*",
)  # fmt: skip


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_json_under_another_name_is_refused(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """A page of another site can send those without asking first."""
    good, body = await asked(api, operation)
    before = await all_rows(db)
    content = json.dumps(body).encode()
    for media in FOREIGN_TYPES:
        answer = await good.send(content, {"content-type": media})
        refused(answer, 415, "unsupported-media-type")
    url = good.operation.path.format(**good.path)
    bare = good.person.client.build_request(operation.method, url, content=content)
    assert "content-type" not in bare.headers
    refused(await good.person.client.send(bare), 415, "unsupported-media-type")
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
@pytest.mark.parametrize("is_chunked", [False, True], ids=["with length", "chunked"])
async def test_a_body_over_the_limit_is_refused(
    api: Api, db: asyncpg.Connection, operation: Operation, *, is_chunked: bool
) -> None:
    good, body = await asked(api, operation)
    before = await all_rows(db)
    content = json.dumps(body).encode().ljust((1 << 20) + 1)
    sent: Any = pieces(content) if is_chunked else content
    answer = await good.send(sent)
    assert ("content-length" in answer.request.headers) is not is_chunked
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"
    assert await all_rows(db) == before


async def pieces(content: bytes) -> Any:
    for start in range(0, len(content), 1 << 16):
        yield content[start : start + (1 << 16)]


async def test_a_body_of_exactly_the_limit_is_taken(api: Api) -> None:
    anna = await api.user()
    content = b'{"title": "Big"}'.ljust(1 << 20)
    for sent in (content, pieces(content)):
        headers = {"content-type": "application/json"}
        answer = await anna.send("POST", "/boards", content=sent, headers=headers)
        assert answer.status_code == 201


async def test_more_mistakes_than_anybody_reads_are_not_all_told(api: Api) -> None:
    anna = await api.user()
    answer = await anna.post("/boards", **{f"{CANARY}{n}" * 40: n for n in range(1000)})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 50
    assert len(answer.content) < 20_000


async def test_a_pointer_is_written_as_rfc_6901_has_it(api: Api) -> None:
    anna = await api.user()
    answer = await anna.post("/boards", title="A", **{"a/b~c": 1})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/a~1b~0c"]
