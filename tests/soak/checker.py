"""The checker: a history of calls against the log, the rows and what the API shows."""

import asyncpg
import httpx

from calls import Call, History, Json, Outcome, Thing
from log_board import counters, is_gap_free, log_of, replayed, stored

Events = list[Json]


async def complaints(
    db: asyncpg.Connection, history: History, reader: httpx.AsyncClient
) -> list[str]:
    """Say all that is wrong: with the history, and with each board."""
    found = list(history.faults)
    by_task: dict[str, Events] = {}
    for record in await db.fetch("select id::text from boards order by id"):
        events = await log_of(db, record[0])
        found += await wrong_board(db, record[0], events, reader)
        for event in events:
            if event["task_id"]:
                by_task.setdefault(event["task_id"], []).append(event)
    return found + wrong_things(history.things, by_task)


def wrong_things(things: list[Thing], by_task: dict[str, Events]) -> list[str]:
    """Match each task's calls with its events; an event that nobody asked for is wrong too."""
    by_mark = {_mark(events[0]): task for task, events in by_task.items()}
    if len(by_mark) != len(by_task):
        return [f"{len(by_task) - len(by_mark)} tasks were made twice"]
    left, found = dict(by_task), []
    for thing in things:
        events = left.pop(thing.id or by_mark.get(thing.mark, ""), [])
        if not explains(thing.calls, events):
            told = [f"{call.kind} {call.expected} {call.outcome}" for call in thing.calls]
            logged = [f"{event['seq']} {event['type']}" for event in events]
            found.append(f"{thing.mark}: {told} but the log tells {logged}")
    return found + [f"nobody asked for task {task}" for task in left]


def explains(calls: list[Call], events: Events) -> bool:
    """Tell whether the events are what may come of the calls, made one after the other.

    Each acknowledged one is there once, no refused one is, and an unknown one is there at most once.
    """
    reached = {0}
    for call in calls:
        after = {n + 1 for n in reached if n < len(events) and call.could_be(events[n])}
        if call.outcome is Outcome.OK:
            reached = after
        elif call.outcome is Outcome.UNKNOWN:
            reached |= after
    return len(events) in reached


def _mark(event: Json) -> str:
    return next((c["after"]["title"] for c in event["changes"] if c["table"] == "tasks"), "")


async def wrong_board(
    db: asyncpg.Connection, board: str, events: Events, reader: httpx.AsyncClient
) -> list[str]:
    """Compare a board's log with its rows, and what the API shows with both."""
    found = [] if is_gap_free(events) else [f"board {board}: its log has gaps"]
    try:
        rows = replayed(events)
    except AssertionError as error:
        return [*found, f"board {board}: event {error} begins where none ended"]
    now = await stored(db, board)
    if rows != now:
        different = [k for k in rows.keys() | now.keys() if rows.get(k) != now.get(k)]
        found.append(f"board {board}: rows are not what the log tells: {different[:5]}")
    if (await counters(db, board))["seq"] != len(events):
        found.append(f"board {board}: its counter is not its log's")
    orders = {"the log": _order(list(rows.items())), "PostgreSQL": await _sorted(db, board)}
    shown = await _shown(reader, board)
    if shown is None:
        return found  # not a board of this load
    wrong = [name for name, order in orders.items() if order != shown]
    return found + [f"board {board}: the API shows another order than {name}" for name in wrong]


def _order(rows: list[tuple[tuple[str, str], Json]]) -> Json:
    columns = [row for (table, _), row in rows if table == "columns"]
    tasks = [row for (table, _), row in rows if table == "tasks" and row["rank"]]
    tasks.sort(key=lambda row: row["rank"].encode())
    columns.sort(key=lambda row: row["rank"].encode())
    return {c["id"]: [t["id"] for t in tasks if t["column_id"] == c["id"]] for c in columns}


async def _sorted(db: asyncpg.Connection, board: str) -> Json:
    sql = """select c.id::text, array(select t.id::text from tasks t
            where t.column_id = c.id and t.rank is not null order by t.rank) as tasks
        from columns c where c.board_id = $1 order by c.rank"""
    return {row["id"]: row["tasks"] for row in await db.fetch(sql, board)}


async def _shown(reader: httpx.AsyncClient, board: str) -> Json | None:
    """Read the order that the API shows; none where the reader may not see the board."""
    if (await reader.get(f"/boards/{board}")).status_code == 404:
        return None
    columns = await _items(reader, f"/boards/{board}/columns")
    return {
        c["id"]: [t["id"] for t in await _items(reader, f"/columns/{c['id']}/tasks")]
        for c in columns
    }


async def _items(reader: httpx.AsyncClient, path: str) -> list[Json]:
    """Read all pages of a list."""
    found: list[Json] = []
    asked: dict[str, str | int] = {"limit": 200}
    while True:
        page = (await reader.get(path, params=asked)).raise_for_status().json()
        found += page["items"]
        if not page["next_cursor"]:
            return found
        asked["cursor"] = page["next_cursor"]
