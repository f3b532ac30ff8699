#!/usr/bin/env bash
# asyncpg 0.32.0 gives all hosts of an address one timeout: the first that accepts a connection and says
# nothing (a frozen server, one behind a full backlog) uses all of it, and the next is never tried.
# libpq's connect_timeout is of each host, so that psql with the same address reaches the second.
# Seen: TimeoutError after the whole time, and no connection at the second host; a first host that
# refuses at once costs nothing, and the second is tried.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check asyncpg==0.32.0
cat >try.py <<'PYTHON'
import asyncio
import socket
import time

import asyncpg


async def tried(first: str) -> tuple[str, bool, float]:
    reached = asyncio.Event()

    async def silent(reader, writer):
        await reader.read()
        writer.close()

    async def noting(reader, writer):
        reached.set()
        writer.close()

    hung = await asyncio.start_server(silent, "127.0.0.1")
    second = await asyncio.start_server(noting, "127.0.0.1")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        ports = {"hangs": hung.sockets[0].getsockname()[1], "refuses": closed.getsockname()[1]}
        behind = second.sockets[0].getsockname()[1]
        url = f"postgres://u@127.0.0.1:{ports[first]},127.0.0.1:{behind}/db?sslmode=disable"
        began = time.monotonic()
        try:
            await asyncpg.connect(url, timeout=1)
        except Exception as error:
            kind = type(error).__name__
        return kind, reached.is_set(), time.monotonic() - began


async def main():
    hangs, refuses = await tried("hangs"), await tried("refuses")
    print(f"the first hangs: {hangs[0]}, the second tried: {hangs[1]}")
    print(f"the first refuses: the second tried: {refuses[1]}")
    assert hangs[:2] == ("TimeoutError", False) and hangs[2] > 0.9
    assert refuses[1]


asyncio.run(main())
PYTHON
timeout 60 env/bin/python try.py
