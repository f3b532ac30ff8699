"""Bodies that do not come, or a byte at a time: who sends them does not stay."""

import asyncio
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from checks import refused
from people import COOKIE, moved
from slow_sends import BEGINNING, JSON, never_going_on
from stream_server import port_of

IMPATIENT = {"max_body_seconds": 0.2}
COUNT = "select count(*) from boards"


async def a_byte_at_a_time() -> AsyncIterator[bytes]:
    yield BEGINNING
    while True:
        await asyncio.sleep(0)
        yield b"w"


@pytest.mark.parametrize("sent", [never_going_on, a_byte_at_a_time])
async def test_a_body_that_takes_too_long_is_refused_and_nothing_is_done(
    api: Api,
    db: asyncpg.Connection,
    database_url: str,
    sent: Callable[[], AsyncIterator[bytes]],
) -> None:
    """Seen to fail without the bound, and when it began anew with each piece."""
    anna = await api.user("anna")
    boards = await db.fetchval(COUNT)
    async with another_api(database_url, **IMPATIENT) as other, asyncio.timeout(30):
        answer = await moved(anna, other).send("POST", "/boards", content=sent(), headers=JSON)
    refused(answer, 408, "too-slow", limit=0.2)
    assert await db.fetchval(COUNT) == boards


async def test_a_body_in_pieces_that_comes_in_time_is_taken(api: Api, database_url: str) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for piece in (BEGINNING, b" but", b' sure"}'):
            await asyncio.sleep(0)
            yield piece

    anna = await api.user("anna")
    async with another_api(database_url, max_body_seconds=10) as other:
        person = moved(anna, other)
        answer = await person.send("POST", "/boards", content=in_pieces(), headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (201, "Slow but sure")


def request_of(person: Person, address: str) -> bytes:
    """Write a request whose body is told to be longer than what is sent."""
    lines = [
        "POST /boards HTTP/1.1",
        f"host: {urlsplit(address).netloc}",
        f"cookie: {COOKIE}={person.client.cookies[COOKIE]}",
        "content-type: application/json",
        "content-length: 1000",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + BEGINNING


async def test_the_connection_of_a_slow_body_is_closed(api: Api, database_url: str) -> None:
    """Seen to fail without ``Connection: close``: each further byte kept it open."""
    anna = await api.user("anna")
    async with another_api(database_url, **IMPATIENT) as other, port_of(other) as address:
        where = urlsplit(address)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(request_of(anna, address))
        async with asyncio.timeout(30):
            answer = await reader.read()  # to the end of the connection
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/too-slow" in answer
