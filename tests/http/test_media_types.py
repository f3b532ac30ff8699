"""A body of a type that is not taken is refused as that, and told what is."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from api import Api
from checks import refused
from operations import WITH_BODY, Operation, all_rows, request, scene

TAKEN = {
    "POST": ("accept-post", "application/json"),
    "PUT": ("accept", "application/json"),
    "PATCH": ("accept-patch", "application/json, application/merge-patch+json"),
}
OTHERS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
          "application/jsonp", "text/json", "json", "application/json-seq", ""]  # fmt: skip
OURS = ["application/json", "application/json; charset=utf-8", "Application/JSON",
        "application/merge-patch+json"]  # fmt: skip


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
async def test_every_body_must_say_that_it_is_json(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """Seen to fail with 422: "should be a valid dictionary"."""
    asked = request(await scene(api, "own"), operation)
    before = await all_rows(db)
    answer = await asked.send(b"{}", headers={"content-type": "text/plain"})
    refused(answer, 415, "unsupported-media-type")
    name, types = TAKEN[operation.method.upper()]
    assert answer.headers[name] == types
    described = operation.described["responses"]["415"]["headers"]
    assert name in [key.lower() for key in described]
    assert await all_rows(db) == before


@pytest.mark.parametrize("given", OTHERS)
async def test_what_is_not_taken(api: Api, given: str) -> None:
    anna = await api.user("anna")
    headers = {"content-type": given}
    answer = await anna.send("POST", "/boards", content=b'{"title": "B"}', headers=headers)
    refused(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("given", OURS)
async def test_what_is_taken(api: Api, given: str) -> None:
    anna = await api.user("anna")
    headers = {"content-type": given}
    answer = await anna.send("POST", "/boards", content=b'{"title": "B"}', headers=headers)
    assert answer.status_code == 201


async def test_a_body_of_unknown_length_has_a_type_too(api: Api) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    anna = await api.user("anna")
    refused(await anna.send("POST", "/boards", content=pieces()), 415, "unsupported-media-type")


async def test_no_body_is_of_no_type_and_missing(api: Api) -> None:
    anna = await api.user("anna")
    for headers in ({}, {"content-type": "text/plain"}):
        answer = await anna.send("POST", "/boards", headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "missing"
