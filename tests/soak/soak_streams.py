"""Each event once, in order: streams are cut, servers killed, PostgreSQL stopped, and they go on.

Watchers read boards from their first event to the last and write down what they get; at the end
that must be the events table. What is not understood is a reset: nobody's log is trimmed here.
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from api import PASSWORD, Json
from doska.postgres import embedded
from faults import Wire
from people import COOKIE
from programs import Served
from proof import Finding, Size
from stage import a_folder, a_program
from stream_client import Watch, opened_with

PROMISE = "each event once, in order"
BOARDS, WATCHERS, WRITERS = 3, 12, 4
SECONDS, FAULTS, FAULT_SECONDS_MIN = 100, 9, 2.0
CATCH_UP_SECONDS_MAX = 30
HELD_SECONDS = 1.0
GONE = (OSError, EOFError, ValueError, TimeoutError, httpx.HTTPError)


@dataclass
class Course:
    """What goes on: where the server is, who writes where, and what the watchers have had."""

    folder: Path
    postgres: embedded.Server
    wire: Wire  # leads to wherever PostgreSQL is, which moves when it is started anew
    address: str = ""
    cookie: str = ""
    boards: list[str] = field(default_factory=list)
    is_over: bool = False
    cuts: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.cookie}"}


@dataclass
class Reading:
    """What one watcher has had of one board."""

    board: str
    position: str = "0"  # what a browser would send as Last-Event-ID
    seqs: list[int] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Tell the number of the last event it had."""
        return self.seqs[-1] if self.seqs else 0


async def prove(size: Size) -> Finding:
    """Watch while everything that can be cut is cut."""
    with a_folder() as place:
        postgres = embedded.start(place / "doska")
        course = Course(place / "doska", postgres, Wire(postgres.url))
        try:
            await course.wire.open()
            readings, tables = await _run(course, size)
            await course.wire.close()
        finally:
            course.postgres.stop()
    wrong = [words for reading in readings for words in _wrong(reading, tables[reading.board])]
    events = sum(len(tables[reading.board]) for reading in readings)
    faults = ", ".join(f"{count} × {name}" for name, count in sorted(course.faults.items()))
    notes = f"{len(readings)} watchers cut {course.cuts} times; {faults}"
    notes += f"; {'; '.join(wrong[:5])}" if wrong else ""
    return Finding(PROMISE, "events to be had", events, len(wrong), notes)


def _wrong(reading: Reading, table: list[int]) -> list[str]:
    """Compare what a watcher has had with the table."""
    found = [f"a {message.get('type')} instead of events" for message in reading.others]
    if table != list(range(1, len(table) + 1)):
        found.append("the log itself has gaps")
    if reading.seqs != table:
        twice = [seq for seq, count in Counter(reading.seqs).items() if count > 1]
        missing = sorted(set(table) - set(reading.seqs))
        found.append(f"twice {twice[:5]}, missing {missing[:5]}, of {len(table)}")
    return found


async def _run(course: Course, size: Size) -> tuple[list[Reading], dict[str, list[int]]]:
    """Serve, write, watch and break; gives what was had and what there is."""
    with ExitStack() as stack:
        served = await asyncio.to_thread(_serve, stack, course)  # it talks over the wire
        await _set_up(course, served)
        readings = [Reading(course.boards[n % BOARDS]) for n in range(WATCHERS)]
        watching = [asyncio.create_task(_watch(course, reading)) for reading in readings]
        writing = [asyncio.create_task(_write(course)) for _ in range(WRITERS)]
        holding = asyncio.create_task(_hold(course))
        await _break(course, stack, served, size)
        course.is_over = True
        await asyncio.gather(*writing, holding)
        tables = {board: await _table(course.postgres.url, board) for board in course.boards}
        await _caught_up(readings, tables)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return readings, tables


def _serve(stack: ExitStack, course: Course) -> Served:
    served = stack.enter_context(a_program(course.folder.parent, course.wire.url, "--workers", "2"))
    course.address = served.url
    return served


