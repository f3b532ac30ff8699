"""How often a write goes to the database and back, and how many rows a move writes.

A Doska of its own talks to PostgreSQL by way of a wire that counts: each message that asks for an
answer (a simple query, Sync, Flush) is a round trip. What is sent once a connection, to prepare a
statement, comes before the counting.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import asyncpg

import duels
import fill
import load
import servers
from report import Row, Target

WARMING, COUNTED = 10, 30
SETTLED_SECONDS = 0.05
# Reading and writing; the notice after the answer; and a little that the background asks.
TRIPS_MAX = 3.5
ASKING = b"QSH"  # Query, Sync, Flush: PostgreSQL answers each
TRIPS, ROWS = Target("≤", TRIPS_MAX, "round trips"), Target("≤", 1, "rows")
WORKS = {
    "6b": ("move a task", duels.move_tasks),
    "7b": ("create a task", duels.create_tasks),
    "8b": ("patch a task", duels.patch_tasks),
}
WRITTEN = """
    select count(*)::int from tasks t where t.xmin = (
        select e.xmin from events e where e.task_id = $1::uuid order by e.seq desc limit 1)"""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Passes bytes on to PostgreSQL's socket and counts what asks for an answer."""

    def __init__(self, url: str) -> None:
        asked = parse_qs(urlsplit(url).query)
        self._path = f"{asked['host'][0]}/.s.PGSQL.{asked['port'][0]}"
        self.trips = 0

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on both ways until either side ends."""
        behind, onward = await asyncio.open_unix_connection(self._path)
        back = asyncio.create_task(_pass(behind, writer))
        try:
            await self._count(reader, onward)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the application has closed the connection
        finally:
            onward.close()
            await back

    async def _count(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kind = b""  # only the first message has none
        while True:
            length = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(length) - 4)
            writer.write(kind + length + body)
            self.trips += kind in ASKING if kind else 0
            kind = await reader.readexactly(1)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(1 << 16):
        writer.write(chunk)
    writer.close()


@asynccontextmanager
async def _wired(url: str) -> AsyncIterator[tuple[Wire, servers.Program]]:
    """Run a Doska with one connection, by way of a wire."""
    wire = Wire(url)
    server = await asyncio.start_server(wire.accept, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    by_wire = f"postgres://doska@127.0.0.1:{port}/doska?sslmode=disable"
    started = servers.doska(by_wire, POOL_MIN="1", POOL_MAX="1")
    async with server:
        program = await asyncio.to_thread(started.__enter__)
        try:
            yield wire, program
        finally:
            await asyncio.to_thread(started.__exit__, None, None, None)


async def rows(url: str, db: asyncpg.Connection, scene: fill.Scene) -> list[Row]:
    """Count round trips for each kind of write, and the rows of tasks that each move writes."""
    found = []
    async with _wired(url) as (wire, program):
        for number, (work, requests) in WORKS.items():
            asked = list(requests(scene, WARMING + COUNTED))
            await _ask_all(program, scene, asked[:WARMING])
            before = wire.trips
            await _ask_all(program, scene, asked[WARMING:])
            trips = (wire.trips - before) / COUNTED
            found.append(Row(number, f"{work}, to the database", TRIPS, [trips]))
        found.append(await _rows_written(program, db, scene))
    await fill.clean(db)
    return found


async def _rows_written(program: servers.Program, db: asyncpg.Connection, scene: fill.Scene) -> Row:
    """Count what the transaction of each move has written, as PostgreSQL knows it."""
    written = []
    for request in duels.move_tasks(scene, COUNTED):
        await _ask_all(program, scene, [request])
        written.append(await db.fetchval(WRITTEN, request.path.split("/")[2]))
    return Row(
        "6c", "rows of tasks that a move writes", ROWS, [max(written)]
    )  # none may write more


async def _ask_all(
    program: servers.Program, scene: fill.Scene, requests: list[load.Request]
) -> None:
    headers = {"cookie": scene.owner.cookie, "content-type": "application/json"}
    for request in requests:
        answer = await asyncio.to_thread(load.ask, program.port, request, headers)
        if answer.status not in (200, 201):
            raise load.LoadError(f"{request.path} gave {answer.status}")
    await asyncio.sleep(SETTLED_SECONDS)  # for what is sent after the answer
