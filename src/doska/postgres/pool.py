"""The pool of connections: waits a bounded time, opens at once, takes back what has ended at once.

For one statement a free connection is asked without what those need who hold it longer; and no
return sets a timer, which would take longer than all the rest.
"""

import asyncio
from typing import Any

import asyncpg
from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy

from doska.postgres.gathering import Gathering

IDLE_SECONDS_MAX = 300.0  # then a connection is closed, after half of it at the earliest


class Pool(asyncpg.pool.Pool):  # type: ignore[misc]  # the driver has no types
    """A pool that waits for a free connection no longer than its timeout."""

    acquire_timeout: float = 2.0
    size_min = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reset=_keep, max_inactive_connection_lifetime=0, **kwargs)
        self.gatherings: dict[str, Gathering] = {}  # of statements that several want at once

    def is_open_in(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Return whether it may be used in this loop."""
        return self._loop is loop and not self._closing

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Lend a connection; TimeoutError when none is to be had in time."""
        return super().acquire(timeout=timeout or self.acquire_timeout)

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109  # as it is
        """Distinguish a pool with all connections in use from a database that does not respond."""
        if holder := self._take_ready():
            return await holder.acquire()
        try:
            return await super()._acquire(None if self.get_idle_size() else timeout)
        except TimeoutError as error:
            if self.get_size() < self.get_max_size():
                raise
            raise asyncpg.TooManyConnectionsError("all connections are lent") from error

    def _take_ready(self) -> Any:
        """Take the place of a connection that is free, and can be lent as it is; None without one."""
        queue = self._queue
        if self._closing or not self._initialized or queue.empty():
            return None
        holder = queue.get_nowait()
        if holder.is_connected() and holder._generation == self._generation:  # noqa: SLF001
            return holder
        queue.put_nowait(holder)
        return None

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  # as it is
        """Take a connection back; at once, where there is nothing to wait for or to reset."""
        holder = connection._holder  # noqa: SLF001
        if connection._con is None or not self._is_at_rest(holder):  # noqa: SLF001
            await super().release(connection, timeout=timeout)
            return
        connection._con._on_release()  # noqa: SLF001  # as the pool does
        holder._timeout = None  # noqa: SLF001
        holder._release()  # noqa: SLF001

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> Any:
        """Read one row."""
        if holder := self._take_ready():
            return await self._ask(holder, Connection.fetchrow, query, *args, **options)
        return await super().fetchrow(query, *args, **options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> Any:
        """Read all rows."""
        if holder := self._take_ready():
            return await self._ask(holder, Connection.fetch, query, *args, **options)
        return await super().fetch(query, *args, **options)

    async def _ask(self, holder: Any, read: Any, *statement: Any, **options: Any) -> Any:
        """Ask on a connection that nobody else gets hold of."""
        con = holder._con  # noqa: SLF001
        lent = holder._in_use = self._loop.create_future()  # noqa: SLF001  # closing waits for it
        # By which the connection finds the others when a statement has to be prepared anew.
        holder._proxy = PoolConnectionProxy(holder, con)  # noqa: SLF001
        try:
            return await read(con, *statement, **options)
        finally:
            is_lent = holder._in_use is lent  # noqa: SLF001  # or it is closed, and back already
            if is_lent and self._is_at_rest(holder):
                holder._release()  # noqa: SLF001
            elif is_lent:
                await asyncio.shield(holder.release(None))

    def _is_at_rest(self, holder: Any) -> bool:
        """Return whether it can be lent again as it is: nothing of it is then awaited."""
        con = holder._con  # noqa: SLF001
        if con is None or con.is_closed() or holder._generation != self._generation:  # noqa: SLF001
            return False
        protocol = con._protocol  # noqa: SLF001
        is_begun = con._top_xact is not None or protocol.is_in_transaction()  # noqa: SLF001
        is_busy = is_begun or protocol._is_cancelling()  # noqa: SLF001
        is_heard = con._listeners or con._log_listeners  # noqa: SLF001
        return not (is_busy or is_heard) and protocol.queries_count < self._max_queries

    async def _initialize(self) -> None:
        """Open at once, even if the database is unreachable; connections come in the background."""
        await super()._initialize()
        self._minsize = self.size_min
        self._close_idle({})

    def _close_idle(self, before: dict[Any, int]) -> None:
        """Close what has been asked nothing since the last time, and look again later."""
        if self._closing:
            return
        idle = [holder for holder in self._holders if holder.is_connected() and holder.is_idle()]
        asked = {holder._con: holder._con._protocol.queries_count for holder in idle}  # noqa: SLF001
        for holder in idle:
            if before.get(holder._con) == asked[holder._con]:  # noqa: SLF001
                holder._deactivate_inactive_connection()  # noqa: SLF001  # unless there are few
        self._loop.call_later(IDLE_SECONDS_MAX / 2, self._close_idle, asked)


async def _keep(_: asyncpg.Connection) -> None:
    """Send nothing when a connection returns: its settings never change (one round trip less)."""
