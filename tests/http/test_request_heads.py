"""A request's head has a bound, and nothing of one that is longer is parsed."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api import Api
from doska.http.protocol import HEAD_BYTES_MAX, FastProtocol, PureProtocol
from people import token_of
from programs import COMMAND, Served, a_data_folder, run, serving
from stream_server import port_of

START = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n"
END = b"\r\n\r\n"
WITHOUT_HTTPTOOLS = (
    sys.executable,
    "-c",
    "import sys; sys.modules['httptools'] = None; from doska.cli import main; main()",
)
HUGE = 64 << 20


class Wire:
    """A connection on which anything can be said."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, data: bytes, piece: int = HUGE) -> None:
        for start in range(0, len(data), piece):
            self.writer.write(data[start : start + piece])
            await self.writer.drain()
            await asyncio.sleep(0)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(END)).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        return (
            int(head[0].split()[1]),
            headers,
            await self.reader.readexactly(int(headers.get("content-length", "0"))),
        )

    async def status(self) -> int:
        return (await self.answer())[0]

    async def is_refused(self, status: int = 431, kind: str = "head-too-large") -> None:
        found, headers, body = await self.answer()
        assert found == status
        assert headers["content-type"] == "application/problem+json"
        assert headers["connection"] == "close"
        problem = json.loads(body)
        assert problem["type"] == f"/problems/{kind}"
        assert problem["request_id"] == headers["x-request-id"]
        assert await self.reader.read() == b""

    async def is_broken_off(self) -> None:
        with suppress(ConnectionResetError):
            assert await self.reader.read() == b""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Wire]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


@pytest.fixture(params=[FastProtocol, PureProtocol], ids=["httptools", "h11"])
async def wire(api: Api, request: pytest.FixtureRequest) -> AsyncIterator[Wire]:
    async with port_of(api, protocol=request.param) as url, connected(url) as opened:
        yield opened


def in_a_header(size: int) -> bytes:
    room = size - len(START) - len(b"x: ") - len(END)
    return START + b"x: " + b"a" * room + END


def in_many_headers(size: int) -> bytes:
    room = size - len(START) - len(END)
    lines = [b"x: %d\r\n" % number for number in range(10_000, 9_999 + room // 10)]
    return START + b"".join(lines) + b"y:" + b"a" * (room - 10 * len(lines) - 2) + END


def in_the_address(size: int) -> bytes:
    first, last = START.split(b" ", 1)[0] + b" /health/live?", b" HTTP/1.1\r\nhost: localhost" + END
    return first + b"a" * (size - len(first) - len(last)) + last


HEADS = [in_a_header, in_many_headers, in_the_address]
Head = Callable[[int], bytes]


@pytest.mark.parametrize("piece", [HUGE, 1000])
@pytest.mark.parametrize("head", HEADS)
async def test_a_head_may_have_64_kib_and_not_a_byte_more(
    wire: Wire, head: Head, piece: int
) -> None:
    """Seen to fail with uvicorn alone: httptools takes any head, h11 16 KiB at most."""
    most = head(HEAD_BYTES_MAX)
    assert len(most) == HEAD_BYTES_MAX == 65_536
    await wire.say(most, piece)
    assert await wire.status() == 200
    await wire.say(head(HEAD_BYTES_MAX + 1), piece)
    await wire.is_refused()


async def test_a_head_that_has_not_ended_is_refused_at_once(wire: Wire) -> None:
    await wire.say(in_a_header(HEAD_BYTES_MAX + 4)[:-4])
    await wire.is_refused()


async def test_who_sends_64_mb_gets_the_answer(wire: Wire) -> None:
    """Seen to fail when the connection was closed at once: it was reset."""
    await wire.say(in_a_header(HUGE))
    await wire.is_refused()


async def test_each_request_has_a_head_of_its_own(wire: Wire) -> None:
    for _ in range(3):
        await wire.say(in_a_header(HEAD_BYTES_MAX // 2 + 100))
        assert await wire.status() == 200
    await wire.say(in_a_header(HEAD_BYTES_MAX // 2) * 3)
    assert [await wire.status() for _ in range(3)] == [200] * 3


async def test_a_body_is_not_part_of_the_head(wire: Wire, api: Api) -> None:
    cookie = f"doska_session={token_of(await api.user('anna'))}"
    body = json.dumps({"title": "Long", "description": "x" * 500_000}).encode()
    start = (
        f"POST /boards HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-type: application/json"
    )
    for _ in range(2):
        await wire.say(f"{start}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body, 5000)
        assert await wire.status() == 422
    halves = [b"%x\r\n%s\r\n" % (len(half), half) for half in (body[:9], body[9:])]
    await wire.say(f"{start}\r\ntransfer-encoding: chunked\r\n\r\n".encode())
    await wire.say(b"".join(halves) + b"0\r\n\r\n")
    assert await wire.status() == 422


async def test_what_is_left_of_a_refused_body_is_not_a_head(wire: Wire) -> None:
    await wire.say(b"POST /users HTTP/1.1\r\nhost: a\r\ncontent-length: 2000000\r\n\r\n")
    assert await wire.status() == 413
    await wire.say(b" " * 2_000_000)
    await wire.say(START + b"\r\n")
    assert await wire.status() == 200


@pytest.mark.parametrize("trailer", [b"x: " + b"a" * 140_000, b"x: a\r\n" * 24_000])
async def test_trailers_have_the_same_bound(wire: Wire, trailer: bytes) -> None:
    """A part of one that came with the body is not counted. Seen to fail without a count."""
    start = b"POST /auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    await wire.say(start + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    with suppress(ConnectionResetError, BrokenPipeError):
        await wire.say(trailer, 5000)
    await wire.is_broken_off()


async def test_what_is_no_http_is_refused_as_all_else_is(wire: Wire) -> None:
    await wire.say(b"GET / HTTP/1.1\r\n: no name\r\n\r\n")
    await wire.is_refused(400, "bad-request")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        yield place


@pytest.mark.parametrize("command", [COMMAND, WITHOUT_HTTPTOOLS], ids=["httptools", "h11"])
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_the_program_refuses_them_however_it_is_started(
    folder: Path, command: tuple[str, ...], workers: str
) -> None:
    with serving(folder, "--workers", workers, command=command) as server:
        await refuses_a_huge_head(server)


async def refuses_a_huge_head(server: Served) -> None:
    async with connected(server.url.replace("localhost", "127.0.0.1")) as wire:
        await wire.say(in_a_header(HUGE))
        await wire.is_refused()
    async with connected(server.url.replace("localhost", "127.0.0.1")) as wire:
        await wire.say(in_a_header(HEAD_BYTES_MAX))
        assert await wire.status() == 200
