"""How long it takes to trim a year of events, and what readers notice of it: a table.

A log of ten changes a second is written by SQL, a part of it (``--events``, over ``--boards`` boards
and a year). Then all but a month is removed by the steps of the nightly job, with nothing else going
on, and once more while a transaction is open that keeps PostgreSQL from cleaning up. After each, the
question where a log begins is timed: it is part of each page of events, each undo and each stream.
"""

import argparse
import asyncio
import statistics
import time

import asyncpg
from pydantic import SecretStr
from tortoise.context import TortoiseContext

import doska.features  # noqa: F401  # all kinds
import servers
from doska.boards.floors import KEPT
from doska.boards.trimming import EVENTS_AT_ONCE, trim
from doska.doctor.growth import judge_growth, read_growth
from doska.postgres.database import tortoise_config
from doska.postgres.migration import migrate
from doska.settings import Settings

DAYS, QUESTIONS = 30, 200
BOARDS = """
    with made as (insert into boards (id, title, description, key, seq, created_at)
        select gen_random_uuid(), 'Board', '', 'B', $2, now() - interval '365 days'
        from generate_series(1, $1::int) returning id),
    people as (insert into board_users (id, board_id, user_id, role, joined_at)
        select gen_random_uuid(), id, $3, 'CREATOR', now() from made)
    select id::text from made"""
USER = """insert into users (id, username, name, email, password_hash, avatar_url, created_at)
    values (gen_random_uuid(), 'anna', 'Anna', 'anna@example.com', '', '/a.svg', now()) returning id"""
# As large as those that the API writes: 1.9 kB with indexes and entries.
EVENTS = """
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select $1::uuid, n, 'task.updated', $3, t, jsonb_build_object('task', jsonb_build_object('id', t,
            'title', repeat('Title ', 5), 'version', n, 'updated_at', now())),
        jsonb_build_array(jsonb_build_object('table', 'tasks', 'id', t,
            'before', jsonb_build_object('title', md5(n::text) || md5((n + 1)::text), 'version', n),
            'after', jsonb_build_object('title', md5((n + 2)::text) || md5((n + 3)::text),
                'version', n + 1))),
        now() - ($2::int - n) * interval '365 days' / $2
    from generate_series(1, $2::int) n
    cross join lateral (select md5($1::uuid::text || n % 50)::uuid as t) t"""


async def ask_where(db: asyncpg.Connection, boards: list[str]) -> str:
    """Time the question of where a log begins."""
    found = []
    for board_id in (boards * QUESTIONS)[:QUESTIONS]:
        began = time.perf_counter()
        await db.fetchval(f"select {KEPT} from boards b where b.id = $1", board_id)
        found.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(found):.2f}, {max(found):.2f}"


async def trim_all(boards: list[str]) -> str:
    """Trim logs by the steps of the job, and time each."""
    steps, began = [], time.perf_counter()
    for board_id in boards:
        while True:
            at = time.perf_counter()
            if not await trim(board_id, DAYS):
                break
            steps.append((time.perf_counter() - at) * 1000)
    whole = time.perf_counter() - began
    p95 = statistics.quantiles(steps, n=20)[-1]
    speed = len(steps) * EVENTS_AT_ONCE / whole
    return (
        f"{len(steps)} | {statistics.median(steps):.1f}, {p95:.1f}, {max(steps):.1f} | {speed:,.0f}"
    )


async def run(url: str, events: int, count: int) -> None:
    """Fill, trim and report."""
    settings = Settings(_env_file=None, database_url=SecretStr(url))
    await migrate(settings)
    db = await asyncpg.connect(url)
    each = events // count
    user = await db.fetchval(USER)
    boards = [row[0] for row in await db.fetch(BOARDS, count, each, user)]
    for board_id in boards:
        await db.execute(EVENTS, board_id, each, user)
    await db.execute("vacuum analyze")
    for finding in judge_growth(await read_growth(db, {"events", "touched_rows"}), settings):
        print(finding)
    print("| | steps | ms a step: p50, p95, most | events/s | where it begins, ms: p50, most |")
    print("|---|---|---|---|---|")
    print(f"| before | | | | {await ask_where(db, boards)} |")
    holder = await asyncpg.connect(url)
    async with TortoiseContext() as context:
        await context.init(tortoise_config(settings))
        half = len(boards) // 2
        print(f"| alone | {await trim_all(boards[:half])} | {await ask_where(db, boards[:half])} |")
        async with holder.transaction(isolation="repeatable_read"):
            await holder.fetchval("select count(*) from boards")
            told = await trim_all(boards[half:])
            print(f"| beside an open transaction | {told} | {await ask_where(db, boards[half:])} |")


def main() -> None:
    """Read the arguments and start PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--boards", type=int, default=20)
    given = parser.parse_args()
    with servers.postgres() as server:
        asyncio.run(run(server.url, given.events, given.boards))


if __name__ == "__main__":
    main()
