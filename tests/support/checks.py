"""What tests check of an answer: that it refuses in the right way, that it has changed nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from api import Json, Person


def refused(response: httpx.Response, status: int, kind: str, **more: Any) -> Json:
    """Check a refusal's status and kind, and further members of its problem document."""
    assert response.status_code == status, response.text
    problem: Json = response.json()
    assert problem["type"] == f"/problems/{kind}"
    assert {name: problem.get(name) for name in more} == more
    return problem


def invalid(response: httpx.Response, *pointers: str, kind: str = "invalid") -> None:
    """Check that exactly these places of the request are refused."""
    problem = refused(response, 422, kind)
    assert [error["pointer"] for error in problem["errors"]] == list(pointers)


async def seq_of(person: Person, board: Json) -> int:
    """Tell how many events the board has had."""
    return int((await person.read(f"/boards/{board['id']}"))["seq"])


@asynccontextmanager
async def events(person: Person, board: Json, count: int) -> AsyncIterator[None]:
    """Check that what is done inside is exactly so many events of the board."""
    before = await seq_of(person, board)
    yield
    assert await seq_of(person, board) == before + count
