"""What a group has not read of a board it does not take for what is there: it is done by itself then.

What is read is chosen by how the board is before the group; an action can make other columns matter
to those behind it.
"""

import asyncpg
import pytest

from api import Api, Json
from batches import check_log
from checks import refused
from desks import Desk, desk, statuses

RANKED = """select id::text from tasks
    where column_id = $1 and rank is not null order by rank, id"""
MANY = 24  # of which a small group reads some at the ends, or around one

pytestmark = pytest.mark.parametrize("lock", ["free", "locked"])


async def _fill(found: Desk) -> tuple[str, list[str]]:
    """Fill the second column, and take each second task out again: the keys in between are free."""
    column_id = found.columns[1]["id"]
    made: list[Json] = [
        await found.anna.make("/tasks", column_id=column_id, title=f"{number}")
        for number in range(2 * MANY)
    ]
    for task in made[0::2]:
        assert (await found.anna.delete(f"/tasks/{task['id']}")).status_code == 204
    return column_id, [task["id"] for task in made[1::2]]


async def _order(db: asyncpg.Connection, column_id: str) -> list[str]:
    return [row["id"] for row in await db.fetch(RANKED, column_id)]


@pytest.mark.parametrize("end", ["top", "bottom"])
async def test_the_end_of_a_column_that_a_task_has_just_come_to_is_its_end(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str, end: str
) -> None:
    """Not that of what was read around its neighbour. Seen to fail with what was read."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        column_id, there = await _fill(found)
        near = {"before": there[0]} if end == "bottom" else {"after": there[-1]}
        async with found.line() as line:
            await line.come(found.anna.patch(found.of(1), title="New"))
            await line.come(found.anna.post(f"{found.of(0)}/move", **near))
            await line.come(found.anna.post(f"{found.of(0)}/move", at=end))
            assert statuses(await line.go()) == [200] * 3
        own = found.tasks[0]["id"]
        wanted = [*there, own] if end == "bottom" else [own, *there]
        assert await _order(db, column_id) == wanted
    await check_log(db, found.id)


async def test_what_is_restored_in_a_column_that_it_has_just_come_to_is_at_its_bottom(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Seen to fail with what was read around its neighbour."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        column_id, there = await _fill(found)
        async with found.line() as line:
            await line.come(found.anna.post(f"{found.of(0)}/move", before=there[0]))
            await line.come(found.anna.patch(found.of(0), is_archived=True))
            await line.come(found.anna.patch(found.of(0), is_archived=False))
            assert statuses(await line.go()) == [200] * 3
        assert await _order(db, column_id) == [*there, found.tasks[0]["id"]]
    await check_log(db, found.id)


async def test_the_column_of_a_status_since_just_now_is_entered_at_its_bottom(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Though it was not read for its status. Seen to fail as if nothing stood there."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        column_id, there = await _fill(found)
        own = found.columns[0]["id"]
        assert (await found.anna.patch(f"/columns/{own}", status="TODO")).status_code == 200
        async with found.line() as line:
            await line.come(found.anna.patch(found.of(1), title="New"))
            await line.come(found.anna.patch(f"/columns/{column_id}", status="DONE"))
            await line.come(found.anna.patch(found.of(0), status="DONE"))
            assert statuses(await line.go()) == [200] * 3
        assert await _order(db, column_id) == [*there, found.tasks[0]["id"]]
    await check_log(db, found.id)


@pytest.mark.parametrize("how", ["made", "moved"])
@pytest.mark.parametrize("was", [{}, {"limit_is_hard": True}, {"task_limit": MANY}])
async def test_a_limit_that_is_set_just_now_holds(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str, how: str, was: Json
) -> None:
    """Though those in the column were not counted. Seen to fail when only those were that were read."""
    async with desk(api, db, database_url, is_locked=lock == "locked") as found:
        column_id, there = await _fill(found)
        assert (await found.anna.patch(f"/columns/{column_id}", **was)).status_code == 200
        limit = {"task_limit": MANY, "limit_is_hard": True}
        async with found.line() as line:
            await line.come(found.anna.patch(found.of(1), title="New"))
            await line.come(found.anna.patch(f"/columns/{column_id}", **limit))
            await line.come(
                found.anna.post("/tasks", column_id=column_id, title="More")
                if how == "made"
                else found.anna.post(f"{found.of(0)}/move", after=there[3])
            )
            *done, last = await line.go()
        assert statuses(done) == [200, 200]
        assert refused(last, 409, "column-full")["current"] == MANY
        assert await _order(db, column_id) == there


async def test_a_column_that_was_made_just_now_is_known(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    """Nothing stands there but what has come since: two statements do for all."""
    made = {"id": "0198c0de-0000-7000-8000-00000000c01d", "title": "New"}
    limit = {"task_limit": 2, "limit_is_hard": True}
    async with (
        desk(api, db, database_url, is_locked=lock == "locked") as found,
        found.line() as line,
    ):
        await line.come(found.anna.post("/columns", board_id=found.id, **made, **limit))
        await line.come(found.anna.post("/tasks", column_id=made["id"], title="One"))
        await line.come(found.anna.post("/tasks", column_id=made["id"], title="Two"))
        assert statuses(await line.go()) == [201] * 3
        assert sum(sql.startswith("COMMIT") for sql in line.sent) == line.ahead
        assert await _order(db, made["id"])
