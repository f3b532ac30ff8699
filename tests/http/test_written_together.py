"""A response's head and body are written at once; what is unusual about one is as it was."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest

from stream_scene import another_port

END = b"\r\n\r\n"
READ_BYTES = 1 << 16
pytestmark = pytest.mark.usefixtures("api")


def first_read(address: str, *lines: str) -> bytes:
    """Ask, and read what comes first; in a thread, which wakes up with the first packet."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.sendall("\r\n".join([*lines, "host: localhost", "", ""]).encode())
        return connection.recv(READ_BYTES)


async def test_a_head_and_its_body_come_in_one_piece(database_url: str) -> None:
    """Seen to fail when uvicorn wrote one after the other."""
    async with another_port(database_url) as (address, _):
        for _ in range(50):
            found = await asyncio.to_thread(first_read, address, "GET /about HTTP/1.1")
            head, _, body = found.partition(END)
            assert body
            assert f"content-length: {len(body)}".encode() in head


async def test_an_answer_to_head_is_its_head(database_url: str) -> None:
    async with another_port(database_url) as (address, _):
        found = await asyncio.to_thread(first_read, address, "HEAD /about HTTP/1.1")
    assert found.endswith(END)
    assert b"content-length: 0" not in found


async def test_who_closes_after_the_answer_is_told_so_with_it(database_url: str) -> None:
    async with another_port(database_url) as (address, _):
        asked = ("GET /about HTTP/1.1", "connection: close")
        found = await asyncio.to_thread(first_read, address, *asked)
    assert b"\r\nconnection: close\r\n" in found
