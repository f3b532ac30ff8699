"""One board's streams in this process: new events are read once, authorized and sent for each.

A stream sends an event only after it was authorized by a statement that saw that event: it may send
what is between its ``position`` and its ``until``, and only such statements raise ``until``.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from itertools import islice
from typing import Any

from pydantic_core import to_json

from doska.boards.positions import Position, parsed
from doska.http.telemetry import described, log
from doska.identity.access import Caller
from doska.live.events import News
from doska.postgres.errors import DATABASE_ERRORS

RING_EVENTS = 256  # buffered; a stream that is further behind is disconnected, and resumes
LAST_WORDS_SECONDS = 0.5
RETRY_SECONDS_MIN, RETRY_SECONDS_MAX = 0.1, 1.0
HEARTBEAT = b": \n"  # no block: some clients would deliver an event without data


def framed(position: Position | str, text: str) -> bytes:
    """Write an event of the stream; PostgreSQL's JSON is one line."""
    return f"id: {position}\ndata: {text}\n\n".encode()


def told(board_id: str, kind: str, at: Position) -> bytes:
    """Write a message that is not an event of the log, but has a position in it."""
    message = {"type": kind, "board_id": board_id, "seq": at.seq, "position": str(at)}
    return framed(at, to_json(message).decode())


def farewell(board_id: str) -> bytes:
    """Write the last message of a board that is deleted."""
    return b"data: %s\n\n" % to_json({"type": "board.deleted", "board_id": board_id})


class Stream:
    """An open stream: how far it was sent, how far it was allowed, and how it ends."""

    def __init__(self, caller: Caller) -> None:
        self.user_id, self.session_id = caller.user_id, caller.session_id
        self.position = self.until = 0
        self.woken = asyncio.Event()
        self.ending: bytes | None = None  # its last bytes, once it has to end
        self.sending_since: float | None = None
        self.patience: asyncio.Timeout | None = None  # aborts it; set only while it is sending
        self.channel: Channel | None = None
        self._is_beat_due = False

    def end(self, last: bytes = b"") -> None:
        """Let it end with these bytes, without waiting for a client that reads slowly."""
        if self.ending is None:
            self.ending = last
        self.woken.set()
        if self.sending_since is not None:
            self._break_off(LAST_WORDS_SECONDS)

    def beat(self, send_seconds: float) -> None:
        """Let it send a heartbeat; disconnect one that has been sending for longer than that.

        Checked now and then: a timer for each message would cost a tenth of the whole message.
        """
        if self.sending_since is None:
            self._is_beat_due = True
            self.woken.set()
        elif time.monotonic() - self.sending_since > send_seconds:
            self._break_off(0)

    def _break_off(self, seconds: float) -> None:
        if self.patience:
            self.patience.reschedule(asyncio.get_running_loop().time() + seconds)

    def take(self) -> bytes:
        """Return what is to be sent now."""
        beat = HEARTBEAT if self._is_beat_due else b""
        self._is_beat_due = False
        if self.channel is None or self.until <= self.position:
            return beat
        found = self.channel.between(self.position, self.until)
        if found is None:
            self.end()
            return b""
        self.position = self.until
        return found


Begin = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
Read = Callable[[str, int, Sequence[Stream]], Awaitable[News | None]]


class Channel:
    """A board that somebody watches."""

    def __init__(self, board_id: str, born: str, last: Position, begin: Begin, read: Read) -> None:
        self.board_id, self.born, self.last = board_id, born, last
        self.streams: set[Stream] = set()
        self._begin, self._read = begin, read
        self._ring: deque[bytes] = deque(maxlen=RING_EVENTS)
        self._given: tuple[int, int, bytes] | None = None  # what most ask for is the same
        self._is_stale = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look for new events; once more if that is being done just now."""
        self._is_stale = True
        if self._task is None:
            self._task = self._begin(self._run())

    async def is_read(self) -> None:
        """Wait until nothing is being read."""
        if self._task:
            await asyncio.wait([self._task])

    def end(self, last: bytes = b"") -> None:
        """End all streams."""
        for stream in self.streams:
            stream.end(last)

    def between(self, position: int, until: int) -> bytes | None:
        """Return the events after one up to another; None if they are no longer buffered."""
        if self._given and self._given[:2] == (position, until):
            return self._given[2]
        first = len(self._ring) - (self.last.seq - position)
        if first < 0:
            return None
        found = b"".join(islice(self._ring, first, first + until - position))
        self._given = (position, until, found)
        return found

    async def _run(self) -> None:
        delay = RETRY_SECONDS_MIN
        try:
            while self._is_stale and self.streams:
                self._is_stale = False
                try:
                    await self._catch_up()
                    delay = RETRY_SECONDS_MIN
                except DATABASE_ERRORS:
                    self._is_stale = True
                    await asyncio.sleep(delay)
                    delay = min(2 * delay, RETRY_SECONDS_MAX)
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody else would know
            log.error("unexpected", **described(error))
            self.end()  # rather than stay open without authorization
        finally:
            self._task = None

    async def _catch_up(self) -> None:
        watching = [stream for stream in self.streams if stream.ending is None]
        found = await self._read(self.board_id, self.last.seq, watching)
        if found is None or found.born != self.born:
            self.end(farewell(self.board_id))
        elif found.stands != str(self.last):
            self.end()  # another log: they resume, and are told to start again
        else:
            self._take_in(found, watching)

    def _take_in(self, found: News, watching: list[Stream]) -> None:
        """Disconnect unauthorized streams, buffer the new events, and send them to the others."""
        for place in set(range(len(watching))).difference(found.allowed):
            watching[place].end()
        last = found.last
        if self.last.seq + len(found.events) != last.seq:
            self._ring.clear()  # events in between are no longer buffered
        self._ring.extend(framed(*event) for event in found.events)
        self.last = last
        for place in found.allowed:
            stream = watching[place]
            if stream.until < last.seq:
                stream.until = last.seq
                stream.woken.set()
        self._is_stale |= last.seq < parsed(found.newest).seq
