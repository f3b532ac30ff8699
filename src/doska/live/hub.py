"""All open streams of this process, and what wakes them.

A notification only wakes; the tables are the source of truth. All channels are woken whenever a
notification could have been lost: when the listening connection is new, and one after the other
within each heartbeat.
"""

import asyncio
import contextvars
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, ClassVar

from doska.background.listener import Listener
from doska.boards.positions import Position
from doska.errors import Unavailable
from doska.http.telemetry import log_unexpected
from doska.identity.access import Caller
from doska.live.channel import Channel, Stream
from doska.live.events import News, news
from doska.live.rounds import Rounds
from doska.settings import Settings

READERS = 2  # channels that read at once: the pool is for requests


class TooManyStreams(Unavailable):
    """Too many live streams are open."""

    example: ClassVar[dict[str, Any]] = {"limit": 100, "of": "streams of a person"}


class Hub:
    """Who watches which board."""

    def __init__(self, settings: Settings, listener: Listener) -> None:
        self.settings, self._listener = settings, listener
        self.streams: set[Stream] = set()
        self.channels: dict[str, Channel] = {}
        self._of_user: dict[str, set[Stream]] = defaultdict(set)
        self._reading = asyncio.Semaphore(READERS)
        self._context = contextvars.copy_context()  # it can use the database of this application
        self._tasks: set[asyncio.Task[None]] = set()
        self._rounds = Rounds(settings.stream_heartbeat_seconds)
        self._is_listening = self._is_closing = False

    @contextmanager
    def admitted(self, caller: Caller) -> Iterator[Stream]:
        """Count a stream for as long as it is open; TooManyStreams if there are enough."""
        self._check_room(caller)
        self._start()
        stream = Stream(caller)
        self.streams.add(stream)
        self._of_user[caller.user_id].add(stream)
        timer = asyncio.get_running_loop().call_later(self._life(caller), stream.end)
        try:
            yield stream
        finally:
            timer.cancel()
            self._leave(stream)

    def join(self, stream: Stream, board_id: str, born: str, at: Position) -> None:
        """Let a stream continue with a board, live; it has had everything up to a position."""
        channel = self.channels.get(board_id)
        if channel is None:
            channel = Channel(board_id, born, at, self._begin, self._read)
            self.channels[board_id] = channel
            self._rounds.add(board_id)
        channel.wake()  # for what was committed since it was read
        if channel.born != born:
            stream.end()  # one of the two is of a deleted board: it will soon be known
            return
        stream.position = stream.until = at.seq
        stream.channel = channel
        channel.streams.add(stream)

    def notified(self, message: str) -> None:
        """Wake whoever a notification concerns."""
        kind, _, rest = message.partition(":")
        if kind == "user":
            for stream in self._of_user.get(rest, ()):
                if stream.channel:
                    stream.channel.wake()
        elif channel := self.channels.get(kind):
            channel.wake()

    def wake_all(self) -> None:
        """Look at all boards."""
        for channel in self.channels.values():
            channel.wake()

    def end_all(self) -> None:
        """End all streams, each with another time to reconnect, and accept no new ones."""
        self._is_closing = True
        for stream in self.streams:
            wait_ms = 1000 + random.randrange(2000)  # noqa: S311  # so that not all come at once
            stream.end(b"retry: %d\n" % wait_ms)

    async def close(self) -> None:
        """End everything that is running here."""
        self.end_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _check_room(self, caller: Caller) -> None:
        own = len(self._of_user.get(caller.user_id, ()))
        if self._is_closing:
            raise Unavailable("The server is about to stop.")
        if own >= self.settings.streams_per_user_max:
            limit = self.settings.streams_per_user_max
            raise TooManyStreams(limit=limit, of="streams of a person")
        if len(self.streams) >= self.settings.streams_max:
            raise TooManyStreams(limit=self.settings.streams_max, of="streams of a process")

    def _life(self, caller: Caller) -> float:
        """Return how long a stream may stay open; randomized, so that not all end at once."""
        left = max(0.0, caller.expires_at - time.time())
        usual = self.settings.stream_minutes * 60 * random.uniform(0.9, 1)  # noqa: S311
        return min(left, usual)

    def _leave(self, stream: Stream) -> None:
        self.streams.discard(stream)
        own = self._of_user[stream.user_id]
        own.discard(stream)
        if not own:
            del self._of_user[stream.user_id]
        if channel := stream.channel:
            channel.streams.discard(stream)
            if not channel.streams and self.channels.get(channel.board_id) is channel:
                del self.channels[channel.board_id]
                self._rounds.remove(channel.board_id)

    def _start(self) -> None:
        """Start listening with the first stream: a process without streams needs no connection."""
        if not self._is_listening:
            self._is_listening = True
            self._listener.subscribe(self.notified, self.wake_all)
            self._begin(self._beat())
            self._begin(self._look())

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        log_unexpected(task)

    async def _read(self, board_id: str, after: int, watching: Sequence[Stream]) -> News | None:
        async with self._reading:
            return await news(board_id, after, watching)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.settings.stream_heartbeat_seconds)
            for stream in self.streams:
                stream.beat(self.settings.stream_send_seconds)

    async def _look(self) -> None:
        """Look at one board after the other, each within a beat, whatever was notified.

        Never at two at once, so that boards with news always have a reader.
        """
        while True:
            if (seconds := self._rounds.wait_seconds()) > 0:
                # A board that is opened meanwhile may come earlier.
                await asyncio.sleep(min(seconds, self.settings.stream_heartbeat_seconds / 20))
            elif channel := self.channels.get(self._rounds.take()):
                channel.wake()
                await channel.is_read()


@asynccontextmanager
async def open_hub(settings: Settings, listener: Listener) -> AsyncIterator[Hub]:
    """Have a hub; the database must be known already."""
    hub = Hub(settings, listener)
    try:
        yield hub
    finally:
        await hub.close()
