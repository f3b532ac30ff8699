"""What has been committed by a process, told to others soon after.

``pg_notify`` within a transaction makes all commits of the server wait for one another until each is
on disk: a few hundred changes a second, whatever the machine. So a process wakes its own streams
when a transaction has committed, collects the messages, and sends them together on a connection of
its own, which waits for no disk. If it is killed in between, others hear nothing: streams and
followers look at the tables now and then, whatever they hear.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from doska.background.listener import Listener
from doska.http.telemetry import log, log_unexpected
from doska.postgres.commits import after_commit
from doska.postgres.database import CHANNEL, Connection
from doska.postgres.errors import DATABASE_ERRORS
from doska.postgres.hosts import connect
from doska.postgres.notifying import notices_sent_by
from doska.settings import Settings

TOGETHER_SECONDS = 0.01  # what comes in this time goes together
RETRY_SECONDS = 0.5
LAST_SECONDS = 1.0  # for what is left when the process ends
WAITING_MAX = 10_000  # while nothing can be sent; older ones come with the beats of others
_SEND = f"select pg_notify('{CHANNEL}', m) from unnest($1::text[]) m"


class Notices:
    """Messages that wait to be sent, and the connection that sends them."""

    def __init__(self, settings: Settings, listener: Listener) -> None:
        self._settings, self._listener = settings, listener
        self._waiting: dict[str, None] = {}  # in order, each once
        self._some, self._sent = asyncio.Event(), asyncio.Event()
        self._connection: Connection = None

    def tell(self, message: str) -> None:
        """Wake this process when the open transaction has committed, and others soon after."""
        after_commit(lambda: self._add(message))

    def _add(self, message: str) -> None:
        self._listener.hear(message)
        self._waiting[message] = None
        if len(self._waiting) > WAITING_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._some.set()

    async def run(self) -> None:
        """Send what comes, until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(TOGETHER_SECONDS)
            try:
                await self._send()
            except DATABASE_ERRORS as error:
                log.warning("not notifying", kind=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _send(self) -> None:
        """Send all that waits; what could not be sent still waits."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
            self._listener.own_sender = self._connection.get_server_pid()
        messages = list(self._waiting)
        self._some.clear()
        try:
            await self._connection.execute(_SEND, messages)
        except BaseException:
            self._some.set()
            self._connection.terminate()
            raise
        for message in messages:
            self._waiting.pop(message, None)
        self._sent.set()
        self._sent.clear()

    async def settled(self) -> None:
        """Wait until all is sent that was told until now."""
        waiting = set(self._waiting)
        while waiting & self._waiting.keys():
            await self._sent.wait()

    async def _connect(self) -> Connection:
        seconds = self._settings.acquire_timeout_seconds
        return await connect(
            self._settings.direct_url,
            timeout=seconds,
            command_timeout=seconds,
            server_settings={"application_name": "doska-notify", "synchronous_commit": "off"},
        )

    async def close(self) -> None:
        """Send what is left, if that is possible at once."""
        with suppress(*DATABASE_ERRORS):
            async with asyncio.timeout(LAST_SECONDS):
                if self._waiting:
                    await self._send()
                if self._connection:
                    await self._connection.close()


@asynccontextmanager
async def open_notices(settings: Settings, listener: Listener) -> AsyncIterator[Notices]:
    """Send the notices of this process's pool in this way; the database must be known already."""
    notices = Notices(settings, listener)
    task = asyncio.get_running_loop().create_task(notices.run())
    task.add_done_callback(log_unexpected)
    with notices_sent_by(notices):
        try:
            yield notices
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await notices.close()
