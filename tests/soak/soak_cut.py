"""Nothing is half done: the connection breaks at each statement of every action that there is."""

import sys

from cuts import Bench, Case, bench, cut_everywhere
from proof import Finding, Size
from stage import in_process

PROMISE = "nothing is half done"


async def prove(size: Size) -> Finding:
    """Cut every action that writes, at each statement, before it arrives and after."""
    cuts, lost = 0, 0
    async with in_process() as (api, url, db), bench(api, url, db) as on:
        cases = list(on.cases.values())
        chosen = cases if size is Size.FULL else [on.cases[name] for name in ("register", "leave")]
        for case in chosen:
            done = await _cuts_of(on, case)
            cuts, lost = cuts + (done or 0), lost + (done is None)
    tried = f"{len(chosen)} actions, the way to PostgreSQL cut before and after each statement"
    return Finding(PROMISE, tried, cuts, lost, "a repeat after the cut was answered as it should")


async def _cuts_of(on: Bench, case: Case) -> int | None:
    """Tell how often an action was cut; None when it was found half done."""
    try:
        return await cut_everywhere(on, case)
    except AssertionError as error:
        print(f"{case.name}: {error}", file=sys.stderr)
        return None
