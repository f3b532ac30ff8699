"""``make bench AGAINST=COMMIT``: this build beside an older one, each on its own database.

The older sources are taken out of git into a temporary folder and run by the same interpreter with
the same packages. Both fill boards of the same shape, without descriptions of any length, labels or
comments, and are measured in turn within each round. What counts is the ratio.
"""

import argparse
import asyncio
import io
import random
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

import duels
import fill
import load
import provenance
import report
import servers
from report import Row, Spread, Target
from scene import UNCACHED, Measurement, Stage

SMALL, USUAL = 4, 70  # boards of 500 tasks
BUILDS = ("before", "now")


@dataclass(frozen=True)
class Work:
    """A row: what both builds are asked, where, and how much faster the later one has to be."""

    name: str
    least: float
    boards: int
    requests: duels.Requests
    expected: int = 200
    connections: int = load.CONNECTIONS
    is_cached: bool = True
    of: Callable[[Measurement], float] = field(default=lambda m: m.rate)
    unit: str = "× its rate"

    @property
    def side(self) -> duels.Side:
        """What one build is asked."""
        server = "doska" if self.is_cached else "uncached"
        is_ordered = self.requests is _changed_snapshots
        return duels.Side(
            server, self.requests, self.expected, self.connections, is_ordered=is_ordered
        )


def _cost(measured: Measurement) -> float:
    """Give how many requests a second of processor time pays for, both programs together."""
    return 1e6 / (measured.app_us + measured.database_us)


