"""A client of the live stream: reads what a server sends, message by message."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from api import Json, Person
from people import COOKIE

SECONDS_MAX = 10.0


@dataclass(frozen=True)
class Message:
    """One block of the stream, as it was sent; at the end, what is left of one."""

    id: str | None = None
    data: Json | None = None
    retry: int | None = None
    beats: int = 0


class Watch:
    """An open stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.messages: list[Message] = []
        self.position: str | None = None  # what a browser would send as Last-Event-ID
        self._text = ""
        self.received = ""  # all of it, to the byte

    async def begin(self) -> None:
        """Read the answer's head."""
        async with asyncio.timeout(SECONDS_MAX):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        self.status = int(first.split(" ")[1])
        pairs = (line.partition(": ") for line in lines)
        self.headers = {name.lower(): value for name, _, value in pairs}

    async def block(self) -> Message | None:
        """Read on to the end of a block; None at the stream's end, where a line may be left."""
        while "\n\n" not in self._text:
            if not await self.read():
                if self._text:
                    self.messages.append(_parsed(self._text))
                return None
        text, _, self._text = self._text.partition("\n\n")
        message = _parsed(text)
        self.messages.append(message)
        if message.id is not None:
            self.position = message.id
        return message

    async def read(self) -> bool:
        """Read what is sent next; False at the stream's end."""
        async with asyncio.timeout(SECONDS_MAX):
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            text = (await self.reader.readexactly(size + 2))[:size].decode()
        self._text += text
        self.received += text
        return size > 0

    async def message(self) -> Json | None:
        """Read on to the next message but the greeting; None at the stream's end."""
        async with asyncio.timeout(SECONDS_MAX):
            while found := await self.block():
                assert found.data is not None, "a block without data"
                if found.data["type"] != "ready":
                    return found.data
        return None

    async def event(self) -> Json:
        """Read on to the next message, which must come."""
        found = await self.message()
        assert found is not None, "the stream has ended"
        return found

    async def ends(self) -> list[Json]:
        """Read to the end, which must come; gives the messages on the way."""
        found = []
        while (message := await self.message()) is not None:
            found.append(message)
        return found

    def drop(self) -> None:
        """Break the connection."""
        self.writer.transport.abort()


def _parsed(text: str) -> Message:
    lines = [line.partition(": ")[::2] for line in text.split("\n")]
    fields = dict(lines)
    data = json.loads(fields["data"]) if "data" in fields else None
    retry = int(fields["retry"]) if "retry" in fields else None
    return Message(fields.get("id"), data, retry, beats=lines.count(("", "")))


@asynccontextmanager
async def until_dropped(opening: Awaitable[Watch]) -> AsyncIterator[Watch]:
    """Have a stream, and break its connection at the end."""
    watch = await opening
    try:
        yield watch
    finally:
        watch.drop()


def watching(
    address: str, person: Person, board_id: str, after: int | str | None = None, **headers: str
) -> AbstractAsyncContextManager[Watch]:
    """Open the stream of a board as somebody; ``after`` goes into the address."""
    return until_dropped(opened(address, person, board_id, after, **headers))


async def opened(
    address: str, person: Person, board_id: str, after: int | str | None = None, **headers: str
) -> Watch:
    """Open a stream that the caller will drop."""
    if COOKIE in person.client.cookies:
        headers = {"cookie": f"{COOKIE}={person.client.cookies[COOKIE]}", **headers}
    return await opened_with(address, board_id, after, **headers)


async def opened_with(
    address: str, board_id: str, after: int | str | None = None, **headers: str
) -> Watch:
    """Open a stream with these headers; by ``accept``, if that is among them, as pages are asked for."""
    where = urlsplit(address)
    own = "events" if "accept" in headers else "events/stream"
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    sent = {"host": where.netloc, **headers}
    query = f"?after={after}" if after is not None else ""
    lines = [f"GET /boards/{board_id}/{own}{query} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in sent.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    watch = Watch(reader, writer)
    await watch.begin()
    return watch
