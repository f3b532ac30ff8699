"""What a board's log is measured against: the stored rows themselves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from api import Json
from doska.background.notices import Notices
from doska.boards.kinds import on_board
from doska.boards.statements import COUNTERS
from doska.postgres.database import CHANNEL
from doska.postgres.notifying import sender_of_notices

OF_BOARD = {"boards": "x.id = $1", **{kind.table: "x.board_id = $1" for kind in on_board()}}

Rows = dict[tuple[str, str], Json]  # by table and id


async def stored(db: asyncpg.Connection, board_id: str) -> Rows:
    """Read every row of a board, without the counters, which the log derives."""
    rows: Rows = {}
    for table, condition in OF_BOARD.items():
        sql = f"select to_jsonb(x) - $2::text[] from {table} x where {condition}"
        for record in await db.fetch(sql, board_id, list(COUNTERS)):
            row = json.loads(record[0])
            rows[table, row["id"]] = row
    return rows


async def log_of(db: asyncpg.Connection, board_id: str) -> list[Json]:
    """Read a board's events in their order, as they are stored."""
    sql = "select to_jsonb(e) from events e where board_id = $1 order by seq"
    return [json.loads(record[0]) for record in await db.fetch(sql, board_id)]


async def newest_of(db: asyncpg.Connection, board_id: str) -> Json:
    """Read a board's last event, with the faces of today."""
    sql = """select to_jsonb(e) || jsonb_build_object('payload', with_faces(e.payload))
        from events e where board_id = $1 order by seq desc limit 1"""
    event: Json = json.loads(await db.fetchval(sql, board_id))
    return event


async def counters(db: asyncpg.Connection, board_id: str) -> Json:
    """Read what the log keeps on the board itself."""
    return dict(await db.fetchrow("select seq, task_number from boards where id = $1", board_id))


def replayed(events: list[Json]) -> Rows:
    """Do again what the events tell, from nothing; each must begin where the one before ended."""
    rows: Rows = {}
    for event in events:
        for change in event["changes"]:
            place = (change["table"], change["id"])
            assert rows.pop(place, None) == change["before"], f"{event['seq']} {event['type']}"
            if change["after"] is not None:
                rows[place] = change["after"]
    return rows


def is_gap_free(events: list[Json]) -> bool:
    return [event["seq"] for event in events] == list(range(1, len(events) + 1))


async def all_told() -> None:
    """Wait until the application has sent its notices."""
    if isinstance(sender := sender_of_notices(), Notices):
        await sender.settled()


class Ear:
    """Hears what is notified on the log's channel."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._notes: asyncio.Queue[str] = asyncio.Queue()

    def hear(self, *note: str) -> None:
        self._notes.put_nowait(note[-1])

    async def next(self) -> str:
        """Give the next note, whoever sends it."""
        async with asyncio.timeout(60):
            return await self._notes.get()

    async def heard(self) -> list[str]:
        """Give all that was sent until now: whatever was committed before our own note."""
        await all_told()
        await self._connection.execute("select pg_notify($1, 'until now')", CHANNEL)
        notes = []
        async with asyncio.timeout(60):
            while (note := await self._notes.get()) != "until now":
                notes.append(note)
        return notes


@asynccontextmanager
async def listening(connection: asyncpg.Connection) -> AsyncIterator[Ear]:
    """Listen, on a connection of one's own."""
    ear = Ear(connection)
    await all_told()
    await connection.add_listener(CHANNEL, ear.hear)
    yield ear
    await connection.remove_listener(CHANNEL, ear.hear)
