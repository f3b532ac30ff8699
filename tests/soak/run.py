"""``make soak``: try what Doska promises under faults and load, and print what was lost.

Exit code 0: nothing was lost; 1: something was; 2: a proof could not be run.
"""

import argparse
import asyncio
import os
import sys
import time
import traceback

import soak_access
import soak_any_input
import soak_cluster
import soak_creator
import soak_cut
import soak_flat
import soak_keys
import soak_kill
import soak_order
import soak_overload
import soak_stop
import soak_streams
import table
from proof import Finding, Lost, Proof, Size

PROOFS = {
    "kill": Proof(soak_kill.prove, 400),
    "stop": Proof(soak_stop.prove, 300),
    "order": Proof(soak_order.prove, 300),
    "creator": Proof(soak_creator.prove, 200),
    "keys": Proof(soak_keys.prove, 300),
    "cut": Proof(soak_cut.prove, 120),
    "streams": Proof(soak_streams.prove, 240),
    "access": Proof(soak_access.prove, 240),
    "any-input": Proof(soak_any_input.prove, 900),
    "overload": Proof(soak_overload.prove, 120),
    "flat": Proof(soak_flat.prove, 120),
    "cluster": Proof(soak_cluster.prove, 1200),
}
APART = ("cluster",)  # needs programs of the system: only where it is named


async def run(names: list[str], size: Size) -> list[table.Row]:
    """Run the proofs one after the other."""
    rows = []
    for name in names:
        row = await _try(name, PROOFS[name], size)
        print(f"{name}: {row.cells[4]} lost after {row.seconds:.0f} s", file=sys.stderr, flush=True)
        rows.append(row)
    return rows


async def _try(name: str, proof: Proof, size: Size) -> table.Row:
    started = time.monotonic()
    try:
        async with asyncio.timeout(proof.seconds_max):
            finding = await proof.prove(size)
    except Exception as error:  # noqa: BLE001 - told in the table and by the exit code
        traceback.print_exc()
        if lost := _lost(error):
            finding = Finding(name, "until it broke", 1, 1, str(lost))
            return table.Row(name, finding, time.monotonic() - started)
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return table.Row(name, None, time.monotonic() - started, told)
    return table.Row(name, finding, time.monotonic() - started)


def _lost(error: BaseException) -> Lost | None:
    """Find a broken promise, also among what several tasks have raised."""
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    if isinstance(error, Lost):
        return error
    return next(filter(None, map(_lost, inner)), None)


def main() -> int:
    """Run what was asked for and print the table."""
    options = _options()
    size = Size.QUICK if options.quick else Size.FULL
    names = options.only.split(",") if options.only else [n for n in PROOFS if n not in APART]
    if unknown := set(names) - set(PROOFS):
        raise SystemExit(f"there is no proof {', '.join(sorted(unknown))}; there are {[*PROOFS]}")
    rows = asyncio.run(run(names, size))
    print(table.markdown(rows), flush=True)
    if options.out:
        about = f"{size.name.lower()} run, {os.cpu_count()} processors"
        print(f"kept as {table.keep(rows, about)}")
    if any(row.finding is None for row in rows):
        return 2
    return int(any(row.is_lost for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="names of proofs, with commas between")
    parser.add_argument("--quick", action="store_true", help="a tenth of each")
    parser.add_argument("--out", action="store_true", help="keep the table under results/")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
