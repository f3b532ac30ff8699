"""No acknowledged write is lost: the server is killed again and again under load."""

import asyncio
from itertools import cycle
from random import Random

import checker
from calls import History
from house import House, asking, house
from proof import Finding, Size
from writers import crew, working

CLIENTS = 8
SECONDS_OF_TWO = 0.4  # of load on two workers before one is killed
WAYS = ("alone", "alone", "one of two workers", "parent of two workers")


async def prove(size: Size) -> Finding:
    """Kill the server 50 times: alone, one of its workers, or the parent of these."""
    times = size.of(50)
    async with house() as place:
        await place.start()
        async with crew(place, CLIENTS) as (writers, owner):
            history = writers[0].history
            async with working(writers):
                await _kill_often(place, times)
            assert place.served
            async with asking(place.served.database_url) as db:
                found = await checker.complaints(db, history, owner)
    return Finding(
        "no acknowledged write is lost",
        f"kill -9 of the server, of a worker or of the workers' parent under {CLIENTS} writers",
        place.kills,
        len(found),
        notes(history, found),
    )


async def _kill_often(place: House, times: int) -> None:
    chance = Random(times)
    for way in cycle(WAYS):
        await asyncio.sleep(chance.uniform(0.2, 0.7))
        await _kill(place, way)
        if place.kills >= times:
            return


async def _kill(place: House, way: str) -> None:
    """Have the server in the way that is wanted, kill it, and have one again."""
    await place.kill()
    if way == "alone":
        await place.start()
        return
    await place.start(workers=2)
    await asyncio.sleep(SECONDS_OF_TWO)
    if way == "one of two workers":
        await place.replaced(await place.kill_worker())
        return
    await place.kill_parent()
    await place.start()


def notes(history: History, found: list[str]) -> str:
    """Sum up a load, and say what was wrong first."""
    told = f"{history.told()}; slowest answer {history.slowest:.1f} s"
    return "; ".join([told, *found[:3]])
