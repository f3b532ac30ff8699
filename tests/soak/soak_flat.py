"""What is given up leaves nothing behind: memory, descriptors and connections are as before."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from api import PASSWORD
from people import COOKIE
from programs import Served
from proof import Finding, Size
from stage import a_folder, a_postgres, a_program

PROMISE = "what is given up leaves nothing behind"
AT_ONCE = 50
GIVEN_UP_SECONDS_MAX = 0.02
SETTLED_SECONDS_MAX = 20
MEMORY_MB_MAX = 8.0  # more than this beyond the first round is a leak
OURS = "select count(*) from pg_stat_activity where application_name like 'doska%'"
STREAM = "accept: text/event-stream"
BUSY = f"{OURS} and state <> 'idle'"


@dataclass(frozen=True)
class Held:
    """What a server holds."""

    memory_mb: float
    descriptors: int
    connections: int
    busy: int


async def prove(size: Size) -> Finding:
    """Give up as many requests and streams twice; the second time must add nothing."""
    times = size.of(1000)
    with a_postgres() as url, a_folder() as place, a_program(place, url) as served:
        db = await asyncpg.connect(url)
        give_up = await _ways(served)
        first = await _round(give_up, times, served, db)
        before = await _settled(served, db, first)
        last = await _round(give_up, times, served, db)
        after = await _settled(served, db, before)
        await db.close()
    lost = sum(_losses(before, after))
    notes = (
        f"before the second round {_words(before)}, right after it {_words(last)}, then"
        f" {_words(after)}"
    )
    tried = f"2 × {times} requests and {times} streams, given up within {GIVEN_UP_SECONDS_MAX} s"
    return Finding(PROMISE, tried, 4 * times, lost, notes)


def _losses(before: Held, after: Held) -> list[bool]:
    return [
        after.memory_mb > before.memory_mb + MEMORY_MB_MAX,
        after.descriptors > before.descriptors,
        after.connections > before.connections,
        after.busy > 0,
    ]


def _words(held: Held) -> str:
    return (
        f"{held.memory_mb:.0f} MB, {held.descriptors} descriptors, {held.connections} connections"
    )


async def _settled(served: Served, db: asyncpg.Connection, least: Held) -> Held:
    """Wait until it holds no more than this, or for long enough."""
    deadline = time.monotonic() + SETTLED_SECONDS_MAX
    held = await _held(served, db)
    while any(_losses(least, held)) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        held = await _held(served, db)
    return held


async def _held(served: Served, db: asyncpg.Connection) -> Held:
    process = Path(f"/proc/{served.process.pid}")
    status = (process / "status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    descriptors = len(list((process / "fd").iterdir()))
    ours, busy = await db.fetchval(OURS), await db.fetchval(BUSY)
    return Held(int(line.split()[1]) / 1024, descriptors, ours, busy)


Way = Callable[[], Awaitable[None]]


async def _round(ways: list[Way], times: int, served: Served, db: asyncpg.Connection) -> Held:
    for way in ways:
        for _ in range(max(1, times // AT_ONCE)):
            await asyncio.gather(*(way() for _ in range(AT_ONCE)))
    return await _held(served, db)


async def _ways(served: Served) -> list[Way]:
    """Make somebody with a board; gives two ways to ask for something and go away."""
    async with served.client() as client:
        person = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
        (await client.post("/users", json=person)).raise_for_status()
        board = (await client.post("/boards", json={"title": "Website"})).json()["id"]
        cookie = f"cookie: {COOKIE}={client.cookies[COOKIE]}"
    where = urlsplit(served.url)
    body = '{"title": "Given up"}'
    told = f"content-type: application/json\r\ncontent-length: {len(body)}"
    asked = [
        f"PATCH /boards/{board} HTTP/1.1\r\nhost: {where.netloc}\r\n{cookie}\r\n{told}\r\n\r\n{body}",
        f"GET /boards/{board}/events HTTP/1.1\r\nhost: {where.netloc}\r\n{cookie}\r\n{STREAM}\r\n\r\n",
    ]

    def way(text: str) -> Way:
        return lambda: _give_up(where.hostname or "", where.port or 0, text.encode())

    return [way(text) for text in asked]


async def _give_up(host: str, port: int, text: bytes) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.write(text)
    await asyncio.sleep(random.uniform(0, GIVEN_UP_SECONDS_MAX))
    writer.transport.abort()
