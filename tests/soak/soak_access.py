"""Access ends at once: a stream within 2 s, a request from the very next, also in other processes.

People act in this process; the streams, and the requests that must be refused, are those of a
server with two workers over the same database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

import asyncpg
import httpx

from api import Api
from faults import wire_to
from losses import LOSSES, Scene, removed, scene_of
from people import COOKIE
from proof import Finding, Size
from stage import a_folder, a_program, in_process
from stream_client import Watch, opened_with
from stream_scene import rename

PROMISE = "access ends at once"
SECONDS_MAX, DEAF_SECONDS_MAX = 2.0, 15.0 + 2.0
ROUNDS, AT_ONCE = 5, 10
LISTENING = b"doska-listen"
SECRET = "Secret"
REFUSED = (401, 403, 404)
KEEPS_TOKENS = ("signed_out", "session_ended", "token_ended")

Step = Callable[[Scene], Awaitable[object]]


@dataclass(frozen=True)
class Way:
    """A way to lose access: what is so before, and what ends it."""

    name: str
    lose: Step
    prepare: Step | None = None
    is_quiet: bool = False  # nothing happens on the board, whose streams it would wake


@dataclass(frozen=True)
class Trial:
    """How long a stream went on after access had been lost, and what was wrong."""

    way: str
    seconds: float
    wrong: tuple[str, ...]


async def _deleted_board(scene: Scene) -> object:
    return await scene.anna.delete(f"/boards/{scene.board['id']}")


async def _public(scene: Scene) -> object:
    await scene.anna.patch(f"/boards/{scene.board['id']}", is_public=True)
    return await removed(scene)


async def _private(scene: Scene) -> object:
    return await scene.anna.patch(f"/boards/{scene.board['id']}", is_public=False)


async def _administrator(scene: Scene) -> object:
    await removed(scene)
    return await scene.boss.patch(f"/users/{scene.ivan.id}", is_admin=True)


async def _demoted(scene: Scene) -> object:
    return await scene.boss.patch(f"/users/{scene.ivan.id}", is_admin=False)


async def _token_ended(scene: Scene) -> object:
    (token,) = await scene.ivan.items("/auth/tokens")
    return await scene.ivan.delete(f"/auth/tokens/{token['id']}")


WAYS = [
    *(Way(lose.__name__, lose) for lose in LOSSES),
    Way("board_deleted", _deleted_board),
    Way("made_private", _private, _public),
    Way("demoted", _demoted, _administrator),
    Way("token_ended", _token_ended),
]
EVERY_WAY = [*WAYS, *(replace(way, is_quiet=True) for way in WAYS)]


async def prove(size: Size) -> Finding:
    """Lose access in every way, many at once; then once more while nothing can be notified."""
    async with in_process() as (api, url, db), wire_to(url) as wire:
        with ExitStack() as stack:
            program = a_program(stack.enter_context(a_folder()), wire.url, "--workers", "2")
            served = await asyncio.to_thread(stack.enter_context, program)  # it talks over the wire
            ways = EVERY_WAY * size.of(ROUNDS)
            heard = await _all(api, db, served.url, ways, SECONDS_MAX)
            wire.deaf = LISTENING
            deaf = await _all(api, db, served.url, EVERY_WAY, DEAF_SECONDS_MAX)
    wrong = [f"{t.way}: {word}" for t in [*heard, *deaf] for word in t.wrong]
    worst, worst_deaf = (max(t.seconds for t in trials) for trials in (heard, deaf))
    notes = f"the last stream ended after {worst:.2f} s; without notifications {worst_deaf:.1f} s"
    notes += f"; {'; '.join(sorted(set(wrong)))}" if wrong else ""
    tried = f"{len(WAYS)} ways to lose it, on busy and quiet boards, cookie and access token, two workers"
    return Finding(PROMISE, tried, len(heard) + len(deaf), len(wrong), notes)


async def _all(
    api: Api, db: asyncpg.Connection, address: str, ways: list[Way], seconds: float
) -> list[Trial]:
    trials = []
    for first in range(0, len(ways), AT_ONCE):
        some = ways[first : first + AT_ONCE]
        scenes = [await scene_of(api, db) for _ in some]
        trying = (
            _try(way, scene, address, seconds) for way, scene in zip(some, scenes, strict=True)
        )
        trials += await asyncio.gather(*trying)
    return trials


async def _try(way: Way, scene: Scene, address: str, seconds: float) -> Trial:
    """Watch by cookie and by token, lose access, and see what still comes."""
    if way.prepare:
        await way.prepare(scene)
    scope = "admin" if way.prepare is _administrator else "read"
    token = (await scene.ivan.post("/auth/tokens", name="T", scope=scope)).json()["token"]
    cookie = {"cookie": f"{COOKIE}={scene.ivan.client.cookies[COOKIE]}"}
    bearer = {"authorization": f"Bearer {token}"}
    losing = [] if way.name == "token_ended" else [cookie]
    losing += [] if way.name in KEEPS_TOKENS[:2] else [bearer]
    watches = [await opened_with(address, scene.board["id"], **headers) for headers in losing]
    wrong = [f"status {watch.status}" for watch in watches if watch.status != 200]
    await way.lose(scene)
    lost_at = time.monotonic()
    wrong += [w for headers in losing if (w := await _still_let_in(address, scene, headers))]
    if way.name != "board_deleted" and not way.is_quiet:
        await rename(scene.anna, scene.board, SECRET)
    for watch in watches:
        wrong += await _until_end(watch, lost_at + seconds)
        watch.drop()
    return Trial(way.name, time.monotonic() - lost_at, tuple(wrong))


async def _still_let_in(address: str, scene: Scene, headers: dict[str, str]) -> str:
    """Ask with what has been good until now, on a connection of its own, so of either worker."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answer = await client.get(f"/boards/{scene.board['id']}", headers=headers)
    return "" if answer.status_code in REFUSED else f"the next request got {answer.status_code}"


async def _until_end(watch: Watch, deadline: float) -> list[str]:
    try:
        async with asyncio.timeout_at(
            asyncio.get_running_loop().time() + deadline - time.monotonic()
        ):
            while (block := await _block(watch)) is not None:
                if SECRET in str(block):
                    return ["an event came after the end of access"]
    except TimeoutError:
        return ["the stream went on too long"]
    except asyncio.IncompleteReadError as error:
        return [f"the stream broke off: {error.partial!r}"]
    return []


async def _block(watch: Watch) -> object:
    """Read a block; the client's own patience is shorter than what is tried here."""
    while True:
        try:
            return await watch.block()
        except TimeoutError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]  # there is one
                raise
