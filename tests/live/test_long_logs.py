"""What is asked of a board with a long log reads as much as it needs, however long the log is.

Counted are the pages that PostgreSQL reads for each statement of the request, run again as it was
sent. Of three thousand events each tenth is too large for a page; ``changes`` of one are read from a
dozen pages.
"""

from typing import Any

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from checks import refused
from log_board import OF_BOARD
from statements import pages_read

EVENTS, LARGE_EVERY, TASKS = 3_000, 10, 3
PAGES_MAX = 150
READ = (*OF_BOARD, "users", "sessions", "events", "touched_rows")

# Events after one another change the titles of all tasks but the first in turn. What makes some
# large cannot be compressed.
LONG = """
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select b.id, b.seq + n, 'task.updated', $2, t.id, '{}', jsonb_build_array(jsonb_build_object(
            'table', 'tasks', 'id', t.id,
            'before', to_jsonb(t) || jsonb_build_object('title', 'T' || n) || x,
            'after', to_jsonb(t) || jsonb_build_object('title', 'T' || n + 1) || x)), now()
    from boards b cross join generate_series(1, $3::int) n
        join tasks t on t.id = ($4::uuid[])[n % cardinality($4::uuid[]) + 1]
        cross join lateral (select case when n % $5::int = 0 then jsonb_build_object(
            'description', (select string_agg(md5(n::text || m), '')
                from generate_series(1, 600) m)) else '{}' end as x) x
    where b.id = $1"""


class Long:
    """A board with a long log."""

    def __init__(self, anna: Person, board: Json, seqs: dict[str, int], ids: Json) -> None:
        self.anna, self.path, self.seqs, self.ids = anna, f"/boards/{board['id']}", seqs, ids

    async def undo(self, what: str) -> httpx.Response:
        headers = {"Prefer": "dry-run"}
        return await self.anna.send(
            "POST", f"{self.path}/undo", json={"seq": self.seqs[what]}, headers=headers
        )


@pytest.fixture
async def long(api: Api, db: asyncpg.Connection) -> Long:
    anna, boris = await api.user(), await api.user()
    board = await anna.board(is_public=True)
    column = await anna.column(board)
    first, *others = [await anna.task(column, f"Task {n}") for n in range(TASKS + 1)]
    seqs = {}

    async def do(name: str, task: Json, **fields: Any) -> None:
        assert (await anna.patch(f"/tasks/{task['id']}", **fields)).is_success
        seqs[name] = (await anna.read(f"/boards/{board['id']}"))["seq"]

    await do("kept", first, color="#000000")
    await do("built upon", first, title="A")
    await do("again", first, title="B")
    await do("archived", first, is_archived=True)
    limits = {"task_limit": 1, "limit_is_hard": True}
    assert (await anna.patch(f"/columns/{column['id']}", **limits)).is_success
    seqs["last"] = (await anna.read(f"/boards/{board['id']}"))["seq"] + EVENTS
    ids = [task["id"] for task in others]
    await db.execute(LONG, board["id"], anna.id, EVENTS, ids, LARGE_EVERY)
    last = "update boards set seq = seq + $2 where id = $1"
    await db.execute(last, board["id"], EVENTS)
    await db.execute(f"vacuum (full, analyze) {', '.join(READ)}")  # of the rows of other tests
    return Long(anna, board, seqs, {"first": first["id"], "boris": boris})


async def test_an_undo_that_is_refused(long: Long, db: asyncpg.Connection) -> None:
    """Seen to fail when every later event was looked into."""
    async with pages_read(db) as pages:
        answer = await long.undo("built upon")
    (conflict,) = refused(answer, 409, "built-upon")["conflicts"]
    assert conflict["seq"] == long.seqs["again"]
    assert 0 < await pages() < PAGES_MAX


@pytest.mark.parametrize("what", ["kept", "archived"])
async def test_an_undo(long: Long, db: asyncpg.Connection, what: str) -> None:
    """One needs to know how full its column was. Seen to fail when all later moves were read."""
    async with pages_read(db) as pages:
        assert (await long.undo(what)).is_success
    assert 0 < await pages() < PAGES_MAX


async def test_the_board_as_it_was(long: Long, db: asyncpg.Connection) -> None:
    """Seen to fail when every later event was opened."""
    async with pages_read(db) as pages:
        found = await long.anna.read(f"{long.path}/snapshot", at=long.seqs["kept"])
    assert {task["title"] for task in found["tasks"]} == {"Task 0", "T1", "T2", "T3"}
    assert 0 < await pages() < PAGES_MAX


async def test_what_one_person_did(long: Long, db: asyncpg.Connection) -> None:
    """Seen to fail when the whole log was looked through for who has done nothing."""
    async with pages_read(db) as pages:
        page = await long.anna.read(f"{long.path}/activity", actor_id=long.ids["boris"].id)
    assert page["items"] == []
    assert 0 < await pages() < PAGES_MAX


async def test_what_happened_to_one_task(long: Long, db: asyncpg.Connection) -> None:
    """Seen to fail when whatever may be of many tasks was opened."""
    async with pages_read(db) as pages:
        page = await long.anna.read(f"{long.path}/activity", task_id=long.ids["first"])
    assert len(page["items"]) == 5
    assert 0 < await pages() < PAGES_MAX


async def test_what_columns_were_called(long: Long, db: asyncpg.Connection) -> None:
    """Seen to fail when the log was read from the page on."""
    async with pages_read(db) as pages:
        page = await long.anna.read(f"{long.path}/activity", cursor=str(long.seqs["kept"]))
    assert len(page["items"]) == 6
    assert 0 < await pages() < PAGES_MAX


async def test_from_where_a_passer_by_may_read_on(long: Long, db: asyncpg.Connection) -> None:
    async with pages_read(db) as pages:
        page = await long.ids["boris"].read(f"{long.path}/events", after=long.seqs["last"])
    assert page["items"] == []
    assert 0 < await pages() < PAGES_MAX
