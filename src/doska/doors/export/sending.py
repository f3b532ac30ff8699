"""How an export is sent: written as a whole first, then in pieces, as fast as its reader takes them.

No connection and no snapshot is held while it is sent. Whoever loses the right meanwhile gets no
more of it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from doska.boards.access import Access
from doska.doors.export.reading import tag_now
from doska.doors.export.spool import Exports, Spool
from doska.errors import DoskaError
from doska.files.serving import PIECE_SECONDS, SANDBOX, disposition
from doska.http.middleware import IS_HEAD

JUDGED_SECONDS = 15.0  # between two looks whether its reader may still have it

Fill = Callable[[Spool], Awaitable[dict[str, str]]]  # writes it, and gives its headers


def headers_of(tag: str, media_type: str, name: str, seq: int) -> dict[str, str]:
    """Return what goes before the file."""
    return {
        "etag": tag,
        "doska-seq": str(seq),
        "cache-control": "private, no-cache",
        "content-security-policy": SANDBOX,
        "content-disposition": disposition(name),
        "content-type": media_type,
    }


class ExportResponse(Response):
    """A board as a file."""

    def __init__(self, access: Access, exports: Exports, mb_max: int, fill: Fill) -> None:
        super().__init__()
        self._access, self._exports, self._mb_max, self._fill = access, exports, mb_max, fill

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it, then send it; one of a person's two at once until it is sent."""
        del receive
        with self._exports.one_of(self._access.caller.user_id):
            async with self._written() as (spool, headers):
                headers["content-length"] = str(spool.size)
                raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
                await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": raw})
                if not scope.get(IS_HEAD):
                    await self._send_all(scope, send, spool.pieces())
                await send({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[tuple[Spool, dict[str, str]]]:
        spool = Spool(self._mb_max)
        try:
            async with self._exports.writing:
                headers = await self._fill(spool)
            yield spool, headers
        finally:
            spool.close()

    async def _send_all(self, scope: Scope, send: Send, pieces: AsyncIterator[bytes]) -> None:
        """Send all pieces; who takes none for long, or loses the right, is cut off."""
        judged_at = time.monotonic()
        try:
            async for piece in pieces:
                if time.monotonic() - judged_at >= JUDGED_SECONDS:
                    await tag_now(self._access)
                    judged_at = time.monotonic()
                async with asyncio.timeout(PIECE_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (TimeoutError, DoskaError):
            if abort := scope.get("state", {}).get("abort"):
                abort()
            else:
                raise
