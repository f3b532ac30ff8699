"""The response that is a live stream (text/event-stream)."""

import asyncio
import time
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from doska.boards.access import Access
from doska.boards.positions import Position
from doska.errors import DoskaError
from doska.http.middleware import IS_HEAD
from doska.live.channel import Stream, framed, told
from doska.live.events import Replay, replay
from doska.live.hub import Hub
from doska.postgres.errors import DATABASE_ERRORS

MEDIA_TYPE = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
RETRY_MS = 2000
ABORT_SECONDS = 1.0


class EventStream(Response):
    """A greeting, what was missed, then what happens, until it is ended.

    Each block that is sent has data: some clients make an event of any block.

    Not Starlette's StreamingResponse: a task instead of a generator, and a send with a timeout.
    """

    media_type = MEDIA_TYPE

    def __init__(self, hub: Hub, access: Access, after: Position | None) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(HEADERS)
        self._hub, self._access, self._after = hub, access, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it; an error before it begins gets an ordinary response."""
        if IS_HEAD in scope:  # only authorized, follows nothing
            await replay(self._access, self._after)
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body"})
            return
        with self._hub.admitted(self._access.caller) as stream:
            missed = await replay(self._access, self._after)
            gone = asyncio.ensure_future(_disconnected(receive))
            gone.add_done_callback(lambda _: stream.end())
            try:
                start = {"status": self.status_code, "headers": self.raw_headers}
                await send({"type": "http.response.start", **start})
                async with asyncio.timeout(None) as stream.patience:
                    await self._talk(stream, send, missed)
            except TimeoutError:  # its client does not read
                await _cut(scope, gone)
            finally:
                gone.cancel()

    async def _talk(self, stream: Stream, send: Send, missed: Replay) -> None:
        at, found = self._caught_up(missed, self._after)
        await self._send(stream, send, self._greeting(missed) + found)
        while stream.ending is None and at.seq < missed.newest.seq:
            try:
                missed = await replay(self._access, at)
            except (DoskaError, *DATABASE_ERRORS):
                stream.end()  # it reconnects, and gets the reason
            else:
                at, found = self._caught_up(missed, at)
                await self._send(stream, send, found)
        if stream.ending is None:
            self._hub.join(stream, self._access.anchor_id, missed.born, at)
        await self._follow(stream, send)

    async def _follow(self, stream: Stream, send: Send) -> None:
        while stream.ending is None:
            await stream.woken.wait()
            stream.woken.clear()
            if found := stream.take():
                await self._send(stream, send, found)
        await self._send(stream, send, stream.ending, is_last=True)

    def _greeting(self, missed: Replay) -> bytes:
        """Say from where the stream continues; if it cannot, the old position stays until `reset`."""
        start = missed.stands if self._after is None or missed.goes_on else self._after
        return b"retry: %d\n" % RETRY_MS + told(self._access.anchor_id, "ready", start)

    def _caught_up(self, missed: Replay, after: Position | None) -> tuple[Position, bytes]:
        """Return what was missed, and where that ends; from the start if the log has changed."""
        if after is None:
            return missed.newest, b""
        if not missed.goes_on:
            return missed.newest, told(self._access.anchor_id, "reset", missed.newest)
        return missed.last, b"".join(framed(*event) for event in missed.events)

    async def _send(
        self, stream: Stream, send: Send, body: bytes, *, is_last: bool = False
    ) -> None:
        stream.sending_since = time.monotonic()
        await send({"type": "http.response.body", "body": body, "more_body": not is_last})
        stream.sending_since = None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(scope: Scope, gone: asyncio.Future[Any]) -> None:
    """Abort the connection: a client that does not read would not notice an end."""
    if abort := scope.get("state", {}).get("abort"):
        abort()
        await asyncio.wait({gone}, timeout=ABORT_SECONDS)
