"""The pool of connections: waits a bounded time, opens at once, takes back what has ended at once."""

import asyncio
from typing import Any

import asyncpg

from doska.postgres.gathering import Gathering


class Pool(asyncpg.pool.Pool):  # type: ignore[misc]  # the driver has no types
    """A pool that waits for a free connection no longer than its timeout."""

    acquire_timeout: float = 2.0
    size_min = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reset=_keep, **kwargs)
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
            return await holder.acquire()  # without a timer, which takes longer than all the rest
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
        if not self._is_at_rest(connection):
            await super().release(connection, timeout=timeout)
            return
        connection._con._on_release()  # noqa: SLF001  # as the pool does
        holder = connection._holder  # noqa: SLF001
        holder._timeout = None  # noqa: SLF001
        holder._release()  # noqa: SLF001
        holder._setup_inactive_callback()  # noqa: SLF001

    def _is_at_rest(self, connection: Any) -> bool:
        """Return whether it can be lent again as it is: nothing of it is then awaited."""
        con, holder = connection._con, connection._holder  # noqa: SLF001
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


async def _keep(_: asyncpg.Connection) -> None:
    """Send nothing when a connection returns: its settings never change (one round trip less)."""
