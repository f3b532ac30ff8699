"""``make bench``: measure Doska against its floor, print the table, keep it under ``results/``."""

import argparse
import asyncio
import random
import statistics
import time

import works
from scene import CROWDED, Measurement, Stage, staged

SEED = 20261122
WARM_SECONDS = 1


async def run(options: argparse.Namespace) -> None:
    random.seed(SEED)
    duels = {n: d for n, d in works.DUELS.items() if not options.only or n in options.only}
    crowded = any(CROWDED in (d.subject.server, d.reference.server) for d in duels.values())
    started = time.monotonic()
    async with staged(crowded=crowded) as stage:
        print(f"ready after {time.monotonic() - started:.1f} s")
        for number, duel in list(duels.items()):
            status = stage.refusal(duel.subject) or stage.refusal(duel.reference)
            if status:
                print(f"{number} {duel.name}: not there yet ({status})")
                del duels[number]
                continue
            for side in (duel.subject, duel.reference):
                await stage.measure(side, WARM_SECONDS)
        found: dict[str, list[tuple[Measurement, Measurement]]] = {n: [] for n in duels}
        for turn in range(options.rounds):
            await stage.db.execute("vacuum analyze")
            await stage.db.execute("checkpoint")
            for number, duel in duels.items():
                found[number].append(await fight(stage, duel, options.seconds, turn))
        for number, duel in duels.items():
            ratios = [a.rate / b.rate for a, b in found[number]]
            print(
                f"{number:3} {duel.name:32} {duel.target:32} "
                f"ratio {statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}] "
                f"{'ok' if statistics.median(ratios) >= duel.least else 'FAIL'}"
            )
            for who, ms in (
                ("subject", [a for a, _ in found[number]]),
                ("reference", [b for _, b in found[number]]),
            ):
                med = lambda f: statistics.median(f(m) for m in ms)
                print(
                    f"      {who:10} {med(lambda m: m.rate):8.0f}/s [{min(m.rate for m in ms):.0f}-{max(m.rate for m in ms):.0f}]"
                    f" app {med(lambda m: m.app_us):6.0f} µs db {med(lambda m: m.database_us):6.0f} µs"
                    f" p50 {med(lambda m: m.p50_ms):.1f} p99 {med(lambda m: m.p99_ms):.1f} ms faults {sum(m.faults for m in ms)}"
                )


async def fight(
    stage: Stage, duel: works.Duel, seconds: float, turn: int
) -> tuple[Measurement, Measurement]:
    """Measure both sides, in turns the one or the other first."""
    if turn % 2:
        reference = await stage.measure(duel.reference, seconds)
        return await stage.measure(duel.subject, seconds), reference
    subject = await stage.measure(duel.subject, seconds)
    return subject, await stage.measure(duel.reference, seconds)


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
