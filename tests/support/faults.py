"""A way to the database that fails on demand: an ordinary TCP proxy before the real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx

from api import Api, Person
from apps import another_api
from checks import refused
from people import moved

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hold:
    """An answer that comes no further until it is let go."""

    def __init__(self, having: bytes) -> None:
        self.having = having
        self.came, self._go_on = asyncio.Event(), asyncio.Event()

    def let_go(self) -> None:
        """Pass it on; before it came: only see it pass."""
        self._go_on.set()

    async def stop(self) -> None:
        """Hold what has come."""
        self.came.set()
        await self._go_on.wait()


@dataclass
class Call:
    """One connection that goes over a wire."""

    said: bytes = b""  # its first words: who it is that connects
    is_answer_lost: bool = False  # the next


class Wire:
    """Passes bytes on, or fails in the way that it is told to."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._request: bytes | None = None
        self._answer: bytes | None = None
        self._messages_left: int | None = None
        self._is_message_passed = False  # and its answer lost instead
        self._go_on: asyncio.Event | None = None
        self.held = asyncio.Event()  # set when a message is being held
        self.is_hung = False  # take everything, pass nothing on
        self._holds: list[Hold] = []
        self.deaf: bytes | None = None  # pass no answers on to connections that have said this

    @property
    def url(self) -> str:
        """The database's address by way of this wire."""
        user = f"{self._target.username}:{self._target.password or ''}"
        return f"postgres://{user}@127.0.0.1:{self._port}{self._target.path}?sslmode=disable"

    def lead_to(self, url: str) -> None:
        """Lead to another server."""
        self._target = urlsplit(url)

    def lose_request(self, having: bytes = b"") -> None:
        """Break instead of passing on the next request that has this in it."""
        self._request, self._go_on = having, None

    def hold_request(self, having: bytes) -> None:
        """Keep the next request back that has this in it."""
        self._request, self._go_on = having, asyncio.Event()
        self.held.clear()

    def lose_answer(self, having: bytes = b"") -> None:
        """Pass the next request that has this on, and break instead of passing its answer back."""
        self._answer = having

    def hold_answers(self, *having: bytes) -> list[Hold]:
        """Keep the next answers back that have these in them, one each."""
        self._holds = [Hold(found) for found in having]
        return list(self._holds)

    def lose_message(self, number: int) -> None:
        """Break instead of passing on the request of this number, from zero."""
        self._messages_left, self._go_on = number, None

    def lose_answer_to(self, number: int) -> None:
        """Pass the request of this number on, and break instead of passing its answer back."""
        self._messages_left, self._go_on, self._is_message_passed = number, None, True

    def hold_message(self, number: int) -> None:
        """Keep the request of this number back."""
        self._messages_left, self._go_on = number, asyncio.Event()
        self.held.clear()

    def let_go(self) -> None:
        """Pass on what is held, and all that follows."""
        self._messages_left, self._is_message_passed = None, False
        if self._go_on:
            self._go_on.set()

    @property
    def has_failed(self) -> bool:
        """Whether what it was told to lose or to hold has come by."""
        is_waiting = self._messages_left is not None and self._messages_left >= 0
        return self._request is None and self._answer is None and not is_waiting

    async def open(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections, and break those that there are."""
        assert self._server
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        behind: Streams | None = None
        with suppress(OSError, asyncio.CancelledError):
            try:
                behind = await self._connect()
                await self._pass_both_ways((reader, writer), behind)
            finally:
                writer.transport.abort()
                if behind:
                    behind[1].close()

    async def _connect(self) -> Streams:
        folder = parse_qs(self._target.query).get("host", [""])[0]
        if folder:
            port = parse_qs(self._target.query).get("port", ["5432"])[0]
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self._target.hostname, self._target.port or 5432)

    async def _pass_both_ways(self, before: Streams, behind: Streams) -> None:
        """Pass on until either side ends."""
        call = Call()
        ways = {
            asyncio.ensure_future(self._pass_requests(before[0], behind[1], call)),
            asyncio.ensure_future(self._pass_answers(behind[0], before[1], call)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pass_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: Call
    ) -> None:
        while chunk := await reader.read(1 << 16):
            call.said = call.said or chunk
            if self.is_hung:
                await asyncio.Event().wait()
            if self._is_chosen(chunk):
                if self._is_message_passed:
                    self._is_message_passed, call.is_answer_lost = False, True
                elif self._go_on is None:
                    return
                else:
                    self.held.set()
                    await self._go_on.wait()
            if self._answer is not None and self._answer in chunk:
                self._answer, call.is_answer_lost = None, True
            writer.write(chunk)
            await writer.drain()

    async def _pass_answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: Call
    ) -> None:
        while chunk := await reader.read(1 << 16):
            if call.is_answer_lost:
                return
            if self._holds and self._holds[0].having in chunk:
                await self._holds.pop(0).stop()
            if self.deaf is not None and self.deaf in call.said:
                await asyncio.Event().wait()
            writer.write(chunk)
            await writer.drain()

    def _is_chosen(self, chunk: bytes) -> bool:
        if self._request is not None and self._request in chunk:
            self._request = None
            return True
        if self._messages_left is None:
            return False
        self._messages_left -= 1
        return self._messages_left == -1


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[Wire]:
    """Lay a wire to a database."""
    wire = Wire(url)
    await wire.open()
    try:
        yield wire
    finally:
        await wire.close()


@asynccontextmanager
async def wired(api: Api, url: str, **settings: object) -> AsyncIterator[tuple[Person, Wire]]:
    """Somebody whose application reaches the database by a wire, over which it has talked."""
    anna = await api.user("anna")
    pool = {"pool_min": 1, "pool_max": 2, "acquire_timeout_seconds": 0.5}
    async with wire_to(url) as wire, another_api(wire.url, **{**pool, **settings}) as other:
        person = moved(anna, other)
        assert (await person.get("/users/me")).status_code == 200
        yield person, wire


def unavailable(answer: httpx.Response) -> None:
    """Check that an answer is a 503 that says when to come again."""
    refused(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1


FAILING = """
    create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'cannot take %', new.title; end $$;
    create trigger failing before insert on boards for each row execute function fail()"""


@asynccontextmanager
async def failing(db: asyncpg.Connection) -> AsyncIterator[None]:
    """Let the database fail at each new board, in words that hold its title."""
    await db.execute(FAILING)
    try:
        yield
    finally:
        await db.execute("drop function fail() cascade")
