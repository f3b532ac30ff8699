"""One effect per key: 30 at once and later, and with a crash between the effect and its answer."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import asyncpg
import httpx

from faults import Wire, wire_to
from house import House, asking, house, postgres
from keys_desk import PAUSE_SECONDS, Deed, Desk, is_replayed, same, shown
from proof import Finding, Lost, Size
from writers import made, register

AT_ONCE, ROUNDS, KILLS = 30, 24, 18
SECONDS_MAX = 20
ANSWERED = "the answer to COMMIT held back"
LOST = "COMMIT lost"
LATE = "COMMIT held back until it is asked again"
WAITING = """select count(*) from pg_stat_activity
    where wait_event_type = 'Lock' and application_name = 'doska'"""


async def _deeds(desk: Desk) -> AsyncIterator[Deed]:
    """Make requests of every kind, each of which has one effect."""
    column, other = desk.columns[:2]
    while True:
        yield Deed("POST", "/tasks", {"column_id": column, "title": "Once"})
        yield Deed("POST", "/boards", {"title": "Once"})
        yield Deed("PATCH", f"/tasks/{await desk.task()}", {"title": "Once"})
        yield Deed("POST", f"/tasks/{await desk.task()}/move", {"column_id": other, "at": "top"})
        yield Deed("DELETE", f"/tasks/{await desk.task()}", {})
        yield Deed("POST", "/columns", {"board_id": desk.board, "title": "Once"})


async def _deeds_with_commit(desk: Desk) -> AsyncIterator[Deed]:
    """Make requests whose effect has a COMMIT of its own: others are one statement with their key."""
    task = {"op": "create_task", "body": {"column_id": desk.columns[0], "title": "Once"}}
    while True:
        yield Deed("POST", "/boards", {"title": "Once"})
        yield Deed("POST", f"/boards/{desk.board}/batch", {"operations": [task]})


async def prove(size: Size) -> Finding:
    """Repeat requests at once and later; and after crashes, over another worker."""
    rounds, crashes = size.of(ROUNDS, 6), size.of(KILLS, 3)
    async with _desk() as (desk, wire):
        deeds = _deeds(desk)
        for _ in range(rounds):
            await _at_once(desk, await anext(deeds))
        deeds = _deeds_with_commit(desk)
        for how in islice(cycle(CRASHES), crashes):
            await _crash(desk, wire, await anext(deeds), how)
        told = f"{desk.requests:,} requests with {rounds + crashes} keys"
        kills, found = desk.place.kills, desk.faults
    return Finding(
        "one effect per key",
        f"{AT_ONCE} at once and later on two workers, another person, another body; "
        f"kill -9 with {', '.join(CRASHES)}",
        rounds + crashes,
        len(found),
        "; ".join([told, f"{kills} crashes", *found[:3]]),
    )


@asynccontextmanager
async def _desk() -> AsyncIterator[tuple[Desk, Wire]]:
    with postgres() as server:
        async with wire_to(server.url) as wire, asking(server.url) as db:
            settings = {"DATABASE_URL": wire.url, "SECRET_KEY": secrets.token_hex(32)}
            async with house(**settings) as place:
                await place.start(workers=2)
                desk = await _furnished(place, db)
                yield desk, wire
                for client in (*desk.anna, desk.boris):
                    await client.aclose()


async def _furnished(place: House, db: asyncpg.Connection) -> Desk:
    first, _ = await register(place, "anna")
    others = [place.client() for _ in range(AT_ONCE - 1)]
    for client in others:
        client.cookies = first.cookies
    boris, his_id = await register(place, "boris")
    board = (await made(first, "/boards", title="Keys", columns=["One", "Two"]))["id"]
    await made(first, f"/boards/{board}/users", user_id=his_id, role="MODERATOR")
    found = (await first.get(f"/boards/{board}/columns")).json()["items"]
    columns = [column["id"] for column in found]
    return Desk(place, db, [first, *others], boris, columns, board)


async def _at_once(desk: Desk, deed: Deed) -> None:
    """Ask 30 times at once, and again; as somebody else; and for something else."""
    before = await desk.effects()
    answers = await desk.many(deed)
    same(desk, deed, answers, fresh=1)
    desk.check(await desk.effects() == before + 1, f"{deed.path}: not one effect")
    later = await desk.many(deed)
    same(desk, deed, later, fresh=0)
    desk.check(shown(later[0]) == shown(answers[0]), f"{deed.path}: another answer later")
    desk.check(await desk.effects() == before + 1, f"{deed.path}: two effects")
    await _otherwise(desk, deed)


async def _otherwise(desk: Desk, deed: Deed) -> None:
    """Use the key for something else, and as somebody else."""
    before = await desk.effects()
    if "title" in deed.body:
        other = replace(deed, body={**deed.body, "title": "Else"})
        refused = await other.send(desk.anna[0])
        is_told = refused.status_code == 422 and "key-reused" in refused.text
        desk.check(is_told, f"{deed.path}: another body got {refused.status_code}")
    again = await deed.send(desk.boris)
    desk.check(not is_replayed(again), f"{deed.path}: another person got the answer")
    own = deed.path in ("/tasks", "/boards", "/columns")  # else it is done already
    desk.check(await desk.effects() == before + own, f"{deed.path}: not one effect for another")


async def _crash(desk: Desk, wire: Wire, deed: Deed, how: str) -> None:
    """Crash in the middle of it, start again, and ask 30 times what has become of it."""
    before = await desk.effects()
    answers = await CRASHES[how](desk, wire, deed)
    same(desk, deed, answers, fresh=int(how == LOST))
    desk.check(await desk.effects() == before + 1, f"{deed.path}: not one effect: {how}")


async def _answer_held(desk: Desk, wire: Wire, deed: Deed) -> list[httpx.Response]:
    """Die when it is made, but nobody has been told."""
    (hold,) = wire.hold_answers(b"COMMIT")
    async with _asked_in_vain(desk, deed):
        await _within(hold.came.wait())
        await desk.place.kill()
    hold.let_go()
    await desk.place.start(workers=2)
    return await desk.many(deed)


async def _commit_lost(desk: Desk, wire: Wire, deed: Deed) -> list[httpx.Response]:
    """Die when all is written but the COMMIT."""
    wire.lose_request(b"COMMIT")
    async with _asked_in_vain(desk, deed):
        await _within(_until(lambda: wire.has_failed))
        await desk.place.kill()
    await desk.place.start(workers=2)
    return await desk.many(deed)


async def _commit_late(desk: Desk, wire: Wire, deed: Deed) -> list[httpx.Response]:
    """Die with the COMMIT on its way, which arrives when others ask again already."""
    wire.hold_request(b"COMMIT")
    async with _asked_in_vain(desk, deed):
        await _within(wire.held.wait())
        await desk.place.kill()
    await desk.place.start(workers=2)
    asking_again = asyncio.ensure_future(desk.many(deed))
    await _within(_someone_waits(desk))
    wire.let_go()
    return await asking_again


CRASHES: dict[str, Callable[[Desk, Wire, Deed], Awaitable[list[httpx.Response]]]] = {
    ANSWERED: _answer_held,
    LOST: _commit_lost,
    LATE: _commit_late,
}


@asynccontextmanager
async def _asked_in_vain(desk: Desk, deed: Deed) -> AsyncIterator[None]:
    """Ask once, and be left without an answer."""
    headers = {"idempotency-key": deed.key}
    client, body = desk.anna[0], deed.body or None
    request = client.request(deed.method, deed.path, json=body, headers=headers)
    task = asyncio.ensure_future(request)
    yield
    with suppress(httpx.TransportError):
        response = await task
        desk.check(response.status_code == 503, f"{deed.path}: {response.text} without COMMIT")


async def _within(something: Coroutine[Any, Any, Any]) -> None:
    """Wait for what comes soon, where all is well."""
    try:
        await asyncio.wait_for(something, SECONDS_MAX)
    except TimeoutError:
        raise Lost("a write that sends no COMMIT") from None


async def _until(is_so: Callable[[], bool]) -> None:
    while True:
        if is_so():
            return
        await asyncio.sleep(PAUSE_SECONDS)


async def _someone_waits(desk: Desk) -> None:
    while not await desk.db.fetchval(WAITING):
        await desk.db.execute("select pg_sleep(0.02)")
