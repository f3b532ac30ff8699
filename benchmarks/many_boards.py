"""Five thousand live streams on a thousand boards, of two servers on one database: how late changes come.

Each board is followed by five people, half of the streams at each server. Boards are changed one
after the other, twenty a second, each change asked of the other server in turn, for longer than a
heartbeat lasts. Told is the time from the request for a change until a stream has it, and how many
streams had theirs. All is on 127.0.0.1, and ends with the command.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg
from pydantic_core import from_json, to_json

import fill
import load
import provenance
import servers
from doska.identity.credentials import Tokens
from doska.settings import Settings
from report import share
from streams import SETTLED_SECONDS, WATCHERS_MADE, tell

BOARDS, STREAMS_OF_EACH, CHANGES_A_SECOND = 1000, 5, 20
SECONDS = 20  # a heartbeat lasts 15
TARGET_MS = 300
ASKERS = 16


@dataclass(frozen=True)
class Found:
    """How late the streams had what was changed, in seconds, and how many should have had it."""

    delays: list[float]
    expected: int
    cpu_seconds: float  # of both servers, for each second that was measured

    @property
    def is_good(self) -> bool:
        """Tell whether all had it, nearly all of them in time."""
        is_whole = len(self.delays) == self.expected
        return is_whole and share(self.delays, 0.95) * 1000 <= TARGET_MS

    def __str__(self) -> str:
        p50, p95 = (share(self.delays, part) * 1000 for part in (0.5, 0.95))
        longest = max(self.delays) * 1000
        return (
            f"| {len(self.delays):,} of {self.expected:,} | {p50:.0f} | {p95:.0f} (≤ {TARGET_MS})"
            f" | {longest:.0f} | {self.cpu_seconds:.2f} | {provenance.others():.1f} |"
        )


@contextmanager
def _clients(streams: list[tuple[int, str, str]]) -> Iterator["subprocess.Popen[str]"]:
    """Run the clients, until all their streams are open."""
    command, pipe = [sys.executable, str(servers.HERE / "many_clients.py")], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as clients:
        try:
            if tell(clients, to_json(streams).decode()).strip() != "open":
                raise load.LoadError("the streams could not be opened")
            yield clients
        finally:
            clients.kill()


def _change(owner: fill.Owner, board: fill.Board, port: int) -> tuple[str, float]:
    """Rename a task; gives its board, and when it was asked."""
    headers = {"cookie": owner.cookie, "content-type": "application/json"}
    request = load.Request("PATCH", f"/tasks/{board.tasks[0]}", '{"title": "Renamed"}')
    asked = time.monotonic()
    if load.ask(port, request, headers).status != 200:
        raise load.LoadError("a change was refused")
    return board.id, asked


def _change_in_time(
    owner: fill.Owner, boards: list[fill.Board], ports: list[int]
) -> dict[str, float]:
    """Change each board once, evenly, whether the one before has been answered or not."""
    due, asking = time.monotonic(), []
    with ThreadPoolExecutor(ASKERS) as askers:
        for number, board in enumerate(boards):
            time.sleep(max(0, due - time.monotonic()))
            asking.append(askers.submit(_change, owner, board, ports[number % len(ports)]))
            due += 1 / CHANGES_A_SECOND
    return dict(asked.result() for asked in asking)


async def _filled(
    db: asyncpg.Connection, owner: fill.Owner
) -> tuple[list[fill.Board], list[tuple[str, str]]]:
    """Make the boards, and people who follow them; gives each with a token."""
    boards = await fill.fill_boards(db, owner, BOARDS, len(fill.COLUMNS))
    ids, count = [board.id for board in boards], BOARDS * STREAMS_OF_EACH
    seated = await db.fetch(WATCHERS_MADE, ids, count)
    await db.execute("analyze")
    tokens = Tokens(servers.SECRET, Settings(_env_file=None))
    return boards, [(b, tokens.issue(user, sid, is_admin=False)) for b, user, sid in seated]


def _measure(
    owner: fill.Owner,
    boards: list[fill.Board],
    watchers: list[tuple[str, str]],
    two: list[servers.Program],
) -> Found:
    ports = [program.port for program in two]
    streams = [
        (ports[number % 2], f"/boards/{board}/events", token)
        for number, (board, token) in enumerate(watchers)
    ]
    with _clients(streams) as clients:
        time.sleep(SETTLED_SECONDS)
        began, before = time.monotonic(), sum(program.cpu_seconds() for program in two)
        asked = _change_in_time(owner, boards, ports)
        seen: dict[str, list[float]] = from_json(tell(clients, str(len(asked) * STREAMS_OF_EACH)))
        used = sum(program.cpu_seconds() for program in two) - before
    delays = [at - asked[board] for board, times in seen.items() for at in times]
    return Found(delays, len(asked) * STREAMS_OF_EACH, used / (time.monotonic() - began))


async def run(seconds: int, rounds: int) -> bool:
    """Measure some rounds, each with new servers; tells whether all were good."""
    found = []
    with servers.postgres() as postgres:
        with servers.doska(postgres.url) as first:
            owner = fill.register(first.port)
        db = await asyncpg.connect(postgres.url)
        boards, watchers = await _filled(db, owner)
        await db.close()
        print("| delivered | p50, ms | p95, ms | slowest, ms | CPU of both, cores | load |")
        print("| --- | --- | --- | --- | --- | --- |", flush=True)
        for turn in range(rounds):
            some = boards[turn * 7 :: 2][: seconds * CHANGES_A_SECOND]
            for board in some:  # a title of its own each time
                board.tasks.append(board.tasks.pop(0))
            with servers.doska(postgres.url) as one, servers.doska(postgres.url) as other:
                found.append(_measure(owner, some, watchers, [one, other]))
            print(found[-1], flush=True)
    return all(turn.is_good for turn in found)


def main() -> None:
    """Read the command line; the exit code tells whether the target is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="at most 24: of a round")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    raise SystemExit(not asyncio.run(run(min(24, options.seconds), options.rounds)))


if __name__ == "__main__":
    main()
