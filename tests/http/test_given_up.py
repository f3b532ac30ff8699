"""What is given up leaves nothing behind in the process: no task, no stream, no place."""

import asyncio
from urllib.parse import urlsplit

import pytest

from api import Api, Json, Person
from people import COOKIE, moved
from stream_scene import another_port, board_of, comes_true

AT_ONCE, ROUNDS = 20, 5


def text_of(person: Person, board: Json, what: str) -> bytes:
    """Write a request for one's board."""
    lines = [f"{what} HTTP/1.1", "host: localhost", "accept: text/event-stream"]
    lines += [f"cookie: {COOKIE}={person.client.cookies[COOKIE]}", "", ""]
    return "\r\n".join(lines).format(board["id"]).encode()


async def give_up(address: str, text: bytes, turns: int) -> None:
    """Ask, and go away after the loop has gone round so often."""
    where = urlsplit(address)
    _, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(text)
    for _ in range(turns):
        await asyncio.sleep(0)
    writer.transport.abort()


@pytest.mark.parametrize("what", ["GET /boards/{}/events", "GET /boards/{}", "DELETE /columns/{}"])
async def test_streams_that_are_given_up_leave_nothing_behind(
    api: Api, database_url: str, what: str
) -> None:
    """Seen to fail when the hub kept streams that had gone."""
    anna, board = await board_of(api)
    async with another_port(database_url) as (address, other):
        hub, person = other.app.state.hub, moved(anna, other)
        await give_up(address, text_of(person, board, "GET /boards/{}/events"), 200)
        await comes_true(lambda: not hub.streams)
        before = len(asyncio.all_tasks())
        for turn in range(ROUNDS):
            text = text_of(person, board, what)
            await asyncio.gather(*(give_up(address, text, 7 * turn + n) for n in range(AT_ONCE)))
        await comes_true(lambda: not (hub.streams or hub.channels))
        await comes_true(lambda: len(asyncio.all_tasks()) <= before)