def _changed_snapshots(scene: fill.Scene, count: int) -> Iterator[load.Request]:
    """Rename a task and read its board, in turn: each snapshot is one event newer."""
    for patch in duels.patch_tasks_of_one(scene, (count + 1) // 2):
        yield patch
        yield from duels.read_snapshot(scene, 1)


MOVE, PATCH, CREATE = duels.move_tasks, duels.patch_tasks, duels.create_tasks
WORKS = {
    "1a": Work("patch among 2,000 tasks", 2, SMALL, PATCH),
    "1b": Work("move among 2,000 tasks", 2, SMALL, MOVE),
    "2a": Work("create among 35,000", 1.5, USUAL, CREATE, 201),
    "2b": Work("move among 35,000", 1.5, USUAL, MOVE),
    "2c": Work("patch among 35,000", 1.5, USUAL, PATCH),
    "3": Work("50 writers on one board", 3, USUAL, duels.move_tasks_of_one, connections=50),
    "5": Work("snapshot, nothing kept", 2.5, USUAL, duels.read_snapshot, is_cached=False),
    "6": Work("change and snapshot", 6, USUAL, _changed_snapshots, connections=1, of=_cost,
              unit="× less CPU"),
    "8": Work("read one task", 1.2, USUAL, duels.read_tasks),
}  # fmt: skip


@asynccontextmanager
async def _staged(sources: Path, works: list[Work]) -> AsyncIterator[dict[tuple[str, int], Stage]]:
    """Fill a database for each build and size, and run each build on its own."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(servers.postgres())
        admin = await asyncpg.connect(servers.with_database(postgres.url, "postgres"))
        stages = {}
        for boards in sorted({work.boards for work in works}):
            for build in BUILDS:
                name = f"{build}{boards}"
                await admin.execute(f"create database {name}")
                url = servers.with_database(postgres.url, name)
                older = sources if build == "before" else None
                db, scene = await filled(url, older, boards)
                stack.push_async_callback(db.close)
                stage = Stage(postgres, db, scene)
                stage.programs["doska"] = stack.enter_context(servers.doska(url, older))
                stage.programs["uncached"] = stack.enter_context(
                    servers.doska(url, older, **UNCACHED)
                )
                stages[build, boards] = stage
        await admin.close()
        yield stages


async def filled(
    url: str, sources: Path | None, boards: int
) -> tuple[asyncpg.Connection, fill.Scene]:
    """Fill a database through a build's own migrations; gives a connection, and what is there."""
    with servers.doska(url, sources) as doska:
        owner = fill.register(doska.port)
    db = await asyncpg.connect(url)
    made = await fill.fill_boards(db, owner, boards, fill.TASKS)
    return db, fill.Scene(owner, made, *[made[0]] * 6)


async def _round(stages: dict[tuple[str, int], Stage], work: Work, turn: int, seconds: float
                 ) -> dict[str, Measurement]:  # fmt: skip
    order = BUILDS if turn % 2 else BUILDS[::-1]
    return {build: await stages[build, work.boards].measure(work.side, seconds) for build in order}


def _row(number: str, work: Work, rounds: list[dict[str, Measurement]], objection: str) -> Row:
    sides = {
        build: {
            name: Spread.of([found[build].figures[name] for found in rounds])
            for name in rounds[0][build].figures
        }
        for build in BUILDS
        if rounds
    }
    faults = sum(found[build].faults for found in rounds for build in BUILDS)
    ratios = [work.of(found["now"]) / work.of(found["before"]) for found in rounds]
    return Row(
        number, work.name, Target("≥", work.least, work.unit), ratios, sides, faults, objection
    )


async def run(options: argparse.Namespace) -> list[Row]:
    """Measure all rows that are asked for."""
    random.seed(1)
    works = {n: work for n, work in WORKS.items() if not options.only or n in options.only
             or n.rstrip("abc") in options.only}  # fmt: skip
    found: dict[str, list[dict[str, Measurement]]] = {number: [] for number in works}
    with tempfile.TemporaryDirectory() as folder:
        commit = checked_out(options.against, Path(folder))
        async with _staged(Path(folder) / "src", list(works.values())) as stages:
            objections = {n: _objection(stages, work) for n, work in works.items()}
            for turn in range(options.rounds):
                for number, work in works.items():
                    if not objections[number]:
                        found[number].append(await _round(stages, work, turn, options.seconds))
                print(f"round {turn + 1} of {options.rounds} done", flush=True)
            about = await _about(stages, options, commit)
    rows = [_row(n, work, found[n], objections[n]) for n, work in works.items()]
    print(report.facts(about), report.table(rows), sep="\n\n", flush=True)
    if not (options.only or options.quick):
        report.keep(rows, about, f"{provenance.today()}-{provenance.commit()}-against-{commit}")
    return rows


def _objection(stages: dict[tuple[str, int], Stage], work: Work) -> str:
    duel = duels.Duel(work.name, Target("≥", 1, ""), work.side, work.side)
    found = (stages[build, work.boards].objection(duel) for build in BUILDS)
    return next((said for said in found if said), "")


async def _about(
    stages: dict[tuple[str, int], Stage], options: argparse.Namespace, commit: str
) -> dict[str, object]:
    stage = next(iter(stages.values()))
    return {
        "commit": f"{provenance.commit()}, before: {commit}",
        "date": provenance.today(),
        "machine": provenance.machine(),
        "versions": await provenance.versions(stage.db),
        "rounds": f"{options.rounds}, {options.seconds:g} s a measurement",
        "generator": provenance.generator(),
    }


def checked_out(commit: str, folder: Path) -> str:
    """Take a commit's sources out of git; give its short name."""
    packed = _git("archive", commit, "src", "migrations", "pyproject.toml")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return _git("rev-parse", "--short", commit).decode().strip()


def _git(*command: str) -> bytes:
    root = Path(__file__).parent.parent
    return subprocess.check_output(["git", *command], cwd=root)  # noqa: S607  # the developer's own


def main() -> None:
    """Read the command line; the exit code tells whether all targets are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("against", help="a commit")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="a measurement")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="rows: 1,2a")
    parser.add_argument("--quick", action="store_true", help="for trying: nothing is kept")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 2
    rows = asyncio.run(run(options))
    raise SystemExit(any(row.verdict != "pass" for row in rows))


if __name__ == "__main__":
    main()
