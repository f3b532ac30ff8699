"""``make bench-ui``: measure the interface in a real browser, print the table, keep it under ``results/``.

A board of 1,000 tasks on a ``doska serve`` for each way to build the interface (browser/variants.mjs),
all on one database, visited by Chromium in turns (browser/measure.mjs).
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

import fill
import provenance
import report
import servers
from report import Row, Spread, Target

ROOT = Path(__file__).parents[1]
BROWSER = ROOT / "benchmarks" / "browser"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
VARIANTS = ("doska", "all", "dnd", "dnd-all", "react")
TASKS, EVENTS = 1_000, 500
COOKIE = "doska_bench"  # one for all: else each port has its own
HEAD = ("", "work", "target", "found", "who", "CPU ms", "script ms", "style and layout ms")
# Planka 2's client as built from its commit a8dcd7c with Vite 7.3.2, compressed, before the first card.
PLANKA_KB = 2_233 + 162
# Its first screen of 1,000 cards, and the main thread's time for that: on another machine.
PLANKA_PAINTED_S, PLANKA_CPU_S = 12.5, 9.8

Found = dict[str, Any]  # one visit
Rounds = list[dict[str, Found]]


def rows(rounds: Rounds) -> Iterator[Row]:
    """Judge what was found."""
    yield one("1", "JS of a board, compressed", Target("≤", 60, "kB"), rounds, kilobytes(".js"))
    size = kilobytes(".js", ".css")
    planka = Target("≤", 1 / 35, f"× Planka 2's {PLANKA_KB:,} kB")
    yield one("2", "JS and CSS, compressed", planka, rounds, lambda visit: size(visit) / PLANKA_KB)
    work = "requests after the page, before the cards"
    yield one("3", work, Target("≤", 4, "requests"), rounds, requests)
    yield from loading(rounds)
    yield from changing(rounds)
    yield from remembering(rounds)


def loading(rounds: Rounds) -> Iterator[Row]:
    """Judge how the board is opened."""
    yield against(rounds, "4a", "load", "load", 0.5, "all")
    yield against(rounds, "4b", "load", "load", 0.6, "react")
    painted = Target("≤", PLANKA_PAINTED_S / 10, "s (a tenth of Planka's, elsewhere)")
    yield one("5a", "first cards painted", painted, rounds, lambda v: v["load"]["painted"] / 1e3)
    cpu = Target("≤", PLANKA_CPU_S / 10, "s (a tenth of Planka's, elsewhere)")
    yield one("5b", "CPU of a load", cpu, rounds, lambda visit: visit["load"]["cpu"] / 1e3)


def changing(rounds: Rounds) -> Iterator[Row]:
    """Judge dragging, and what others do."""
    yield against(rounds, "6a", "drag of 60 steps", "drag", 0.6, "dnd")
    yield against(rounds, "6b", "drag of 60 steps", "drag", 0.6, "dnd-all")
    yield against(rounds, "6c", "drag of 60 steps", "drag", 0.4, "react")
    yield against(rounds, "7a", "a move by others", "move", 0.6, "all")
    yield against(rounds, "7b", "a move by others", "move", 0.4, "react")
    longest, frame = Target("≤", 100, "ms"), Target("≤", 33, "ms")
    yield one("8", "longest task in a drag", longest, rounds, lambda v: v["drag"]["longest"])
    yield one("9", "p95 of a drag's frames", frame, rounds, lambda v: v["drag"]["frame"])
    paint = Target("≤", 50, "ms")
    yield one("10", "from drop to paint", paint, rounds, lambda visit: visit["drag"]["paint"])


def remembering(rounds: Rounds) -> Iterator[Row]:
    """Judge the memory."""
    heap = Target("≤", 12, "MB")
    yield one("11a", "heap of an open board", heap, rounds, lambda visit: visit["load"]["heap"])
    back = Target("≤", 1.1, "× that before")
    work = f"heap after {EVENTS} changes by others"
    yield one("11b", work, back, rounds, lambda v: v["events"]["after"] / v["events"]["before"])


def one(
    number: str, work: str, target: Target, rounds: Rounds, figure: Callable[[Found], float]
) -> Row:
    """Judge a figure of the interface as it ships."""
    return Row(number, work, target, [figure(found["doska"]) for found in rounds])


def against(rounds: Rounds, number: str, work: str, what: str, bound: float, other: str) -> Row:
    """Judge the main thread's time against another way to build it, each round by itself."""
    ratios = [found["doska"][what]["cpu"] / found[other][what]["cpu"] for found in rounds]
    sides = {name: costs([found[name][what] for found in rounds]) for name in ("doska", other)}
    return Row(number, work, Target("≤", bound, f"× {other}"), ratios, sides)


