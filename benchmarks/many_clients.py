"""Many clients of live streams of many boards, in a process of their own: they note when events come.

It reads one line of JSON: the streams, each a port, a path and a token. It prints a line when all
are open. A second line says how many events they are to get in all; then it prints one of JSON: for
each board the times (monotonic, in seconds) at which its streams had something.
"""

import asyncio
import sys
import time
from functools import partial

import uvloop
from pydantic_core import from_json, to_json

from stream_clients import AT_ONCE, WAIT_SECONDS, Client, Streams, request_for, same

TICK_SECONDS = 0.05


async def _open(asked: list[tuple[int, str, str]], boards: dict[str, Streams]) -> None:
    loop = asyncio.get_running_loop()
    for first in range(0, len(asked), AT_ONCE):
        clients = []
        for port, path, token in asked[first : first + AT_ONCE]:
            board = boards.setdefault(path.split("/")[2], Streams(sys.maxsize))
            client = Client(board, request_for(path, token))
            await loop.create_connection(partial(same, client), "127.0.0.1", port)
            clients.append(client)
        if not all(await asyncio.gather(*(client.opened for client in clients))):
            sys.exit("a stream was refused")


def _had(boards: dict[str, Streams]) -> dict[str, list[float]]:
    return {
        name: [at for times in board.times.values() for at in times]
        for name, board in boards.items()
        if board.times
    }


async def watch() -> None:
    """Open the streams, wait for what is to come, and tell."""
    boards: dict[str, Streams] = {}
    await _open(from_json(sys.stdin.readline()), boards)
    print("open", flush=True)
    expected = int(await asyncio.to_thread(sys.stdin.readline))
    deadline = time.monotonic() + WAIT_SECONDS
    while sum(map(len, _had(boards).values())) < expected and time.monotonic() < deadline:  # noqa: ASYNC110  # counted
        await asyncio.sleep(TICK_SECONDS)
    print(to_json(_had(boards)).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(watch())
