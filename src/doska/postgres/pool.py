"""The pool of connections: waits a bounded time, opens at once, takes back what has ended at once."""

from typing import Any

import asyncpg

from doska.postgres.gathering import Gathering


class Pool(asyncpg.pool.Pool):  # type: ignore[misc]  # the driver has no types
    """A pool that waits for a free connection no longer than its timeout."""

    acquire_timeout: float = 2.0
    size_min = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gatherings: dict[str, Gathering] = {}  # of statements that several want at once

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Lend a connection; TimeoutError when none is to be had in time."""
        if self.get_idle_size():  # a timer takes as long as the rest of lending one
            return super().acquire()
        return super().acquire(timeout=timeout or self.acquire_timeout)

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109  # as it is
        """Distinguish a pool with all connections in use from a database that does not respond."""
        try:
            return await super()._acquire(timeout)
        except TimeoutError as error:
            if self.get_size() < self.get_max_size():
                raise
            raise asyncpg.TooManyConnectionsError("all connections are lent") from error

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  # as it is
        """Take a connection back; without a task of its own, where there is nothing to wait for."""
        if not self._is_at_rest(connection):
            await super().release(connection, timeout=timeout)
            return
        connection._con._on_release()  # noqa: SLF001  # as the pool does
        await connection._holder.release(None)  # noqa: SLF001

    def _is_at_rest(self, connection: Any) -> bool:
        """Return whether it can be lent again as it is: nothing of it is then awaited."""
        con, holder = connection._con, connection._holder  # noqa: SLF001
        if con is None or con.is_closed() or holder._generation != self._generation:  # noqa: SLF001
            return False
        protocol = con._protocol  # noqa: SLF001
        is_begun = con._top_xact is not None or protocol.is_in_transaction()  # noqa: SLF001
        is_busy = is_begun or protocol._is_cancelling()  # noqa: SLF001
        return not is_busy and protocol.queries_count < self._max_queries

    async def _initialize(self) -> None:
        """Open at once, even if the database is unreachable; connections come in the background."""
        await super()._initialize()
        self._minsize = self.size_min
