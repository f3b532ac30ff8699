"""Load from a process of its own: so many requests a second whether they are answered or not.

It reads one line of JSON: port, requests (each as it is sent), rate (a second; 0: each connection
asks as soon as it has its answer), connections (at most), seconds, and how long it waits in the
end. It prints one of JSON: for each kind of answer how many seconds each took, and how many
requests had none. A kind is a status; who was refused after they had stood in a board's line, is
another.
"""

import asyncio
import sys
import time
from collections import defaultdict
from itertools import cycle
from typing import cast

import uvloop
from pydantic_core import from_json, to_json

TICK_SECONDS = 0.005
LINE = b"Too many are working on this at once."


class Run:
    """What is to be sent, and what came of it."""

    def __init__(self, port: int, requests: list[str], connections_max: int) -> None:
        self.port, self.connections_max = port, connections_max
        self.requests = cycle([request.encode() for request in requests])
        self.took: dict[str, list[float]] = defaultdict(list)
        self.idle: list[Client] = []
        self.open = self.sent = self.unsent = 0
        self.is_closed_loop = self.is_over = False

    async def ask(self) -> None:
        """Send one request, over a connection that has nothing to do, or over a new one."""
        if self.idle:
            self.idle.pop().ask()
        elif self.open < self.connections_max:
            self.open += 1
            try:
                loop = asyncio.get_running_loop()
                await loop.create_connection(lambda: Client(self), "127.0.0.1", self.port)
            except OSError:
                self.open -= 1
                self.unsent += 1
        else:
            self.unsent += 1

    @property
    def answered(self) -> int:
        """Tell how many answers there were."""
        return sum(len(took) for took in self.took.values())


class Client(asyncio.Protocol):
    """A connection; requests are not pipelined."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._buffer, self._left, self._sent_at = b"", -1, 0.0
        self._kind = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self.ask()

    def ask(self) -> None:
        """Send the next request."""
        assert self._transport
        self._buffer, self._left, self._sent_at = b"", -1, time.perf_counter()
        self._run.sent += 1
        self._transport.write(next(self._run.requests))

    def data_received(self, data: bytes) -> None:
        """Count down what is left of the answer."""
        if self._left < 0:
            self._buffer += data
            head, mark, body = self._buffer.partition(b"\r\n\r\n")
            if not mark:
                return
            self._kind = head[9:12].decode()
            self._left = _body_bytes(head) - len(body)
        else:
            self._left -= len(data)
        if self._kind == "503" and LINE in data:
            self._kind = "line"
        if self._left <= 0:
            self._is_answered()

    def _is_answered(self) -> None:
        self._run.took[self._kind].append(time.perf_counter() - self._sent_at)
        if self._run.is_closed_loop and not self._run.is_over:
            self.ask()
        else:
            self._run.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; a request that was out has no answer."""
        del exc
        self._run.open -= 1
        if self in self._run.idle:
            self._run.idle.remove(self)


def _body_bytes(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


async def drive() -> None:
    """Send for a while, wait for the last answers, and tell."""
    asked = from_json(sys.stdin.readline())
    run = Run(asked["port"], asked["requests"], asked["connections"])
    run.is_closed_loop = not asked["rate"]
    began = time.perf_counter()
    if run.is_closed_loop:
        await asyncio.gather(*(run.ask() for _ in range(run.connections_max)))
        await asyncio.sleep(asked["seconds"])
    else:
        await _at_rate(run, asked["rate"], asked["seconds"])
    run.is_over, seconds = True, time.perf_counter() - began
    good = len(run.took["200"])  # what is answered while the load lasts is what counts
    deadline = time.perf_counter() + asked["patience"]
    while run.answered < run.sent and time.perf_counter() < deadline:  # noqa: ASYNC110  # polled, as all here
        await asyncio.sleep(TICK_SECONDS)
    found = {"seconds": seconds, "good": good, "sent": run.sent, "unsent": run.unsent}
    found["unanswered"] = run.sent - run.answered
    print(to_json({**found, "took": run.took}).decode(), flush=True)


async def _at_rate(run: Run, rate: float, seconds: float) -> None:
    began, due = time.perf_counter(), 0
    asking: set[asyncio.Task[None]] = set()
    while (passed := time.perf_counter() - began) < seconds:
        while due < passed * rate:
            due += 1
            if run.idle:
                run.idle.pop().ask()
            else:
                asking.add(task := asyncio.create_task(run.ask()))
                task.add_done_callback(asking.discard)
        await asyncio.sleep(TICK_SECONDS)


if __name__ == "__main__":
    uvloop.run(drive())