async def _set_up(course: Course, served: Served) -> None:
    async with served.client() as client:
        person = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
        (await client.post("/users", json=person)).raise_for_status()
        for n in range(BOARDS):
            course.boards.append(
                (await client.post("/boards", json={"title": f"{n}"})).json()["id"]
            )
        course.cookie = client.cookies[COOKIE]


async def _watch(course: Course, reading: Reading) -> None:
    """Read on and on; come again wherever one was cut."""
    while True:
        with suppress(*GONE):
            resumed = {"last_event_id": reading.position}
            watch = await opened_with(course.address, reading.board, **resumed, **course.headers)
            try:
                await _read(course, watch, reading)
            finally:
                watch.drop()
        course.cuts += 1
        await asyncio.sleep(random.uniform(0, 0.1))


async def _read(course: Course, watch: Watch, reading: Reading) -> None:
    """Read until the stream ends, or until it pleases chance."""
    if watch.status != 200:
        return
    until = time.monotonic() + random.expovariate(1 / 2)
    while course.is_over or time.monotonic() < until:
        block = await watch.block()
        if block is None:
            return
        reading.position = watch.position or reading.position
        if block.data is None or block.data["type"] != "ready":
            _take(reading, block.data or {})


def _take(reading: Reading, message: Json) -> None:
    if "seq" in message and message["type"] != "reset":
        reading.seqs.append(message["seq"])
    else:
        reading.others.append(message)


async def _write(course: Course) -> None:
    """Change boards; whether it was done is another proof's business."""
    while not course.is_over:
        board = random.choice(course.boards)
        with suppress(*GONE):
            async with httpx.AsyncClient(base_url=course.address, trust_env=False) as client:
                body = {"title": f"Title {random.random()}"}
                await client.patch(f"/boards/{board}", json=body, headers=course.headers, timeout=3)
        await asyncio.sleep(random.uniform(0, 0.05))


async def _hold(course: Course) -> None:
    """Keep a board's lock for a second now and then: what commits late must not be passed over."""
    while not course.is_over:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, *GONE):
            db: Any = await asyncpg.connect(course.wire.url)
            async with db.transaction():
                board = random.choice(course.boards)
                await db.execute("select from boards where id = $1 for no key update", board)
                await asyncio.sleep(HELD_SECONDS)
            await db.close()
        await asyncio.sleep(1)


async def _break(course: Course, stack: ExitStack, served: Served, size: Size) -> None:
    """Break one thing after the other, each from time to time."""
    ends = time.monotonic() + size.of(SECONDS, least=20)
    for number in range(size.of(FAULTS, least=3)):
        await asyncio.sleep(random.uniform(FAULT_SECONDS_MIN, 2 * FAULT_SECONDS_MIN))
        match number % 3:
            case 0:
                served = await asyncio.to_thread(_kill, course, stack, served)
            case 1:
                await asyncio.to_thread(_restart, course)
            case 2:
                _kill_worker(course, served)
    await asyncio.sleep(max(0.0, ends - time.monotonic()))


def _kill(course: Course, stack: ExitStack, served: Served) -> Served:
    course.faults["server killed"] += 1
    served.send(signal.SIGKILL)
    served.process.wait()
    return _serve(stack, course)


def _restart(course: Course) -> None:
    course.faults["PostgreSQL stopped"] += 1
    course.postgres.stop()
    course.postgres = embedded.start(course.folder)
    course.wire.lead_to(course.postgres.url)


def _kill_worker(course: Course, served: Served) -> None:
    """Kill one of the two processes; the other goes on, and a new one comes."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
    workers = [int(pid) for pid in children.read_text().split()]
    course.faults["worker killed"] += 1
    os.kill(workers[-1], signal.SIGKILL)


async def _table(url: str, board: str) -> list[int]:
    db = await asyncpg.connect(url)
    found = await db.fetch("select seq from events where board_id = $1 order by seq", board)
    await db.close()
    return [row["seq"] for row in found]


async def _caught_up(readings: list[Reading], tables: dict[str, list[int]]) -> None:
    """Wait until all have had the last event, or for long enough."""
    deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
    while time.monotonic() < deadline:
        if all(reading.last >= len(tables[reading.board]) for reading in readings):
            return
        await asyncio.sleep(0.1)