def costs(found: list[Found]) -> dict[str, Spread]:
    """Sum up the rounds of one side."""
    names = ("cpu", "script", "layout")
    return {name: Spread.of([visit[name] for visit in found]) for name in names}


def kilobytes(*endings: str) -> Callable[[Found], float]:
    """Count what a board waited for of some kinds, as it was sent; parts come in behind it."""

    def count(visit: Found) -> float:
        before = [one for one in visit["load"]["loaded"] if one["isBefore"]]
        return sum(float(one["bytes"]) for one in before if one["path"].endswith(endings)) / 1000

    return count


def requests(visit: Found) -> float:
    """Count what was asked for before the cards were there, pictures and the stream left out."""
    return sum(
        bool(one["isBefore"]) and not one["path"].endswith((".svg", "/stream", ".webmanifest"))
        for one in visit["load"]["loaded"]
    )


@contextmanager
def staged(folder: Path) -> Iterator[dict[str, Any]]:
    """Build all variants, fill a board, and serve it by each; gives the plan for the browser."""
    ui("node", str(BROWSER / "variants.mjs"), str(folder))
    with ExitStack() as stack:
        url = stack.enter_context(servers.postgres()).url
        owners, board = asyncio.run(filled(url))
        serve = servers.doska
        ports = {
            name: stack.enter_context(
                serve(url, sources_of(folder / name), COOKIE_NAME=COOKIE)
            ).port
            for name in VARIANTS
        }
        yield {
            "variants": {name: f"http://localhost:{port}" for name, port in ports.items()},
            "board": board.id,
            "columns": board.columns,
            "cookie": owners[0].cookie,
            "rival": owners[1].cookie,
            "events": EVENTS,
            "chromium": CHROMIUM,
        }


async def filled(url: str) -> tuple[list[fill.Owner], fill.Board]:
    """Make people and a board."""
    with servers.doska(url, COOKIE_NAME=COOKIE) as doska:
        owners = fill.register_all(doska.port)
    db = await asyncpg.connect(url)
    try:
        return owners, await fill.fill_one(db, owners[0], TASKS)
    finally:
        await db.close()


def sources_of(pages: Path) -> Path:
    """Make sources of the program that serve these pages."""
    sources = pages / ".program" / "src"
    ignored = shutil.ignore_patterns("pages", "__pycache__")
    shutil.copytree(ROOT / "src" / "doska", sources / "doska", ignore=ignored)
    (sources / "doska" / "pages").symlink_to(pages)
    (sources.parent / "migrations").symlink_to(ROOT / "migrations")
    return sources


def ui(*command: str) -> str:
    """Run a command with the interface's Node and packages; gives what it has printed."""
    build = [sys.executable, str(ROOT / "ui" / "build.py"), "--run", *command]
    return subprocess.run(build, check=True, stdout=subprocess.PIPE, text=True).stdout


def measured(rounds: int) -> tuple[Rounds, str]:
    """Let the browser work; gives what it found, and its version."""
    with tempfile.TemporaryDirectory(prefix="doska-bench-ui-") as place:
        with staged(Path(place)) as plan:
            file = Path(place) / "plan.json"
            file.write_text(json.dumps({**plan, "rounds": rounds}))
            said = ui("node", str(BROWSER / "measure.mjs"), str(file))
        found = json.loads(said.splitlines()[-1])
        return found["rounds"], found["browser"]


def run(options: argparse.Namespace) -> list[Row]:
    """Measure, print, keep."""
    before = os.getloadavg()
    rounds, version = measured(options.rounds)
    lock = json.loads((BROWSER / "package.json").read_text())["dependencies"]
    cards = {name: found["load"]["cards"] for name, found in rounds[0].items()}
    about = {
        "commit": provenance.commit(),
        "date": provenance.today(),
        "machine": provenance.machine(),
        "load average before": ", ".join(f"{load:.1f}" for load in before),
        "load average after": ", ".join(f"{load:.1f}" for load in os.getloadavg()),
        "versions": {"Chromium": version, **lock},
        "rounds": options.rounds,
        f"cards drawn at once, of {TASKS:,}": cards,
    }
    found = list(rows(rounds))
    print(report.facts(about))
    print(report.table(found, HEAD))
    if options.keep:
        name = f"{provenance.today()}-{provenance.commit()}-browser"
        for path in report.keep(found, {**about, "visits": rounds}, name, HEAD):
            print(f"kept as {path.relative_to(ROOT)}")
    return found


def main() -> None:
    """Read the command line; the exit code tells whether all targets are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="for trying: nothing is kept")
    options = parser.parse_args()
    options.keep = not options.quick
    if options.quick:
        options.rounds = 1
    raise SystemExit(any(row.verdict != "pass" for row in run(options)))


if __name__ == "__main__":
    main()
