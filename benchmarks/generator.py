"""The load generator where wrk is not installed: the same requests, the same result line.

``bench.py`` tells what it costs and how fast it is at a trivial answer, to show that it does not
hold the servers back.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import cast

import uvloop
from pydantic_core import to_json

from report import share

MARK = "RESULT "


class Run:
    """What all connections share: the requests, and the count of what came of them."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.took: list[float] = []  # seconds, of each answered request
        self.bytes = self.refused = self.broken = 0
        self.is_over = False


class Client(asyncio.Protocol):
    """A connection: it sends the next request as soon as it has its answer."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._buffer = b""
        self._sent_at = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is whole; requests are not pipelined."""
        self._buffer += data
        head, mark, _ = self._buffer.partition(b"\r\n\r\n")
        if not mark or len(self._buffer) < len(head) + len(mark) + _body_bytes(head):
            return
        self._run.took.append(time.perf_counter() - self._sent_at)
        self._run.bytes += len(self._buffer)
        self._run.refused += head[9:10] not in b"23"
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count what the server broke off."""
        del exc
        self._run.broken += not self._run.is_over

    def _ask(self) -> None:
        if self._run.is_over or self.transport is None:
            return
        self._buffer, self._sent_at = b"", time.perf_counter()
        self.transport.write(next(self._run.requests))

    def has_waited(self, seconds: float) -> bool:
        """Tell whether the request that is out has been for so long."""
        return time.perf_counter() - self._sent_at > seconds


def _body_bytes(head: bytes) -> int:
    """Read how long the body is; what has none (204, 304) says so or is silent."""
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


def read_requests(file: Path, port: int) -> list[bytes]:
    """Read the file that ``load`` writes: headers, an empty line, a request a line."""
    lines = file.read_text().splitlines()
    end = lines.index("")
    headers = "".join(f"{line}\r\n" for line in [f"host: 127.0.0.1:{port}", *lines[:end]])
    return [_request(line, headers) for line in lines[end + 1 :]]


def _request(line: str, headers: str) -> bytes:
    method, path, body = line.split("\t", 2)
    length = f"content-length: {len(body.encode())}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\n{headers}{length}\r\n{body}".encode()


async def drive(port: int, file: Path, seconds: float, connections: int, limit: float) -> None:
    """Send for a while, and print what came of it."""
    run = Run(cycle(read_requests(file, port)))
    loop = asyncio.get_running_loop()
    opened = [
        loop.create_connection(lambda: Client(run), "127.0.0.1", port) for _ in range(connections)
    ]
    started = time.perf_counter()
    clients = [client for _, client in await asyncio.gather(*opened)]
    await asyncio.sleep(seconds)
    run.is_over = True
    run.broken += sum(client.has_waited(limit) for client in clients)
    _tell(run, time.perf_counter() - started)


def _tell(run: Run, seconds: float) -> None:
    took = [seconds * 1e6 for seconds in run.took] or [0.0]
    found = {"requests": len(run.took), "microseconds": round(seconds * 1e6), "bytes": run.bytes}
    faults = {"refused": run.refused, "broken": run.broken}
    print(
        MARK
        + to_json({**found, **faults, "p50": share(took, 0.5), "p99": share(took, 0.99)}).decode()
    )


def main() -> None:
    """Run; the arguments come from ``load``."""
    port, file, seconds, connections, limit = sys.argv[1:]
    uvloop.run(drive(int(port), Path(file), float(seconds), int(connections), float(limit)))


if __name__ == "__main__":
    main()
