"""No acknowledged write is lost: PostgreSQL is stopped again and again under load."""

import asyncio
import secrets
import time
from random import Random

import checker
from calls import HANG_SECONDS
from house import READY_SECONDS_MAX, House, Postgres, asking, house, postgres
from proof import Finding, Lost, Size
from soak_kill import notes
from writers import Writer, crew, working

CLIENTS = 8


async def prove(size: Size) -> Finding:
    """Stop PostgreSQL at once 20 times; Doska comes back by itself each time."""
    times = size.of(20)
    with postgres() as server:
        settings = {"DATABASE_URL": server.url, "SECRET_KEY": secrets.token_hex(32)}
        async with house(**settings) as place:
            await place.start(workers=2)
            async with crew(place, CLIENTS) as (writers, owner):
                history = writers[0].history
                history.seconds_max = HANG_SECONDS
                async with working(writers):
                    back = await _stop_often(server, place, writers, times)
                async with asking(server.url) as db:
                    found = await checker.complaints(db, history, owner)
    told = f"all write again after {max(back):.1f} s at most, {sum(back) / times:.1f} s on average"
    return Finding(
        "no acknowledged write is lost, and it comes back by itself",
        f"an immediate stop, or kill -9, of PostgreSQL under {CLIENTS} writers",
        times,
        len(found),
        f"{notes(history, found)}; {told}; {history.statuses[503]:,} answers were 503",
    )


async def _stop_often(
    server: Postgres, place: House, writers: list[Writer], times: int
) -> list[float]:
    """Stop and start it; gives the seconds until Doska said each time that it can work."""
    chance, back = Random(times), []
    for n in range(times):
        await asyncio.sleep(chance.uniform(0.2, 0.7))
        await asyncio.to_thread(server.kill if n % 3 == 2 else server.stop_at_once)
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        await asyncio.to_thread(server.start)
        back.append(await _back(place, writers))
    return back


async def _back(place: House, writers: list[Writer]) -> float:
    """Wait until Doska says that it can work, and does: for everybody, on each of its workers."""
    started = time.monotonic()
    await place.ready()
    for writer in writers:
        writer.acknowledged.clear()
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            await asyncio.gather(*(writer.acknowledged.wait() for writer in writers))
    except TimeoutError:
        raise Lost(f"nothing is written {READY_SECONDS_MAX} s after PostgreSQL is back") from None
    return time.monotonic() - started
