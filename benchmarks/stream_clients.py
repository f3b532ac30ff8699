"""Many clients of one board's live stream, in a process of their own: they only read and note when.

It reads one line of JSON: port, path, tokens (one a stream), and how many events each stream is to
get. It prints a line when all streams are open, and at the end one of JSON: for each event the
times (monotonic, in seconds) at which the streams had it, and how many streams had all, in order.
"""

import asyncio
import sys
import time
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import cast

import uvloop
from pydantic_core import from_json, to_json

AT_ONCE = 50  # connections that are opened together
GREETING = b'{"type":"ready"'
WAIT_SECONDS = 10  # for the last events, once they have been asked for


class Streams:
    """What all streams have had."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.times: dict[int, list[float]] = defaultdict(list)
        self.left = 0  # streams that have not had all
        self.all_had = asyncio.Event()

    def had(self, seq: int, at: float) -> None:
        """Note an event."""
        self.times[seq].append(at)

    def is_whole(self) -> None:
        """Note that a stream has had all that was to come."""
        self.left -= 1
        if not self.left:
            self.all_had.set()


class Client(asyncio.Protocol):
    """A stream: it notes each event's number, and when it came; the greeting says it is open."""

    def __init__(self, streams: Streams, request: bytes) -> None:
        self._streams, self._request = streams, request
        self._rest = b""
        self.seqs: list[int] = []
        self.opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take blocks as they come; chunk marks are passed by."""
        at = time.monotonic()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            head, _, told = block.partition(b"\ndata: ")
            if not told.startswith(GREETING):
                position = head.rpartition(b"id: ")[2]
                self._take(int(position.partition(b".")[0]), at)
            elif not self.opened.done():
                self.opened.set_result(True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for the beginning."""
        del exc
        if not self.opened.done():
            self.opened.set_result(False)

    def _take(self, seq: int, at: float) -> None:
        self.seqs.append(seq)
        self._streams.had(seq, at)
        if len(self.seqs) == self._streams.expected:
            self._streams.is_whole()

    @property
    def is_in_order(self) -> bool:
        """Tell whether it had each event once, and one after the other."""
        first = self.seqs[0] if self.seqs else 0
        return self.seqs == list(range(first, first + self._streams.expected))


def request_for(path: str, token: str) -> bytes:
    """Write the request for a stream."""
    lines = [f"GET {path} HTTP/1.1", "host: 127.0.0.1", "accept: text/event-stream"]
    return "\r\n".join([*lines, f"authorization: Bearer {token}", "", ""]).encode()


async def _open(port: int, path: str, tokens: list[str], streams: Streams) -> list[Client]:
    loop = asyncio.get_running_loop()
    clients = [Client(streams, request_for(path, token)) for token in tokens]
    streams.left = len(clients)
    for first in range(0, len(clients), AT_ONCE):
        some = clients[first : first + AT_ONCE]
        made = (loop.create_connection(partial(same, c), "127.0.0.1", port) for c in some)
        await asyncio.gather(*made)
        if not all(await asyncio.gather(*(client.opened for client in some))):
            sys.exit("a stream was refused")
    return clients


def same(client: Client) -> Client:
    """Give the protocol of a connection that is yet to be made."""
    return client


async def watch() -> None:
    """Open the streams, wait for what is to come, and tell."""
    asked = from_json(sys.stdin.readline())
    streams = Streams(asked["events"])
    clients = await _open(asked["port"], asked["path"], asked["tokens"], streams)
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)  # a line says that the last has been asked for
    with suppress(TimeoutError):  # what is missing shows in the count
        await asyncio.wait_for(streams.all_had.wait(), WAIT_SECONDS)
    whole = sum(client.is_in_order for client in clients)
    print(to_json({"times": streams.times, "whole": whole}).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(watch())
