"""``make seeded``: plant each bug in a copy of the sources and see each of its proofs fail.

A proof has failed when tests of pytest did (exit code 1: not when they could not be collected), or
when the soak has lost something (exit code 1: not when it could not be run).
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import FAST
from doska.postgres import embedded
from seeded import ROOT, SOAK, Bug, bugs, listing

AT_ONCE = 2
DATABASE = "DOSKA_TEST_DATABASE_URL"
SECONDS_MAX = 600
WHY_CHARS, SAID_CHARS = 1000, 8000
FAILED = 1  # the exit code of both
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Trial:
    """What a proof said to a bug; without an exit code it did not end in time."""

    bug: Bug
    proof: str
    code: int | None
    seconds: float
    said: str

    @property
    def is_red(self) -> bool:
        """Whether it has noticed."""
        return self.code == FAILED

    @property
    def why(self) -> str:
        """Tell what was noticed: the soak's row, or what pytest found to differ."""
        start = f"| {self.proof.removeprefix(SOAK)} |" if self.proof.startswith(SOAK) else "E  "
        lines = [line for line in self.said.splitlines() if line.startswith(start)]
        return lines[0][:WHY_CHARS] if lines else ""

    @property
    def verdict(self) -> str:
        """Say so in words."""
        if self.is_red:
            return f"red after {self.seconds:.0f} s"
        return "**TOOK TOO LONG**" if self.code is None else f"**NOT RED** (exit code {self.code})"


def try_bug(bug: Bug) -> list[Trial]:
    """Plant one bug and run its proofs."""
    trials = []
    with _copy() as place:
        for plant in bug.plants:
            plant.put_in(place)
        for proof in bug.proofs:
            trials.append(trial := _try(bug, proof, place))
            print(f"{bug} | {proof}: {trial.verdict}", file=sys.stderr)
            print(trial.why if trial.is_red else trial.said, file=sys.stderr, flush=True)
    return trials


def _try(bug: Bug, proof: str, place: Path) -> Trial:
    started = time.monotonic()
    try:
        ended = subprocess.run(
            [sys.executable, *_command(proof)],
            cwd=place,
            env=_environment(place),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Trial(bug, proof, None, time.monotonic() - started, str(late.output)[-SAID_CHARS:])
    return Trial(
        bug, proof, ended.returncode, time.monotonic() - started, ended.stdout[-SAID_CHARS:]
    )


def _command(proof: str) -> list[str]:
    if proof.startswith(SOAK):
        return ["tests/soak/run.py", "--quick", "--only", proof.removeprefix(SOAK)]
    return [*PYTEST, proof]


def _environment(place: Path) -> dict[str, str]:
    paths = os.pathsep.join(str(place / part) for part in ("src", "tests/support", "tests"))
    return {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def _copy() -> Iterator[Path]:
    """Copy what git knows, and what it would take, to where it can be spoiled."""
    place = Path(tempfile.mkdtemp(prefix="doska-bug-"))
    place.chmod(0o755)
    try:
        for name in _files():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
        asked = [sys.executable, "-c", "import doska; print(doska.__file__)"]
        found = subprocess.check_output(asked, env=_environment(place), cwd=place, text=True)
        assert Path(found).is_relative_to(place), f"the copy is not what is run: {found}"
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _one_server() -> Iterator[None]:
    """Let all trials have one PostgreSQL: to start one takes a third of a trial's time."""
    folder = Path(tempfile.mkdtemp(prefix="doska-bugs-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with embedded.start(folder, options=FAST) as server:
            os.environ.setdefault(DATABASE, server.url)
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files() -> list[str]:
    told = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - the developer's own git
        cwd=ROOT,
        text=True,
    )
    return [name for name in told.split("\0") if name and (ROOT / name).is_file()]


def table(trials: list[Trial]) -> str:
    """Show bug × proof as a Markdown table."""
    lines = ["| bug | proof | seen |", "| --- | --- | --- |"]
    lines += [f"| {t.bug} | `{t.proof}` | {t.verdict} |" for t in trials]
    return "\n".join(lines)


def main() -> int:
    """Plant what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of a bug's name, file or proofs")
    parser.add_argument("--list", action="store_true", help="only list them, for docs/trust.md")
    options = parser.parse_args()
    if options.list:
        print(listing())
        return 0
    only: str = options.only
    chosen = [bug for bug in bugs() if only in f"{bug.source} {bug} {bug.proofs}"]
    with _one_server(), ThreadPoolExecutor(AT_ONCE) as pool:
        trials = [trial for found in pool.map(try_bug, chosen) for trial in found]
    print(table(trials))
    missed = sum(not trial.is_red for trial in trials)
    print(f"\n{len(chosen)} bugs, {len(trials)} trials, {missed} not seen")
    return int(missed > 0 or not trials)


if __name__ == "__main__":
    sys.exit(main())
