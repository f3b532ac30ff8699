"""Words planted on a board, in all that was ever on it, that no outsider may ever come across."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI

from api import Api, Json
from crowd import OUTSIDERS, Crowd, crowd
from foreign import CANARY, LISTS, OF_THINGS, listings
from operations import OPERATIONS, Operation, Request, request

NAMING = {operation.id for operation, where, _ in OF_THINGS if where != "query"}
ENDING = {"log_out", "end_session", "end_token"}  # they would make somebody else of who asks
BY_LINK = {"open_invitation", "accept_invitation", "reset_password"}  # the link is the right
ASKED = [operation for operation in OPERATIONS if operation.id not in ENDING | BY_LINK]
DRY_RUN = {"prefer": "dry-run"}
SHOWING = ("read_board", "read_snapshot", "list_events", "list_activity", "read_task", "list_tasks")


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[Crowd]:
    async with crowd(Api(app), database_url) as made:
        yield made


def questions(world: Crowd, operation: Operation) -> Iterator[tuple[Request, Json]]:
    """Ask about the foreign board in words of one's own, in every form there is."""
    foreign = world.foreign
    mixed = replace(world.own, ids=foreign.ids, member=foreign.member, friend=foreign.friend)
    for media in operation.described["responses"].get("200", {}).get("content", {"*/*": {}}):
        yield request(mixed, operation), {"accept": media}
    for headers in ({"idempotency-key": "the key of all"}, {"if-match": '"99"'}, DRY_RUN):
        yield request(mixed, operation), headers
    for asked in listings(mixed, foreign, operation) if operation in LISTS else ():
        yield asked, {}
    for at in ("1", "9") if operation.id == "read_snapshot" else ():
        asked = request(mixed, operation)
        asked.query["at"] = at
        yield asked, {}


@pytest.mark.parametrize("operation", ASKED, ids=str)
async def test_no_outsider_comes_across_a_word_of_it(world: Crowd, operation: Operation) -> None:
    before = await world.foreign_rows()
    for name in OUTSIDERS:
        for asked, headers in questions(world, operation):
            asked.person = asked.person if operation.is_public else world.outsiders[name]
            answer = await asked.send(headers=headers)
            assert CANARY not in world.shown(answer), name
            assert not (operation.id in NAMING and answer.is_success), name
    assert await world.foreign_rows() == before


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.id in SHOWING], ids=str)
async def test_whoever_is_on_it_comes_across_them(world: Crowd, operation: Operation) -> None:
    """Else the test above would prove nothing."""
    assert CANARY in world.shown(await request(world.foreign, operation).send())
