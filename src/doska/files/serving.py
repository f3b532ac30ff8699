"""How files are sent: as downloads, in parts, and never as pages that could run anything."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from doska.errors import DoskaError
from doska.files.signatures import PICTURES
from doska.files.store import Missing, Store
from doska.http.middleware import IS_HEAD
from doska.http.responses import is_known

SANDBOX = "default-src 'none'; sandbox"
PIECE_SECONDS = 30.0  # for a client to take one piece
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(DoskaError):
    """The file does not have this part."""

    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    example: ClassVar[dict[str, Any]] = {"size": 1000}

    @classmethod
    def of(cls, size: int) -> "RangeNotSatisfiable":
        """Tell how long the file is."""
        error = cls(size=size)
        error.headers = {"Content-Range": f"bytes */{size}"}  # type: ignore[misc]  # of this one only
        return error


class FileGone(DoskaError):
    """The file was deleted for good."""

    status = HTTPStatus.GONE


@dataclass(frozen=True, slots=True)
class Served:
    """A file to be sent; ``name`` is that in the store, ``title`` what people call it."""

    name: str
    title: str
    size: int
    sha256: str
    media_type: str

    @property
    def tag(self) -> str:
        """Return its tag: the same bytes have the same one."""
        return f'"{self.sha256}"'

    def headers(self, *, is_inline: bool) -> dict[str, str]:
        """Return what keeps a browser from running it, or from keeping it after the right ended."""
        is_shown = is_inline and self.media_type in PICTURES
        return {
            "etag": self.tag,
            "accept-ranges": "bytes",
            "cache-control": "private, no-cache",
            "content-security-policy": SANDBOX,
            "content-disposition": disposition(self.title, is_inline=is_shown),
            "content-type": self.media_type,
        }


def disposition(title: str, *, is_inline: bool = False) -> str:
    """Name a file to a browser (RFC 6266, RFC 8187); no part of it can be taken for a path."""
    name = re.sub(r"[/\\]", "_", title)
    how = "inline" if is_inline else "attachment"
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"


def part_of(headers: dict[str, str], served: Served) -> tuple[int, int] | None:
    """Return which bytes are asked for, the last one not included; None: all of them.

    Several parts at once, and other units, are answered with the whole file (RFC 9110, 14.2).
    """
    condition = headers.get("if-range")
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    if found is None or (condition is not None and condition.strip() != served.tag):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(0, served.size - int(last)), served.size
    else:
        start, end = int(first), min(int(last or served.size) + 1, served.size)
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable.of(served.size)
    return start, end


class FileResponse(Response):
    """A file, or a part of it, straight from the store: in pieces, and none of it for HEAD."""

    def __init__(
        self, store: Store, served: Served, *, is_inline: bool = False, is_negotiated: bool = False
    ) -> None:
        super().__init__()
        self._store, self._served = store, served
        self._given = served.headers(is_inline=is_inline)
        self._given |= {"vary": "Accept, Origin"} if is_negotiated else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del receive
        served = self._served
        headers = dict(self._given)
        if is_known(scope, served.tag):
            del headers["content-type"]
            await _start(send, HTTPStatus.NOT_MODIFIED, headers)
            await send({"type": "http.response.body", "body": b""})
            return
        asked = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        part = part_of(asked, served)
        start, end = part or (0, served.size)
        status = HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK
        headers |= {"content-length": str(end - start)}
        headers |= {"content-range": f"bytes {start}-{end - 1}/{served.size}"} if part else {}
        pieces = self._store.read(served.name, start, end - start)
        try:
            beginning = await anext(pieces, b"")  # before the status is sent
        except Missing:
            raise FileGone from None
        await _start(send, status, headers)
        if not scope.get(IS_HEAD):
            await _send_all(scope, send, beginning, pieces)
        await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, status: HTTPStatus, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": raw})


async def _send_all(
    scope: Scope, send: Send, beginning: bytes, pieces: AsyncIterator[bytes]
) -> None:
    """Send all pieces; who takes none for long is cut off, for a file is open meanwhile."""
    try:
        await _send_piece(send, beginning)
        async for piece in pieces:
            await _send_piece(send, piece)
    except TimeoutError:
        if abort := scope.get("state", {}).get("abort"):
            abort()


async def _send_piece(send: Send, piece: bytes) -> None:
    async with asyncio.timeout(PIECE_SECONDS):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
