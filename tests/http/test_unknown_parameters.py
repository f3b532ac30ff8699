"""Parameters of a query that nobody reads: refused by whatever operation, as fields of a body are."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from api import Api
from checks import invalid, refused
from crowd import Crowd, two_boards
from operations import OPERATIONS, Operation, request

OVERLOOKED = {"is_alive", "is_ready", "read_avatar"}
NAMES = ("asignee_id", "page", "offset", "Limit", "limit[]", "", "password_hash__startswith")
READING = [operation for operation in OPERATIONS if operation.id not in OVERLOOKED]
ONCE = [
    (operation, parameter["name"])
    for operation in OPERATIONS
    for parameter in operation.parameters("query")
    if parameter["schema"].get("type") != "array"
]


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[Crowd]:
    async with two_boards(Api(app), database_url) as made:
        yield made


def pointer_to(name: str) -> str:
    return f"/query/{name.replace('~', '~0').replace('/', '~1')}"


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_a_parameter_that_nobody_reads_is_refused_and_nothing_done(
    world: Crowd, operation: Operation
) -> None:
    """Seen to fail, and much to be done, where only bodies were closed."""
    before = await world.rows()
    for name in NAMES:
        asked = request(world.own, operation)
        asked.query = {**asked.query, name: "5"}
        invalid(await asked.send(), pointer_to(name))
    assert await world.rows() == before


@pytest.mark.parametrize(("operation", "name"), ONCE, ids=str)
async def test_a_parameter_of_which_only_the_last_would_count_is_refused(
    world: Crowd, operation: Operation, name: str
) -> None:
    asked = request(world.own, operation)
    url = operation.path.format(**asked.path)
    query = f"{name}=true&{name}=false"
    answer = await asked.person.send(operation.method.upper(), f"{url}?{query}")

    problem = refused(answer, 422, "invalid")
    assert (f"/query/{name}", "repeated") in {(e["pointer"], e["code"]) for e in problem["errors"]}


async def test_all_that_is_wrong_with_a_query_is_told_at_once(api: Api) -> None:
    anna = await api.user()
    told = refused(await anna.get("/tasks", limit=0, page=2, asignee_id="x"), 422, "invalid")
    pointers = {error["pointer"] for error in told["errors"]}
    assert pointers == {"/query/limit", "/query/page", "/query/asignee_id"}
    assert {e["code"] for e in told["errors"]} == {"greater_than_equal", "extra_forbidden"}


@pytest.mark.parametrize("path", ["/tasks", "/boards", "/auth/sessions", "/users/me"])
async def test_who_is_nobody_is_told_that_first(api: Api, path: str) -> None:
    refused(await api.nobody().get(path, page=2), 401, "unauthenticated")


async def test_what_is_asked_by_machines_that_add_parameters_takes_any(api: Api) -> None:
    """Probes and caches add numbers of their own; pages are no part of the document."""
    anna = await api.user()
    paths = ("/health/live", "/health/ready", f"/users/{anna.id}/avatar.svg")
    for path in (*paths, "/docs", "/docs/start.js", "/openapi.json"):
        for nobody in (api.nobody(), anna):
            assert (await nobody.get(path, v="7", utm_source="x")).status_code == 200
