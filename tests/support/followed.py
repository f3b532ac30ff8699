"""Followers that note what they were given, and programs that run them."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from api import Json
from conftest import settings_for
from doctors import KEY
from doska.background.followers import Event, Followers, Handler, follower
from doska.background.listener import Listener
from doska.postgres.database import Connection

SUPPORT = Path(__file__).parent
GATE = 43  # whoever holds this advisory lock keeps `note_behind_gate` from going on
COMMAND = "import followed, doska.cli; followed.declare(); doska.cli.main()"
MAKE = """create table effects (
    number serial, follower text not null, board_id uuid not null, seq bigint not null)"""
WAITS_AT_GATE = """select count(*) > 0 from pg_stat_activity
    where datname = current_database() and wait_event = 'advisory'"""


def noting(name: str) -> Handler:
    """Make a handler whose only effect is a row for each event."""

    async def note(connection: Connection, events: Sequence[Event]) -> None:
        rows = [(name, event.board_id, event.seq) for event in events]
        await connection.executemany(
            "insert into effects (follower, board_id, seq) values ($1, $2, $3)", rows
        )

    return note


async def note_behind_gate(connection: Connection, events: Sequence[Event]) -> None:
    """Have the effect, and wait before it can be committed."""
    await noting("test")(connection, events)
    await connection.execute("select pg_advisory_xact_lock_shared($1)", GATE)


def declare() -> None:
    """Declare a follower in a program of its own."""
    follower("test", note_behind_gate)


def worker(url: str, **handlers: Handler) -> Followers:
    """Make one that hears nothing: it looks for work when told to."""
    return Followers(Listener(settings_for(url)), handlers)


async def work_off(followers: Followers) -> None:
    """Let them do all there is to do; in less time than PostgreSQL leaves a silent transaction."""
    async with asyncio.timeout(9):
        await followers.work_off()


async def effects(db: asyncpg.Connection, board: Json, name: str = "test") -> list[int]:
    """Read which events of a board a follower has noted, in its order."""
    sql = "select seq from effects where board_id = $1 and follower = $2 order by number"
    return [row["seq"] for row in await db.fetch(sql, board["id"], name)]


@contextmanager
def working(folder: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    """Run `doska work` with the declared follower; ended in the end."""
    paths = os.pathsep.join([str(SUPPORT), str(SUPPORT.parent), os.environ.get("PYTHONPATH", "")])
    given = {"DATABASE_URL": url, "SECRET_KEY": KEY, "MIGRATE_ON_START": "false"}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "work"],
        env={**os.environ, "PYTHONPATH": paths, **{f"DOSKA_{n}": v for n, v in given.items()}},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
