"""The one connection of a process that listens for notifications."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from doska.http.telemetry import log, log_unexpected
from doska.postgres.database import CHANNEL, Connection
from doska.postgres.errors import DATABASE_ERRORS
from doska.postgres.hosts import connect
from doska.settings import Settings

RETRY_SECONDS_MIN, RETRY_SECONDS_MAX = 0.1, 1.0
CLOSE_SECONDS = 1.0

Heard = Callable[[str], None]  # given each message
Connected = Callable[[], None]  # called whenever messages could have been missed


class Listener:
    """Listens from the first subscription on, and connects again when the connection is lost.

    Also when it has gone silent: half a connection reports nothing.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._subscribers: list[tuple[Heard, Connected]] = []
        self._task: asyncio.Task[None] | None = None
        self.own_sender: int | None = None  # the backend of this process's own notices

    def subscribe(self, heard: Heard, connected: Connected) -> None:
        """Pass on all messages from now on."""
        self._subscribers.append((heard, connected))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self._task.add_done_callback(log_unexpected)

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        delay = RETRY_SECONDS_MIN
        while True:
            try:
                async with self._listening() as (connection, lost):
                    delay = RETRY_SECONDS_MIN
                    for _, connected in self._subscribers:
                        connected()
                    await self._stay(connection, lost)
            except DATABASE_ERRORS as error:
                log.warning("not listening", kind=type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(2 * delay, RETRY_SECONDS_MAX)

    def hear(self, message: str) -> None:
        """Pass on a message."""
        for heard, _ in self._subscribers:
            heard(message)

    def _notified(self, _: Connection, sender: int, __: str, message: str) -> None:
        if sender != self.own_sender:  # what this process has committed it knows already
            self.hear(message)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[tuple[Connection, asyncio.Event]]:
        connection = await connect(
            self._settings.direct_url,
            timeout=self._settings.acquire_timeout_seconds,
            command_timeout=self._settings.acquire_timeout_seconds,
            statement_cache_size=0,
            server_settings={"application_name": "doska-listen"},
        )
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._notified)
            yield connection, lost
        finally:
            with suppress(*DATABASE_ERRORS):
                await connection.close(timeout=CLOSE_SECONDS)

    async def _stay(self, connection: Connection, lost: asyncio.Event) -> None:
        """Stay until the connection is lost; try it now and then."""
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.stream_heartbeat_seconds):
                    await lost.wait()
            if not lost.is_set():
                await connection.execute("select 1")


@asynccontextmanager
async def open_listener(settings: Settings) -> AsyncIterator[Listener]:
    """Have a listener, which connects once somebody wants to hear."""
    listener = Listener(settings)
    try:
        yield listener
    finally:
        await listener.close()
