"""Writers on a synchronous pair of PostgreSQL servers: this build beside an older one.

A commit waits until the standby has written it. 32 connections rename tasks of 32 boards; each
build has a database of its own on the same pair, and both are measured in turn within each round.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

import against
import duels
import load
import provenance
import servers
from doska.postgres import embedded
from doska.postgres.embedded.programs import find_binaries, means
from report import share
from scene import Measurement, Stage

BEFORE = "a60f445"
WRITERS = BOARDS = 32
TARGET = 5
REPLICATING = """
    select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')"""
SECONDS_MAX = 30


@contextmanager
def _standby(primary: embedded.Server, place: Path) -> Iterator[embedded.Server]:
    """Copy a server and run the copy as its standby."""
    place.chmod(0o755)
    folder = place / "standby"
    folder.mkdir(0o755)
    binaries, account = means(folder, find_binaries())
    if account:
        os.chown(folder, account["user"], account["group"])
    command = [str(binaries / "pg_basebackup"), "-R", "-D", str(folder / "pg16"), "-c", "fast"]
    options = {"user": account.get("user"), "group": account.get("group")}
    subprocess.run([*command, "-d", primary.url], check=True, cwd="/", **options)  # type: ignore[call-overload]
    with embedded.start(folder) as server:
        yield server


@asynccontextmanager
async def _pair() -> AsyncIterator[embedded.Server]:
    """Run two servers, of which one commits when the other has written it; gives that one."""
    with (
        servers.postgres() as primary,
        tempfile.TemporaryDirectory(dir="/tmp") as place,  # TMPDIR may be closed
        _standby(primary, Path(place)),
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


async def run(commit: str, seconds: float, rounds: int) -> bool:
    """Measure in turn; tells whether the target is reached."""
    side, ratios = duels.Side("doska", duels.patch_tasks, connections=WRITERS), []
    head = (
        "build",
        "writes/s",
        "p50, ms",
        "p99, ms",
        "Doska, ms CPU",
        "PostgreSQL, ms CPU",
        "load",
    )
    with tempfile.TemporaryDirectory() as folder:
        against.checked_out(commit, Path(folder))
        async with _pair() as primary, _staged(primary, Path(folder) / "src") as stages:
            print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}", flush=True)
            for turn in range(rounds):
                found = {}
                for build in against.BUILDS[:: -1 if turn % 2 else 1]:
                    found[build] = await stages[build].measure(side, seconds)
                    print(_line(build, found[build]), flush=True)
                    if found[build].faults:
                        raise load.LoadError(f"{found[build].faults} were refused")
                ratios.append(found["now"].rate / found["before"].rate)
    median = share(ratios, 0.5)
    print(f"\n{median:.2f} × the rate of {commit} (≥ {TARGET}): {[round(r, 2) for r in ratios]}")
    return median >= TARGET


def main() -> None:
    """Read the command line; the exit code tells whether the target is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", default=BEFORE, help="a commit")
    parser.add_argument("--seconds", type=float, default=5, help="a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    raise SystemExit(not asyncio.run(run(options.against, options.seconds, options.rounds)))


if __name__ == "__main__":
    main()
