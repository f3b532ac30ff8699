"""HTTP on arrival: heads that are limited before they are parsed, and connections to abort.

With httptools uvicorn does not limit heads, and httptools copies its part of a line for each chunk
that arrives: one header of 64 MB took seconds in which nobody was served.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import h11
from pydantic_core import to_json
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from doska.errors import MEDIA_TYPE, BadRequest, DoskaError, HeadTooLarge
from doska.http.bodies import HAS_ARRIVED
from doska.http.middleware import SAFE_HEADERS
from doska.http.telemetry import HEADER, log
from doska.schemas import new_id

HEAD_BYTES_MAX = 64 << 10
LINGER_SECONDS = 2.0

if TYPE_CHECKING:
    Parsing = H11Protocol
else:
    Parsing = object


class BoundedHead(Parsing):
    """Parsing in chunks, none of which is longer than what a head may still have.

    The limit also applies to trailers, and to whatever else is neither head nor body. Only a head
    that begins in the middle of a chunk, as with pipelined requests, may be longer by that.
    """

    app_state: dict[str, Any]
    _bytes = 0  # of an incomplete head
    _is_refused = False

    def connection_made(self, transport: Any) -> None:
        """Pass ``abort`` to the application: a client that does not read notices no end."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort}

    def data_received(self, data: bytes) -> None:
        """Parse it, or refuse a head that is too long."""
        while data and not self._is_refused:
            room = HEAD_BYTES_MAX - self._bytes
            piece, data = data[:room], data[room:]
            super().data_received(piece)
            self._bytes = self._incomplete(piece)
            if self._bytes >= HEAD_BYTES_MAX:
                self._refuse(HeadTooLarge(limit=HEAD_BYTES_MAX))

    def send_400_response(self, msg: str) -> None:
        """Refuse malformed HTTP with a problem document like all errors."""
        del msg
        self._refuse(BadRequest())

    def _incomplete(self, piece: bytes) -> int:
        """Return how many bytes have arrived without completing anything."""
        raise NotImplementedError

    def _refuse(self, error: DoskaError) -> None:
        """Respond, unless a response is being sent, and read no more.

        What still arrives is discarded for a while: a connection that is closed with unread data is
        reset, and its client does not see the response.
        """
        self._is_refused = True
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self.transport.abort()
            return
        request_id = new_id()
        log.info("request", request_id=request_id, method=None, route=None, status=error.status)
        self.transport.write(_written(error, request_id, self.server_state.default_headers))
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)


def _written(error: DoskaError, request_id: str, more: list[tuple[bytes, bytes]]) -> bytes:
    body = to_json(error.document(request_id))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
        (HEADER.encode(), request_id.encode()),
        (b"vary", b"Origin"),
        *SAFE_HEADERS,
        *more,
    ]
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    status = f"HTTP/1.1 {error.status.value} {error.status.phrase}\r\n".encode()
    return status + lines + b"\r\n" + body


class PureProtocol(BoundedHead, H11Protocol):
    """HTTP by h11, which needs no compiled code."""

    def _incomplete(self, piece: bytes) -> int:
        del piece
        is_waiting = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        return len(self.conn.trailing_data[0]) if is_waiting else 0


try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from doska.http.cycle import Cycle
except ImportError:  # it is not available on Windows
    Protocol: type[asyncio.Protocol] = PureProtocol
else:

    class FastProtocol(BoundedHead, HttpToolsProtocol):  # type: ignore[misc]  # h11's, to mypy
        """HTTP by httptools; a head, a part of a body or an end counts as complete."""

        _is_complete = False

        def on_headers_complete(self) -> None:
            """Note that a head is complete; the response is written in our way."""
            self._is_complete = True
            super().on_headers_complete()
            if self.cycle is not None:  # None before an upgrade
                self.cycle.__class__ = Cycle  # uvicorn does not ask which one to make

        def on_body(self, body: bytes) -> None:
            """Note that a part of a body is."""
            self._is_complete = True
            super().on_body(body)

        def on_message_complete(self) -> None:
            """Note that a request is, and let it be known to whoever would wait for its body."""
            self._is_complete = True
            self.scope[HAS_ARRIVED] = True  # type: ignore[literal-required]  # one of ours
            super().on_message_complete()

        def _incomplete(self, piece: bytes) -> int:
            if self._is_complete:
                self._is_complete = False
                return 0
            return self._bytes + len(piece)

    Protocol = FastProtocol
