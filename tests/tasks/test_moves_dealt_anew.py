"""Keys that have grown too long: all keys of the list are dealt anew."""

import asyncpg
import pytest

from api import Api, Json
from doska.ordering import KEY_CHARS_MAX
from log_board import log_of
from log_desk import KINDS, Desk, desk_of

LONG = "a0" + "0" * (KEY_CHARS_MAX - 3) + "1"  # no shorter key fits in before it, after a0
HALF_SPENT = LONG[:40] + "1"
RANKS = {"A": "a0", "B": LONG, "D": "a1", "C": "b00"}


async def crowded(api: Api, db: asyncpg.Connection, kind: str, ranks: Json) -> Desk:
    desk = await desk_of(api, kind, "ABCD")
    for name, rank in ranks.items():
        await db.execute(f"update {kind} set rank = $1 where id = $2", rank, desk.id_of(name))
    return desk


async def listed(desk: Desk) -> dict[str, Json]:
    return {thing["id"]: thing for thing in await desk.person.items(desk.lists[0])}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", [{"after": "A"}, {"before": "B"}])
@pytest.mark.parametrize("name", ["C", "D"])  # D gets the very key that it has
async def test_a_move_into_a_spent_gap_deals_all_keys_anew(
    api: Api, db: asyncpg.Connection, kind: str, where: Json, name: str
) -> None:
    """Seen to fail with ``_deal_anew`` that forgets the others, and one that misplaces the moved."""
    desk = await crowded(api, db, kind, RANKS)
    assert await desk.order() == "ABDC"

    response = await desk.move(name, **where)

    assert response.status_code == 200
    assert await desk.order() == ("ACBD" if name == "C" else "ADBC")
    assert [thing["rank"] for thing in (await listed(desk)).values()] == ["a0", "a1", "a2", "a3"]
    assert response.json()["version"] == desk.things[name]["version"] + 1


@pytest.mark.parametrize("kind", KINDS)
async def test_clients_are_told_every_key_that_was_dealt_anew(
    api: Api, db: asyncpg.Connection, kind: str
) -> None:
    """Seen to fail with a payload that tells of the moved one only."""
    desk = await crowded(api, db, kind, RANKS)
    known = await listed(desk)

    await desk.move("C", after="A")

    payload = (await log_of(db, desk.board["id"]))[-1]["payload"]
    for told in [payload[kind[:-1]], *payload[kind]]:
        known[told["id"]] |= told
    assert known == await listed(desk)


async def test_moving_for_ever_into_one_place_never_gets_stuck(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with no limit of a key's length."""
    desk = await crowded(api, db, "tasks", {"B": HALF_SPENT, "D": "a3"})
    lengths: list[int] = []
    while not lengths or lengths[-1] >= max(lengths):
        for name in "BC":
            moved = await desk.move(name, after="A")
            assert moved.status_code == 200
            assert await desk.order() == ("ABCD" if name == "B" else "ACBD")
            lengths.append(len(moved.json()["rank"]))
        assert len(lengths) < 1000

    assert KEY_CHARS_MAX - 2 <= max(lengths) <= KEY_CHARS_MAX
