"""How long undo, refusals and looks back take on a board with a long log: a table, and an exit code.

A board of the usual kind gets 100,000 events by SQL: new titles of its tasks one after the other,
and 2,000 times all of its tasks in new places, of which each event has half a megabyte. Then one
client asks, twenty times each. ``--events`` and ``--large`` choose other numbers.
"""

import argparse
import asyncio
import math
import statistics
import time
from collections.abc import Iterator

import asyncpg
from pydantic import SecretStr
from pydantic_core import to_json

import fill
import load
import servers
from doska.postgres.migration import migrate
from doska.settings import Settings

EVENTS, LARGE, REQUESTS = 100_000, 2_000, 20
UNDO_MS_MAX, TIMES_TODAY_MAX, BEYOND_MS_MAX = 100.0, 3.0, 100.0
AT_ONCE, PATIENCE_MS = 500, 10_000

# The first three events are taken back: a title that is changed again, a colour that is not, and a
# task that has left a column which is full now.
EARLY = """
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select $1, w.seq, 'task.updated', $2, t.id, '{}', jsonb_build_array(jsonb_build_object(
        'table', 'tasks', 'id', t.id, 'before', to_jsonb(t) || w.before, 'after', to_jsonb(t))),
        now() - interval '1 day'
    from (values (1, $3::uuid, '{"title": "Old"}'::jsonb), (2, $4, '{"color": "#000000"}'),
        (3, $5, $6::jsonb)) w (seq, id, before) join tasks t on t.id = w.id"""
SMALL = """
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select $1, n, 'task.updated', $2, t.id, '{}', jsonb_build_array(jsonb_build_object(
        'table', 'tasks', 'id', t.id, 'before', to_jsonb(t) || jsonb_build_object('title', 'T' || n),
        'after', to_jsonb(t) || jsonb_build_object('title', 'T' || n + 1))),
        now() - interval '1 day' + n * interval '0.5 s'
    from generate_series($3::int, $4::int) n
    join tasks t on t.id = ($5::uuid[])[n % cardinality($5::uuid[]) + 1]"""
LARGE_ONE = """
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select $1, $3::int, 'task.moved', $2, ($4::uuid[])[1], '{}', (select jsonb_agg(jsonb_build_object(
            'table', 'tasks', 'id', t.id, 'before', to_jsonb(t) || jsonb_build_object('rank', 'd'),
            'after', to_jsonb(t) || jsonb_build_object('rank', 'e')))
        from tasks t where t.id = any($4)),
        now() - interval '1 day' + $3 * interval '0.5 s'"""


async def fill_log(db: asyncpg.Connection, scene: fill.Scene, events: int, large: int) -> None:
    """Write the log, a large event after every so many small ones."""
    board, actor = scene.aged, scene.owner.user_id
    title, color, moved, *others = board.tasks
    elsewhere = {"column_id": board.columns[4], "rank": "Zz"}
    await db.execute(EARLY, board.id, actor, title, color, moved, to_json(elsewhere).decode())
    every = events // large if large else AT_ONCE
    for first in range(4, events + 1, every):
        last = min(first + every - 1, events)
        if large:
            await db.execute(LARGE_ONE, board.id, actor, first, board.tasks)
        begin = first + 1 if large else first
        await db.execute(SMALL, board.id, actor, begin, last, [title, *others])
    await db.execute("update boards set seq = $2, is_public = true where id = $1", board.id, events)
    await db.execute("update tasks set title = 'Changed again' where id = $1", title)
    await db.execute(
        "update columns set task_limit = 1, limit_is_hard = true where id = $1", board.columns[4]
    )
    await db.execute("vacuum (analyze)")


def asked(board: fill.Board, seq: int, stranger: str) -> Iterator[tuple[str, load.Request, int]]:
    """List what is asked, and what is to be answered."""
    path, task = f"/boards/{board.id}", board.tasks[0]
    yield "snapshot of today", load.Request("GET", f"{path}/snapshot"), 200
    for words, at in (("the first", 3), ("half", seq // 2), ("ten", seq - 10)):
        request = load.Request("GET", f"{path}/snapshot?at={at}")
        yield f"snapshot at {words} of the events", request, 200
    for words, undone, status in (
        ("refused", 1, 409),
        ("tried out", 2, 200),
        ("into a full column", 3, 200),
    ):
        body = to_json({"seq": undone}).decode()
        yield f"undo, {words}", load.Request("POST", f"{path}/undo", body), status
    yield "activity", load.Request("GET", f"{path}/activity"), 200
    yield "activity of one person", load.Request("GET", f"{path}/activity?actor_id={stranger}"), 200
    yield "activity of one task", load.Request("GET", f"{path}/activity?task_id={task}"), 200
    yield "activity far back", load.Request("GET", f"{path}/activity?cursor=40"), 200


def measure(port: int, headers: load.Headers, request: load.Request, status: int) -> list[float]:
    """Ask some times, fewer where it takes long; milliseconds, without end where it is refused."""
    taken: list[float] = []
    while len(taken) < REQUESTS and sum(taken) < PATIENCE_MS:
        started = time.perf_counter()
        answer = load.ask(port, request, headers)
        taken.append((time.perf_counter() - started) * 1000)
        if answer.status != status:
            print(f"{request} gave {answer.status}: {answer.body[:300]!r}")
            return [math.inf]
    return sorted(taken)


async def run(events: int, large: int) -> bool:
    """Fill, measure, print; tells whether all targets are reached."""
    with servers.postgres() as server:
        await migrate(Settings(_env_file=None, database_url=SecretStr(server.url)))
        with servers.doska(server.url, SNAPSHOT_CACHE_MB="0") as program:
            owner = fill.register(program.port)
            stranger = fill.register_one(program.port, "greta")
            db = await asyncpg.connect(server.url)
            scene = await fill.fill(db, owner)
            started = time.monotonic()
            await fill_log(db, scene, events, large)
            print(
                f"{events:,} events, {large:,} large: {time.monotonic() - started:.0f} s to write"
            )
            await db.close()
            return _table(program.port, scene, events, stranger)


def _table(port: int, scene: fill.Scene, events: int, stranger: fill.Owner) -> bool:
    rows = [(scene.owner, *row) for row in asked(scene.aged, events, stranger.user_id)]
    request = load.Request("GET", f"/boards/{scene.aged.id}/events?after={events - 5}")
    rows.append((stranger, "events, as a passer-by", request, 200))
    today, good = 0.0, True
    print("| what | median | most | target |\n|---|---|---|---|")
    for person, words, request, status in rows:
        headers = {"cookie": person.cookie, "content-type": "application/json", "prefer": "dry-run"}
        taken = measure(port, headers, request, status)
        median = statistics.median(taken)
        today = today or median
        limit = _most(words, today)
        good &= median <= limit
        target = "" if limit == math.inf else f"≤ {limit:.0f} ms"
        print(f"| {words} | {median:.1f} ms | {taken[-1]:.1f} ms | {target} |", flush=True)
    return good


def _most(words: str, today: float) -> float:
    if words.startswith("undo"):
        return UNDO_MS_MAX
    if words.startswith("snapshot at"):
        return TIMES_TODAY_MAX * today + BEYOND_MS_MAX
    return math.inf


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--large", type=int, default=LARGE)
    options = parser.parse_args()
    raise SystemExit(not asyncio.run(run(options.events, options.large)))


if __name__ == "__main__":
    main()
