"""Every operation of the OpenAPI document for every kind of caller, as access_matrix.txt has it."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api import Api, Json
from conftest import emptied
from matrix_requests import CASES, UNKNOWN
from matrix_rival import board_held, overtaking
from matrix_rows import MATRIX, Row, answer
from matrix_world import CALLERS, World, build_world, fingerprint


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[World]:
    connection = await asyncpg.connect(database_url)
    yield await build_world(Api(app), connection)
    await emptied(connection)
    await connection.close()


def test_every_operation_has_a_line_and_every_line_an_operation(app: FastAPI) -> None:
    """Seen to fail for an operation without a line, and for a line without an operation."""
    paths = app.openapi()["paths"].items()
    operations = {f"{method.upper()} {path}" for path, found in paths for method in found}
    assert {row.operation for row in MATRIX} == operations


def test_no_line_stands_twice_and_every_request_belongs_to_one() -> None:
    names = [row.name for row in MATRIX]
    assert len(names) == len(set(names))
    assert set(CASES) <= set(names)


def test_every_operation_declares_its_access_rule(app: FastAPI) -> None:
    operations = [found for path in app.openapi()["paths"].values() for found in path.values()]
    assert len(operations) > 50
    assert all(operation["x-access"] for operation in operations)


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
async def test_each_caller_gets_the_answer_of_the_matrix(world: World, row: Row) -> None:
    """Who is refused has changed not a row; who writes has.

    Seen to fail on each of these planted bugs: a MEMBER who has EDIT_BOARD, an OBSERVER who has
    EDIT_TASKS, a public board that grants EDIT_TASKS, an administrator without rights, a disabled
    account that still counts as signed in, accounts that anybody may change, lists without their
    filter for what one may see, and refusals that leave a row behind.
    """
    answers = {caller: await answer(world, row, caller) for caller in CALLERS}
    assert answers == row.expected


HIDDEN = [row for row in MATRIX if row.expected["stranger"] == "404" and "foreign" not in row.name]


@pytest.mark.parametrize("row", HIDDEN, ids=lambda row: row.name)
async def test_a_stranger_is_told_the_same_as_about_an_id_that_never_was(
    world: World, row: Row
) -> None:
    """And does not wait for the lock of the board, which a rival holds.

    Seen to fail when the refusal said that the board is private, and when the statement that locks
    did not ask whether one may see the board.
    """
    stranger = await world.restore("stranger")
    ids = world.ids("stranger")
    async with board_held(world.saved, ids["board_id"]):
        hidden = await stranger.send(**row.request(ids))
    unknown = await stranger.send(**row.request({**ids, **UNKNOWN}))
    assert what_is_told(hidden) == what_is_told(unknown)


def what_is_told(response: httpx.Response) -> tuple[int, Json, list[str]]:
    body = {name: value for name, value in response.json().items() if name != "request_id"}
    return response.status_code, body, sorted(response.headers)


WRITES = [
    row
    for row in HIDDEN
    if row.method != "GET" and row.expected["CREATOR"].startswith("2")
    if "/imports/" not in row.operation  # one's own, of no board
]


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
async def test_who_loses_the_board_while_waiting_for_it_writes_nothing(
    world: World, row: Row
) -> None:
    """Seen to fail when the right was judged in the statement that locks, and before it."""
    creator = await world.restore("CREATOR")
    ids = world.ids("CREATOR")
    async with overtaking(world.saved, ids["board_id"], creator.send(**row.request(ids))) as write:
        sql = "delete from board_users where board_id = $1 and user_id = $2"
        await world.saved.execute(sql, ids["board_id"], creator.id)
        before = await fingerprint(world.saved, world.tables)
    assert (await write).status_code == 404
    assert await fingerprint(world.saved, world.tables) == before
