"""Writers on a synchronous pair of PostgreSQL servers: this build beside an older one.

A commit waits until the standby has written it, which may be some milliseconds away. 32 connections
rename tasks of 32 boards; each build has a database of its own on the same pair, and both are
measured in turn within each round.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from pathlib import Path

import asyncpg

import against
import duels
import load
import provenance
import relay
import servers
from doska.postgres import embedded
from doska.postgres.embedded.cluster import SOCKET
from doska.postgres.embedded.programs import find_binaries, means
from report import share
from scene import Measurement, Stage

BEFORE = "a60f445"
WRITERS = BOARDS = 32
TARGET = 5
REPLICATING = """
    select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')"""
SECONDS_MAX = 30
SIDE = duels.Side("doska", duels.patch_tasks, connections=WRITERS)
HEAD = (
    *("build", "writes/s", "p50, ms", "p99, ms"),
    *("Doska, ms CPU", "PostgreSQL, ms CPU", "load"),
)


@contextmanager
def _standby(
    primary: embedded.Server, place: Path, delay_seconds: float
) -> Iterator[embedded.Server]:
    """Copy a server and run the copy as its standby; what it is sent comes back after the delay."""
    place.chmod(0o755)
    folder = place / "standby"
    folder.mkdir(0o755)
    binaries, account = means(folder, find_binaries())
    if account:
        os.chown(folder, account["user"], account["group"])
    command = [str(binaries / "pg_basebackup"), "-R", "-D", str(folder / "pg16"), "-c", "fast"]
    options = {"user": account.get("user"), "group": account.get("group")}
    subprocess.run([*command, "-d", primary.url], check=True, cwd="/", **options)  # type: ignore[call-overload]
    with _at(primary.host, delay_seconds) as host:
        settings = folder / "pg16" / "postgresql.auto.conf"
        settings.write_text(settings.read_text().replace(primary.host, host))
        with embedded.start(folder) as server:
            yield server


def _at(host: str, delay_seconds: float) -> AbstractContextManager[str]:
    """Give the folder of a socket that is so far from a server, there and back."""
    if not delay_seconds:
        return nullcontext(host)
    return relay.delayed(Path(host, SOCKET), delay_seconds / 2)


@asynccontextmanager
async def _pair(delay_seconds: float) -> AsyncIterator[embedded.Server]:
    """Run two servers, of which one commits when the other has written it; gives that one."""
    with (
        servers.postgres() as primary,
        tempfile.TemporaryDirectory(dir="/tmp") as place,  # TMPDIR may be closed
        _standby(primary, Path(place), delay_seconds),
    ):
        db = await asyncpg.connect(primary.url)
        await db.execute("alter system set synchronous_standby_names = '*'")
        await db.execute("select pg_reload_conf()")
        deadline = time.monotonic() + SECONDS_MAX
        while not await db.fetchval(REPLICATING):  # in another process
            if time.monotonic() > deadline:
                raise load.LoadError("the standby does not follow")
            await asyncio.sleep(0.05)
        try:
            yield primary
        finally:
            await db.execute("alter system reset synchronous_standby_names")
            await db.execute("select pg_reload_conf()")  # or the end would wait for the standby
            await db.close()


@asynccontextmanager
async def _staged(primary: embedded.Server, older: Path) -> AsyncIterator[dict[str, Stage]]:
    """Fill a database for each build, and run it."""
    admin = await asyncpg.connect(primary.url)
    async with AsyncExitStack() as stack:
        stages = {}
        for build in against.BUILDS:
            await admin.execute(f"create database {build}")
            url = servers.with_database(primary.url, build)
            sources = older if build == "before" else None
            db, scene = await against.filled(url, sources, BOARDS)
            stack.push_async_callback(db.close)
            stages[build] = Stage(primary, db, scene)
            stages[build].programs["doska"] = stack.enter_context(servers.doska(url, sources))
        yield stages
    await admin.close()


def _line(name: str, found: Measurement) -> str:
    figures = (
        f"{found.rate:.0f} | {found.p50_ms:.1f} | {found.p99_ms:.1f} | {found.app_us / 1e3:.2f}"
    )
    return f"| {name} | {figures} | {found.database_us / 1e3:.2f} | {provenance.others():.1f} |"


async def run(commit: str, seconds: float, rounds: int, delay_ms: float) -> bool:
    """Measure in turn; tells whether the target is reached."""
    with tempfile.TemporaryDirectory() as folder:
        against.checked_out(commit, Path(folder))
        async with (
            _pair(delay_ms / 1e3) as primary,
            _staged(primary, Path(folder) / "src") as stages,
        ):
            for build in against.BUILDS:  # plans, and what is on which board, are known then
                await stages[build].measure(SIDE, seconds)
            print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}", flush=True)
            ratios = [await _round(stages, turn, seconds) for turn in range(rounds)]
    median = share(ratios, 0.5)
    print(f"\n{median:.2f} × the rate of {commit} (≥ {TARGET}): {[round(r, 2) for r in ratios]}")
    return median >= TARGET


async def _round(stages: dict[str, Stage], turn: int, seconds: float) -> float:
    """Give the ratio of their rates."""
    rates = {}
    for build in against.BUILDS[:: -1 if turn % 2 else 1]:
        found = await stages[build].measure(SIDE, seconds)
        print(_line(build, found), flush=True)
        if found.faults:
            raise load.LoadError(f"{found.faults} were refused")
        rates[build] = found.rate
    return rates["now"] / rates["before"]


def main() -> None:
    """Read the command line; the exit code tells whether the target is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", default=BEFORE, help="a commit")
    parser.add_argument("--seconds", type=float, default=5, help="a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay-ms", type=float, default=0, help="to the standby and back")
    o = parser.parse_args()
    raise SystemExit(not asyncio.run(run(o.against, o.seconds, o.rounds, o.delay_ms)))


if __name__ == "__main__":
    main()
