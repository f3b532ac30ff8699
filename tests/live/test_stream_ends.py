"""How streams end with their server, and what is left of those whose clients went away."""

import asyncio
import signal
import socket
from contextlib import AsyncExitStack

import pytest

from api import Api, Json, Person
from apps import another_api
from people import COOKIE
from programs import a_data_folder, serving
from served import registered
from stream_client import Watch, opened, opened_with, until_dropped, watching
from stream_scene import another_port, board_of, comes_true, next_title, rename
from stream_server import port_of

STREAMS = 50
SECONDS_MAX = 2.0
LONG = "x" * 20_000


async def ended(watch: Watch) -> int:
    """Read to the clean end; gives the time after which to come back, in milliseconds."""
    assert await watch.ends() == []
    assert watch.received.endswith(f"\n\nretry: {watch.messages[-1].retry}\n")  # and no block
    return watch.messages[-1].retry or 0


@pytest.mark.parametrize("workers", [1, 2])
async def test_told_to_stop_a_server_ends_its_streams_and_says_when_to_come_back(
    workers: int,
) -> None:
    """Seen to fail when the streams were ended with the lifespan: the server waited for them."""
    with a_data_folder() as folder, serving(folder, "--workers", str(workers)) as server:
        async with server.client() as client, AsyncExitStack() as stack:
            board = await registered(client)
            cookie = f"{COOKIE}={client.cookies[COOKIE]}"
            openings = [opened_with(server.url, board, cookie=cookie) for _ in range(STREAMS)]
            watches = [await stack.enter_async_context(until_dropped(o)) for o in openings]
            server.send(signal.SIGTERM)
            async with asyncio.timeout(SECONDS_MAX):
                waits = await asyncio.gather(*(ended(watch) for watch in watches))
            assert all(1000 <= wait < 3000 for wait in waits)
            assert len(set(waits)) > STREAMS / 2
        assert server.ends() == 0
        assert not [line for line in server.log if "Traceback" in line or "error" in line]


async def test_streams_that_clients_drop_leave_nothing_behind(api: Api, database_url: str) -> None:
    """At every moment: while it is asked for, at the first bytes, when it is live.

    The pool's only connection is there after all. Seen to fail when a channel stayed without
    streams.
    """
    anna, board = await board_of(api)
    async with another_port(database_url, pool_min=1, pool_max=1) as (address, other):
        hub = other.app.state.hub
        for number in range(200):
            watch = await opened(address, anna, board["id"], 0)
            for _ in range(number % 3):
                await watch.block()
            watch.drop()
        await comes_true(lambda: not hub.streams)
        assert not hub.channels
        async with watching(address, anna, board["id"]) as watch:
            await rename(anna, board, "Still")
            assert await next_title(watch) == "Still"


async def test_a_client_that_does_not_read_is_cut(api: Api, database_url: str) -> None:
    """And the others go on. Seen to fail when a send had no end."""
    anna, board = await board_of(api)
    for number in range(40):
        await anna.patch(f"/boards/{board['id']}", description=f"{number}{LONG}"[:20_000])
    settings = {"stream_send_seconds": 0.5, "stream_heartbeat_seconds": 0.2}
    async with another_api(database_url, **settings) as other, port_of(other, 4096) as address:
        hub = other.app.state.hub
        async with watching(address, anna, board["id"]) as quick:
            with socket.create_connection(quick.writer.get_extra_info("peername")[:2]) as slow:
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                slow.sendall(request(anna, board))
                await comes_true(lambda: len(hub.streams) == 2)
                await rename(anna, board, "Too much")
                await comes_true(lambda: len(hub.streams) == 1)
            await rename(anna, board, "Still")
            assert [await next_title(quick), await next_title(quick)] == ["Too much", "Still"]


def request(person: Person, board: Json) -> bytes:
    """Write the request for a stream from the start."""
    lines = [f"GET /boards/{board['id']}/events?after=0 HTTP/1.1", "host: localhost"]
    lines += [f"cookie: {COOKIE}={person.client.cookies[COOKIE]}", "accept: text/event-stream"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
