"""A stream ends with the right to it, and nothing comes after that."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api
from faults import wire_to
from losses import (
    LOSSES,
    Loss,
    Scene,
    password_changed,
    removed,
    scene_of,
)
from people import promote
from stream_client import watching
from stream_scene import another_port, next_title, rename
from stream_server import port_of

SECONDS_MAX = 2.0  # as promised
BEAT_SECONDS = 0.5  # while notifications cannot flow; 15 as a rule


each_loss = pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)


@pytest.fixture
async def scene(api: Api, db: asyncpg.Connection) -> Scene:
    return await scene_of(api, db)


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


async def check_end(address: str, scene: Scene, lose: Loss, seconds: float) -> None:
    """See the stream of one who loses the right end in time, empty, and another's go on."""
    async with (
        watching(address, scene.ivan, scene.board["id"]) as his,
        watching(address, scene.anna, scene.board["id"]) as hers,
    ):
        await rename(scene.anna, scene.board, "Before")
        assert await next_title(his) == await next_title(hers) == "Before"
        await lose(scene)
        await rename(scene.anna, scene.board, "Secret")
        async with asyncio.timeout(seconds):
            assert await his.ends() == []
        titles = [e["payload"].get("board", {}).get("title") for e in [await hers.event()]]
        while titles[-1] != "Secret":
            titles.append((await hers.event())["payload"].get("board", {}).get("title"))


@each_loss
async def test_who_loses_the_right_gets_nothing_more_and_the_stream_ends(
    scene: Scene, address: str, lose: Loss
) -> None:
    """Seen to fail when streams were judged no more once they were open."""
    await check_end(address, scene, lose, SECONDS_MAX)


@each_loss
async def test_so_it_is_within_a_beat_while_nothing_can_be_notified(
    scene: Scene, database_url: str, lose: Loss
) -> None:
    """The listening connection is open and silent. Seen to fail when a beat did not judge."""
    async with wire_to(database_url) as wire:
        beat = {"stream_heartbeat_seconds": BEAT_SECONDS}
        async with another_port(wire.url, **beat) as (address, _):
            wire.deaf = b"doska-listen"
            await check_end(address, scene, lose, BEAT_SECONDS + SECONDS_MAX)


@each_loss
async def test_it_ends_without_anything_happening_on_the_board(
    scene: Scene, address: str, lose: Loss
) -> None:
    """Seen to fail when nothing but the board's own events notified."""
    async with watching(address, scene.ivan, scene.board["id"]) as watch:
        await watch.block()
        await lose(scene)
        async with asyncio.timeout(SECONDS_MAX):
            assert await watch.ends() == []


async def test_a_passer_by_is_sent_away_when_the_board_becomes_private(
    scene: Scene, api: Api, address: str
) -> None:
    passer_by, path = await api.user(), f"/boards/{scene.board['id']}"
    await scene.anna.patch(path, is_public=True)
    async with watching(address, passer_by, scene.board["id"]) as watch:
        await rename(scene.anna, scene.board, "Open")
        assert await next_title(watch) == "Open"
        await scene.anna.patch(path, is_public=False, title="Secret")
        async with asyncio.timeout(SECONDS_MAX):
            assert await watch.ends() == []


async def test_an_administrator_no_more_is_sent_away(
    scene: Scene, api: Api, db: asyncpg.Connection, address: str
) -> None:
    other = await promote(db, await api.user())
    async with watching(address, other, scene.board["id"]) as watch:
        await rename(scene.anna, scene.board, "Seen")
        assert await next_title(watch) == "Seen"
        await scene.boss.patch(f"/users/{other.id}", is_admin=False)
        async with asyncio.timeout(SECONDS_MAX):
            assert await watch.ends() == []


async def test_the_device_that_set_a_new_password_goes_on(scene: Scene, address: str) -> None:
    async with watching(address, scene.twin, scene.board["id"]) as watch:
        await password_changed(scene)
        await rename(scene.anna, scene.board, "Still")
        assert await next_title(watch) == "Still"


async def test_whoever_is_removed_from_a_public_board_still_reads_it(
    scene: Scene, address: str
) -> None:
    await scene.anna.patch(f"/boards/{scene.board['id']}", is_public=True)
    async with watching(address, scene.ivan, scene.board["id"]) as watch:
        await removed(scene)
        assert (await watch.event())["type"] == "person.removed"
        await rename(scene.anna, scene.board, "Open")
        assert await next_title(watch) == "Open"
