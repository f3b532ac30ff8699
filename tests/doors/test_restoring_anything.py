"""Whatever people have done to a board: archived, deleted, restored, archived, it is the same."""

import asyncpg
import pytest
from hypothesis import given

from api import Api
from archives import restored
from exporting import exported
from log_deeds import DEEDS, STORY, examples
from log_world import Deed, World, world_of
from people import promote

pytestmark = pytest.mark.usefixtures("few_keys_fit")


async def check(world: World, api: Api) -> None:
    root = await promote(world.db, await api.user())
    board = {"id": world.board}
    before = (await exported(root, board, "doska")).content
    assert (await root.delete(f"/boards/{world.board}")).status_code == 204

    assert await restored(root, before) == world.board

    after = (await exported(root, board, "doska")).content
    assert after == before
    await root.get(f"/boards/{world.board}/activity")
    copy = {"id": await restored(root, before, into="new")}
    again = (await exported(root, copy, "doska")).content
    await root.delete(f"/boards/{copy['id']}")
    assert await restored(root, again) == copy["id"]
    assert (await exported(root, copy, "doska")).content == again


@examples(4)
@given(DEEDS)
async def test_whatever_people_did_comes_back(
    api: Api, db: asyncpg.Connection, deeds: list[Deed]
) -> None:
    world = await world_of(api, db)
    for deed in deeds:
        await world.do(deed)

    await check(world, api)


async def test_every_kind_of_event_comes_back(api: Api, db: asyncpg.Connection) -> None:
    world = await world_of(api, db)
    for deed in STORY:
        await world.do(deed)

    await check(world, api)
