"""``make bench``: measure Doska against its floor, print the table, keep it under ``results/``."""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import duels
import history
import load
import provenance
import report
import signing_in
import starting
import streams
import trips
import uploads
from report import Row, Spread
from scene import ALONE, Measurement, Stage, staged

SEED = 20261122
WARM_SECONDS = 1
LETTERS = "abcd"
TRIVIAL = load.Request("GET", "/health/ready")


@dataclass
class Contest:
    """A duel, and what came of its rounds."""

    number: str
    duel: duels.Duel
    objection: str = ""
    rounds: list[tuple[Measurement, Measurement]] = field(default_factory=list)

    @property
    def row(self) -> Row:
        """Sum up the rounds."""
        ratios = [self.duel.ratio(one.rate, other.rate) for one, other in self.rounds]
        faults = sum(one.faults + other.faults for one, other in self.rounds)
        sides = {}
        if self.rounds:
            names = [self.duel.subject.server, self.duel.reference.server]
            names = names if len(set(names)) > 1 else [names[0], "against"]
            sides = dict(zip(names, map(_figures, zip(*self.rounds, strict=True)), strict=True))
        return Row(
            self.number,
            self.duel.work,
            self.duel.target,
            ratios,
            sides,
            faults,
            self.objection,
        )


def _figures(measurements: Sequence[Measurement]) -> dict[str, Spread]:
    names = measurements[0].figures
    return {name: Spread.of([m.figures[name] for m in measurements]) for name in names}


async def run(options: argparse.Namespace) -> list[Row]:
    """Measure everything that was asked for."""
    random.seed(SEED)
    contests = [Contest(n, duel) for n, duel in duels.DUELS.items() if _is_wanted(n, options)]
    with_million = any(contest.duel.reference.server == ALONE for contest in contests)
    load_before, started = provenance.others(), time.monotonic()
    async with staged(with_million=with_million) as stage:
        _say(f"filled and started after {time.monotonic() - started:.0f} s")
        about = await _about(stage, options, load_before)
        _say(report.facts(about))
        rows = await _figures_of_one(stage, options)
        rows += await _fight(stage, contests, options)
    about["others meanwhile"] = _others(contests)
    rows.sort(key=lambda row: (int(row.number.rstrip(LETTERS)), row.number))
    _say(f"- others meanwhile: {about['others meanwhile']}")
    _say(report.table(rows))
    if not (options.only or options.quick):
        name = f"{provenance.today()}-{provenance.commit()}"
        for path in report.keep(rows, about, name):
            _say(f"kept as {path.relative_to(provenance.HERE.parent)}")
    return rows


async def _figures_of_one(stage: Stage, options: argparse.Namespace) -> list[Row]:
    """Measure what is compared with nothing: starts, memory, round trips, looking back."""
    url, found = stage.postgres.url, []
    if _is_wanted("13", options):
        found += starting.rows(url, stage.scene)
    if any(_is_wanted(number, options) for number in ("6c", *trips.WORKS)):
        found += await trips.rows(url, stage.db, stage.scene)
    if _is_wanted("14", options):
        found += await history.rows(url, stage.db, stage.scene)
    if _is_wanted("18", options):
        found += uploads.rows(url, stage.scene)
    if _is_wanted("16", options) or any(
        _is_wanted(number, options) for number in signing_in.QUEUES
    ):
        found += await signing_in.rows(url, stage.db, stage.scene, options.seconds)
    return found


async def _fight(stage: Stage, contests: list[Contest], options: argparse.Namespace) -> list[Row]:
    """Try and warm each side, then measure all in turn, and all again in the next round."""
    for contest in contests:
        await _warm(stage, contest)
    crowd = await _crowd(stage, options)
    for turn in range(options.rounds):
        await stage.db.execute("vacuum analyze")
        await stage.db.execute("checkpoint")
        for contest in contests:
            if not contest.objection:
                contest.rounds.append(await _pair(stage, contest.duel, options.seconds, turn))
        if crowd:
            crowd.measure(options.seconds * 3)
        _say(f"round {turn + 1} of {options.rounds} done")
    return [contest.row for contest in contests] + (crowd.rows if crowd else [])


async def _warm(stage: Stage, contest: Contest) -> None:
    contest.objection = stage.objection(contest.duel)
    if not contest.objection:
        for side in (contest.duel.subject, contest.duel.reference):
            await stage.measure(side, WARM_SECONDS)


async def _crowd(stage: Stage, options: argparse.Namespace) -> streams.Crowd | None:
    """Make those who follow a board live, if they are asked for."""
    if not _is_wanted("10", options):
        return None
    return await streams.crowd(stage.postgres.url, stage.db, stage.scene)


async def _pair(
    stage: Stage, duel: duels.Duel, seconds: float, turn: int
) -> tuple[Measurement, Measurement]:
    """Measure both sides, in turns the one or the other first."""
    if turn % 2:
        reference = await stage.measure(duel.reference, seconds)
        return await stage.measure(duel.subject, seconds), reference
    subject = await stage.measure(duel.subject, seconds)
    return subject, await stage.measure(duel.reference, seconds)


async def _about(
    stage: Stage, options: argparse.Namespace, load_before: float
) -> dict[str, object]:
    trivial = load.send(stage.programs["floor"].port, [TRIVIAL], {}, 2)
    speed = f"{trivial.rate:,.0f} trivial answers/s at {trivial.generator_us:.1f} µs of its own CPU"
    return {
        "commit": provenance.commit(),
        "date": provenance.today(),
        "machine": provenance.machine(),
        "load average before": load_before,
        "versions": await provenance.versions(stage.db),
        "rounds": f"{options.rounds}, {options.seconds:g} s a measurement",
        "generator": f"{provenance.generator()}, {speed} each",
    }


def _others(contests: list[Contest]) -> str:
    """Tell what else the machine did, to judge how quiet it was."""
    found = [m.others for contest in contests for pair in contest.rounds for m in pair] or [0.0]
    return f"{statistics.median(found):.2f} of a processor, {max(found):.2f} at most"


def _is_wanted(number: str, options: argparse.Namespace) -> bool:
    """Tell whether a row is asked for, by its number with or without the letter."""
    if options.only:
        return number in options.only or number.rstrip(LETTERS) in options.only
    return not (options.quick and number.startswith("11"))


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Read the command line; the exit code tells whether all targets are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="a measurement")
    parser.add_argument(
        "--only", type=lambda text: text.split(","), default=[], help="rows, as 4,5"
    )
    parser.add_argument("--quick", action="store_true", help="for trying: nothing is kept")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    rows = asyncio.run(run(options))
    raise SystemExit(any(row.verdict != "pass" for row in rows))


if __name__ == "__main__":
    main()
