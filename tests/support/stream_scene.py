"""Boards to watch, and applications on ports with settings of one's own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Any

from api import Api, Json, Person
from apps import another_api
from stream_client import SECONDS_MAX, Watch
from stream_server import port_of


@asynccontextmanager
async def another_port(url: str, **settings: Any) -> AsyncIterator[tuple[str, Api]]:
    """Serve a further application on a port."""
    async with another_api(url, **settings) as other, port_of(other) as address:
        yield address, other


async def board_of(api: Api, **fields: Any) -> tuple[Person, Json]:
    """Give a CREATOR and the board."""
    anna = await api.user()
    return anna, await anna.board(**fields)


async def rename(person: Person, board: Json, title: str = "Shop") -> None:
    """Do something on a board, whatever; it is one event."""
    answer = await person.patch(f"/boards/{board['id']}", title=title)
    assert answer.status_code == 200, answer.text


async def next_title(watch: Watch) -> str:
    """Read on to what ``rename`` did."""
    return str((await watch.event())["payload"]["board"]["title"])


async def comes_true(
    true: Callable[[], Awaitable[object] | object], *, seconds: float = SECONDS_MAX
) -> None:
    """Wait for something to become true, while everything else goes on."""
    async with asyncio.timeout(seconds):
        while not (await found if isawaitable(found := true()) else found):  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0)
