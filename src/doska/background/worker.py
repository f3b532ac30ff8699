"""Workers: loops beside the requests, in each serving process or in ``doska work``."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from doska.http.telemetry import log, log_unexpected
from doska.postgres.errors import DATABASE_ERRORS

SOON_SECONDS = 1.0  # after what passes by itself: a busy board, a database that is away


class Worker:
    """Looks for work when woken, and every so often; does it one piece at a time.

    One piece, because the pool of connections is for requests.
    """

    every_seconds: ClassVar[float]

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._is_ending = False

    def wake(self) -> None:
        """Look for work at once."""
        self._woken.set()

    def end(self, task: asyncio.Task[None]) -> None:
        """Stop, in the middle of a piece of work if need be.

        Not by cancelling alone: where a connection breaks just then, its error replaces the
        cancellation.
        """
        self._is_ending = True
        task.cancel()

    async def run(self) -> None:
        """Work until ended."""
        while not self._is_ending:
            self._woken.clear()
            try:
                await self.work_off()
            except DATABASE_ERRORS as error:
                log.warning("background waits", of=type(self).__name__, kind=type(error).__name__)
                await asyncio.sleep(SOON_SECONDS)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds()):
                    await self._woken.wait()

    def _pause_seconds(self) -> float:
        """Say how long to wait if nobody wakes it."""
        return self.every_seconds

    async def work_off(self) -> None:
        """Do all there is to do now."""
        raise NotImplementedError


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    """Let workers work meanwhile; the database must be known already."""
    context = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(worker.run(), context=context.copy()) for worker in workers]
    for task in tasks:
        task.add_done_callback(log_unexpected)
    try:
        yield
    finally:
        for worker, task in zip(workers, tasks, strict=True):
            worker.end(task)
        await asyncio.gather(*tasks, return_exceptions=True)
