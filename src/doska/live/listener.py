"""The one connection of a process that listens for notifications."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg

from doska.http.telemetry import log
from doska.postgres.database import CHANNEL, Connection
from doska.postgres.errors import DATABASE_ERRORS
from doska.settings import Settings

RETRY_SECONDS_MIN, RETRY_SECONDS_MAX = 0.1, 1.0
CLOSE_SECONDS = 1.0


class Listener:
    """Listens, and connects anew when the connection is lost or has gone silent."""

    def __init__(
        self, settings: Settings, heard: Callable[[str], None], connected: Callable[[], None]
    ) -> None:
        self._settings, self._heard, self._connected = settings, heard, connected

    async def run(self) -> None:
        """Listen until cancelled."""
        delay = RETRY_SECONDS_MIN
        while True:
            try:
                async with self._listening() as (connection, lost):
                    delay = RETRY_SECONDS_MIN
                    self._connected()  # what was missed meanwhile is looked up
                    await self._stay(connection, lost)
            except DATABASE_ERRORS as error:
                log.warning("not listening", kind=type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(2 * delay, RETRY_SECONDS_MAX)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[tuple[Connection, asyncio.Event]]:
        url = self._settings.database_url
        connection = await asyncpg.connect(
            url.get_secret_value() if url else None,
            timeout=self._settings.acquire_timeout_seconds,
            command_timeout=self._settings.acquire_timeout_seconds,
            statement_cache_size=0,
            server_settings={"application_name": "doska-listen"},
        )
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, lambda *found: self._heard(found[-1]))
            yield connection, lost
        finally:
            with suppress(*DATABASE_ERRORS):
                await connection.close(timeout=CLOSE_SECONDS)

    async def _stay(self, connection: Connection, lost: asyncio.Event) -> None:
        """Stay until it is lost; ask now and then, for half a connection tells nothing."""
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.stream_heartbeat_seconds):
                    await lost.wait()
            if not lost.is_set():
                await connection.execute("select 1")
