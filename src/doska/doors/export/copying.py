"""How many rows leave the database: copied as lines, and worked on in a thread meanwhile.

PostgreSQL writes JSON faster than anything here could, and ``COPY`` gives it out without a round
trip for so many rows. Memory is bounded by bytes, however long a single row is.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from doska.postgres.database import Connection

PIECE_BYTES = 512 << 10  # handed over at once: enough to be worth it, and parsed in some ms
SECONDS_MAX = 600.0  # of one query: what bounds an export is its size

# As CSV, whose quote and delimiter are signs that JSON escapes: so each line is as it was written.
FIELD = b"\x02"
_FORMAT = {"format": "csv", "quote": "\x01", "delimiter": FIELD.decode()}

Work = Callable[[bytes], object]


async def copied(connection: Connection, work: Work, sql: str, *values: Any) -> None:
    """Give the rows of a query to ``work``: whole lines, in their order, in a thread.

    One piece is worked on at a time, while the next one is read; what ``work`` raises ends it all.
    Columns are ``json`` or ``jsonb``, between them is FIELD; ``json_agg`` breaks lines, arrays do
    not.
    """
    pieces = _Pieces(work)
    try:
        await connection.copy_from_query(
            sql, *values, output=pieces.take, timeout=SECONDS_MAX, **_FORMAT
        )
        await pieces.end()
    finally:
        await pieces.settled()


def values_in(lines: bytes) -> list[Any]:
    """Read lines of one JSON value each."""
    found: list[Any] = from_json(b"[" + lines.rstrip(b"\n").replace(b"\n", b",") + b"]")
    return found


class _Pieces:
    """What has arrived and is not worked on yet."""

    def __init__(self, work: Work) -> None:
        self._work, self._parts, self._size = work, list[bytes](), 0
        self._running: asyncio.Future[object] | None = None

    async def take(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size >= PIECE_BYTES:
            lines, end, begun = b"".join(self._parts).rpartition(b"\n")
            self._parts, self._size = [begun], len(begun)
            await self._hand_over(lines + end)

    async def end(self) -> None:
        await self._hand_over(b"".join(self._parts))
        await self._worked()

    async def _hand_over(self, lines: bytes) -> None:
        await self._worked()
        if lines:
            self._running = asyncio.ensure_future(asyncio.to_thread(self._work, lines))

    async def _worked(self) -> None:
        if self._running is not None:
            await asyncio.shield(self._running)

    async def settled(self) -> None:
        """Wait for the thread, however it all has ended: what it writes to is closed after that."""
        if self._running is not None:
            await asyncio.wait([self._running])
            self._running.exception()  # it is known, or another one was first
