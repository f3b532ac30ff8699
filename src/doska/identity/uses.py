"""When access tokens were last used: written outside of the requests, never delaying them."""

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from doska.http.telemetry import described, log
from doska.postgres.database import fetch_row
from doska.postgres.errors import DATABASE_ERRORS

REMEMBERED_MAX = 10_000
LAST_NOTES_SECONDS = 1.0

_USED = """
    update sessions set last_used_at = now() where id = $1
        and (last_used_at is null or last_used_at < now() - $2 * interval '1 second')"""


class Uses:
    """Records the uses of tokens, each at most once in a while, one at a time."""

    every_seconds: ClassVar[float] = 60.0

    def __init__(self) -> None:
        self._noted: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(1)  # the pool is for requests
        # It can use the database of this application, but no transaction of a request.
        self._context = contextvars.copy_context()

    def note(self, token_id: str) -> None:
        """Make sure that the database learns about this use of a token."""
        now = time.monotonic()
        noted = self._noted.get(token_id)
        if noted is not None and now - noted < self.every_seconds:
            return
        if len(self._noted) >= REMEMBERED_MAX:
            self._noted.clear()
        self._noted[token_id] = now
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._write(token_id), context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Let the last writes finish, but do not wait for them long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_NOTES_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _write(self, token_id: str) -> None:
        async with self._turn:
            try:
                await fetch_row(_USED, token_id, self.every_seconds)
            except DATABASE_ERRORS as error:  # the next minute is early enough
                log.warning("use of a token not noted", **described(error))


@asynccontextmanager
async def open_uses() -> AsyncIterator[Uses]:
    """Have a recorder of uses; the database must be known already."""
    uses = Uses()
    try:
        yield uses
    finally:
        await uses.close()
