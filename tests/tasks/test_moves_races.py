"""Moves at the same time: by many people, and past a rival who holds the board's lock."""

import asyncio
from random import Random

import asyncpg
import pytest

from api import Api, Json
from doska.ordering import between
from log_board import counters, is_gap_free, log_of, replayed
from log_desk import Desk, desk_with
from log_rival import rival_on

PEOPLE, MOVES = 8, 25


async def team(api: Api, desk: Desk) -> list[Desk]:
    """Give the desk to so many people, each with a client of their own."""
    people = [await api.user() for _ in range(PEOPLE)]
    for person in people:
        await desk.person.invite(desk.board, person)
    return [Desk(person, desk.board, "tasks", desk.lists, desk.things) for person in people]


def random_place(desk: Desk, chance: Random) -> Json:
    """Choose an end of a column, or a neighbour, whose column is named or not."""
    column = {"column_id": chance.choice(desk.lists).split("/")[2]}
    side = chance.choice(["before", "after", "at"])
    if side == "at":
        return {**column, "at": chance.choice(["top", "bottom"])}
    return {side: chance.choice(sorted(desk.things)), **chance.choice([column, {}, {}])}


async def wander(desk: Desk, seed: int) -> None:
    """Move tasks about; the only refusal is for a neighbour that somebody has moved away."""
    chance = Random(seed)  # noqa: S311  # no secret
    for _ in range(MOVES):
        response = await desk.move(chance.choice(sorted(desk.things)), **random_place(desk, chance))
        if response.status_code != 200:
            assert response.json()["type"] == "/problems/neighbour-elsewhere", response.text


def order_of(tasks: list[Json], column_id: str) -> list[str]:
    ranks = {task["rank"].encode(): task["id"] for task in tasks if task["column_id"] == column_id}
    return [ranks[rank] for rank in sorted(ranks)]


@pytest.mark.parametrize("seed", [1, 2])
async def test_many_people_moving_at_once_leave_one_order_that_all_agree_on(
    api: Api, db: asyncpg.Connection, seed: int
) -> None:
    """Seen to fail without ``for no key update`` in the statement that locks the board."""
    desk = await desk_with(api, "ABCD", "EFG", "HI")
    desks = await team(api, desk)

    await asyncio.gather(*(wander(own, seed * PEOPLE + n) for n, own in enumerate(desks)))

    rows = await db.fetch("select id::text, column_id::text, rank from tasks")
    events = await log_of(db, desk.board["id"])
    logged = [row for (table, _), row in replayed(events).items() if table == "tasks"]
    assert sorted(row["id"] for row in rows) == sorted(task["id"] for task in desk.things.values())
    for path in desk.lists:
        shown = [task["id"] for task in await desk.person.items(path)]
        column_id = path.split("/")[2]
        assert shown == order_of([dict(row) for row in rows], column_id)
        assert shown == order_of(logged, column_id)


async def test_many_people_moving_at_once_leave_a_log_without_gaps(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail without ``for no key update`` in the statement that locks the board."""
    desk = await desk_with(api, "ABC", "DE", "F")
    before = len(await log_of(db, desk.board["id"]))
    desks = await team(api, desk)

    await asyncio.gather(*(wander(own, n) for n, own in enumerate(desks)))

    events = await log_of(db, desk.board["id"])
    assert is_gap_free(events)
    assert await counters(db, desk.board["id"]) == {"seq": len(events), "task_number": 6}
    moved = [event for event in events if event["type"] == "task.moved"]
    assert len(moved) == len(events) - before - PEOPLE > PEOPLE


async def test_a_move_takes_its_neighbours_as_a_rival_leaves_them(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail without ``for no key update``: both then choose the same key."""
    desk = await desk_with(api, "AB", "X", "Y")
    a, b, x = desk.things["A"], desk.things["B"], desk.things["X"]
    async with rival_on(desk.board["id"], database_url, db) as rival:
        key = between(a["rank"], b["rank"])
        sql = "update tasks set column_id = $1, rank = $2 where id = $3"
        await rival.do(sql, a["column_id"], key, x["id"])
        moved = await rival.outrun(desk.move("Y", after="A"))

    assert moved.status_code == 200
    assert await desk.orders() == ["AYXB", "", ""]
    assert a["rank"] < moved.json()["rank"] < key


async def test_a_move_does_not_follow_a_neighbour_that_a_rival_takes_away(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail without ``for no key update``: it then goes to where the neighbour was."""
    desk = await desk_with(api, "AB", "X")
    a, x = desk.things["A"], desk.things["X"]
    async with rival_on(desk.board["id"], database_url, db) as rival:
        sql = "update tasks set column_id = $1, rank = 'b00' where id = $2"
        await rival.do(sql, x["column_id"], a["id"])
        moved = await rival.outrun(desk.move("B", column_id=a["column_id"], before="A"))

    assert moved.json()["type"] == "/problems/neighbour-elsewhere"
    assert await desk.orders() == ["B", "XA"]


async def test_a_hard_limit_is_not_outrun(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail without ``for no key update``: both then see the last free place."""
    desk = await desk_with(api, "AB", "X", task_limit=2, limit_is_hard=True)
    a, x = desk.things["A"], desk.things["X"]
    async with rival_on(desk.board["id"], database_url, db) as rival:
        sql = "update tasks set column_id = $1, rank = 'b00' where id = $2"
        await rival.do(sql, x["column_id"], a["id"])
        moved = await rival.outrun(desk.move("B", before="X"))

    assert (moved.status_code, moved.json()["current"]) == (409, 2)
    assert await desk.orders() == ["B", "XA"]
