"""A thousand people who follow one board live, while somebody changes it twice a second."""

import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import asyncpg
from pydantic_core import from_json, to_json

import fill
import load
import servers
from doska.identity.credentials import Tokens
from doska.settings import Settings
from report import Row, Target, share

STREAMS, CHANGES_A_SECOND = 1000, 2
PROGRAM = Path(__file__).parent / "stream_clients.py"
SETTLED_SECONDS = 1
MB = 1e6
# Of boards $1 so many people $2, each seated at one of them.
WATCHERS_MADE = """
    with watchers as (
        insert into users (id, username, name, email, password_hash, avatar_url, created_at)
        select gen_random_uuid(), 'watcher' || n, 'Watcher ' || n, 'watcher' || n || '@example.com',
               '', '/users/watcher/avatar.svg', now()
        from generate_series(1, $2::int) n returning id),
    seats as (
        select w.id, ($1::uuid[])[row_number() over () % cardinality($1::uuid[]) + 1] as board_id
        from watchers w),
    seated as (
        insert into board_users (id, board_id, user_id, role, joined_at)
        select gen_random_uuid(), board_id, id, 'OBSERVER', now() from seats),
    signed_in as (
        insert into sessions (id, user_id, created_at, expires_at, user_agent)
        select gen_random_uuid(), id, now(), now() + interval '1 day', 'benchmark' from seats
        returning id, user_id)
    select s.board_id::text, i.user_id::text, i.id::text as session_id
    from signed_in i join seats s on s.id = i.user_id order by s.board_id"""
WORKS = {
    "10a": ("1,000 streams: delivered, in order", Target("≥", 100, "%")),
    "10b": ("1,000 streams: p99 from request to client", Target("<", 0.5, "s")),
    "10c": ("1,000 streams: CPU a message", Target("≤", 60, "µs")),
    "10d": ("1,000 streams: memory", Target("≤", 150, "MB")),
}


@dataclass
class Crowd:
    """A board, somebody who changes it, the tokens of those who watch; and what was found."""

    database_url: str
    owner: fill.Owner
    board: fill.Board
    tokens: list[str]
    rounds: list[dict[str, float]] = field(default_factory=list)
    objection: str = ""

    @property
    def rows(self) -> list[Row]:
        """Sum up the rounds."""
        found = {number: [turn[number] for turn in self.rounds] for number in WORKS}
        found["10a"] = [min(found["10a"])] if self.rounds else []  # nothing may be lost in any
        return [
            Row(number, work, target, found[number], note=self.objection)
            for number, (work, target) in WORKS.items()
        ]

    def measure(self, seconds: float) -> None:
        """Watch for a while; a server without streams is asked once."""
        if not self.objection:
            try:
                self.rounds.append(_measure(self, seconds))
            except load.LoadError as error:
                self.objection = str(error)

    def change(self, port: int) -> float:
        """Rename a task; gives the time at which it was asked."""
        headers = {"cookie": self.owner.cookie, "content-type": "application/json"}
        body = to_json({"title": f"Renamed {time.monotonic_ns()}"}).decode()
        request = load.Request("PATCH", f"/tasks/{self.board.tasks[0]}", body)
        asked = time.monotonic()
        if load.ask(port, request, headers).status != 200:
            raise load.LoadError("a change was refused")
        return asked


async def crowd(url: str, db: asyncpg.Connection, scene: fill.Scene) -> Crowd:
    """Make the people who watch, and sign them in: by SQL, for hashing their passwords takes long."""
    board = scene.watched
    tokens = Tokens(servers.SECRET, Settings(_env_file=None))
    found = await db.fetch(WATCHERS_MADE, [board.id], STREAMS)
    await db.execute("analyze")
    return Crowd(
        url, scene.owner, board, [tokens.issue(user, sid, is_admin=False) for _, user, sid in found]
    )


def _measure(what: Crowd, seconds: float) -> dict[str, float]:
    """Open all streams on a new server, change the board for a while, and reckon."""
    count = max(2, round(seconds * CHANGES_A_SECOND))
    with servers.doska(what.database_url) as server, _clients(what, server.port, count) as clients:
        time.sleep(SETTLED_SECONDS)
        before = server.cpu_seconds()
        asked = _change_in_time(what, server.port, count)
        seen = from_json(tell(clients, "done"))
        used, memory = server.cpu_seconds() - before, server.memory_bytes()
    times = [seen["times"][seq] for seq in sorted(seen["times"], key=int)]
    delays = [at - start for start, ats in zip(asked, times, strict=False) for at in ats]
    return {
        "10a": seen["whole"] / STREAMS * 100,
        "10b": share(delays, 0.99) if delays else math.inf,
        "10c": used / max(1, len(delays)) * 1e6,
        "10d": memory / MB,
    }


@contextmanager
def _clients(what: Crowd, port: int, events: int) -> Iterator["subprocess.Popen[str]"]:
    """Run the clients, until all their streams are open."""
    path = f"/boards/{what.board.id}/events"
    command, pipe = [sys.executable, str(PROGRAM)], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as clients:
        wish = {"port": port, "path": path, "tokens": what.tokens, "events": events}
        try:
            if tell(clients, to_json(wish).decode()).strip() != "open":
                raise load.LoadError("the streams could not be opened")
            yield clients
        finally:
            clients.kill()


def tell(clients: "subprocess.Popen[str]", line: str) -> str:
    """Send a line, and give the line that answers."""
    pipes = cast("tuple[IO[str], IO[str]]", (clients.stdin, clients.stdout))
    pipes[0].write(f"{line}\n")
    pipes[0].flush()
    return pipes[1].readline()


def _change_in_time(what: Crowd, port: int, count: int) -> list[float]:
    """Change the board so many times, evenly."""
    asked, due = [], time.monotonic()
    for _ in range(count):
        time.sleep(max(0, due - time.monotonic()))
        asked.append(what.change(port))
        due += 1 / CHANGES_A_SECOND
    return asked
