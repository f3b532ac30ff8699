from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from api import Api
from stream_client import watching
from stream_server import port_of


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


async def test_a_change_comes_as_it_happens(api: Api, address: str) -> None:
    anna = await api.user()
    board = await anna.board()
    async with watching(address, anna, board["id"]) as watch:
        assert watch.status == 200
        column = await anna.column(board)
        event = await watch.event()
        assert (event["type"], event["seq"]) == ("column.created", 2)
        assert event["payload"]["column"] == column
