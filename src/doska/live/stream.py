"""The response that is a live stream (text/event-stream)."""

import asyncio
import time
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from doska.boards.access import Access
from doska.database import DATABASE_ERRORS
from doska.errors import DoskaError
from doska.live.channel import Stream, framed, told
from doska.live.events import Replay, replay
from doska.live.hub import Hub
from doska.middleware import IS_HEAD

MEDIA_TYPE = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
RETRY_MS = 2000
ABORT_SECONDS = 1.0


class EventStream(Response):
    """What was missed, then what happens, until somebody ends it.

    Not Starlette's StreamingResponse: a task and no generator, and a send that has a time limit.
    """

    media_type = MEDIA_TYPE

    def __init__(self, hub: Hub, access: Access, after: int | None) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(HEADERS)
        self._hub, self._access, self._after = hub, access, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it; what is refused before it begins gets a usual answer."""
        if IS_HEAD in scope:  # who is judged, and follows nothing
            await replay(self._access, self._after)
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
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
        stream.position = missed.seq if self._after is None else min(self._after, missed.seq)
        opening = f"retry: {RETRY_MS}\n\nid: {stream.position}\n\n".encode()
        await self._send(stream, send, opening + self._caught_up(stream, missed, self._after))
        while stream.ending is None and stream.position < missed.seq:
            try:
                missed = await replay(self._access, after := stream.position)
            except (DoskaError, *DATABASE_ERRORS):
                stream.end()  # it comes again, and is told
            else:
                await self._send(stream, send, self._caught_up(stream, missed, after))
        if stream.ending is None:
            self._hub.join(stream, self._access.anchor_id, missed)
        await self._follow(stream, send)

    async def _follow(self, stream: Stream, send: Send) -> None:
        while stream.ending is None:
            await stream.woken.wait()
            stream.woken.clear()
            if found := stream.take():
                await self._send(stream, send, found)
        await self._send(stream, send, stream.ending, is_last=True)

    def _caught_up(self, stream: Stream, missed: Replay, after: int | None) -> bytes:
        """Bring a stream to the end of what was read; anew, where the log does not go on."""
        if after is None:
            return b""
        if not missed.floor <= after <= missed.seq:
            stream.position = missed.seq
            message = told(self._access.anchor_id, "reset", seq=missed.seq)
            return framed(missed.seq, message)
        stream.position = missed.last
        return b"".join(framed(after + 1 + n, text) for n, text in enumerate(missed.events))

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
    """Break the connection: a client that does not read would not notice an end."""
    if abort := scope.get("state", {}).get("abort"):
        abort()
        await asyncio.wait({gone}, timeout=ABORT_SECONDS)
