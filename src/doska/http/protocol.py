"""HTTP as it arrives: heads that are bounded before they are parsed, and connections to break off.

Uvicorn bounds nothing of a head with httptools, which copies what it has of a line for each piece
that arrives: one header of 64 MB took seconds in which nobody was served.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import h11
from pydantic_core import to_json
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from doska.errors import MEDIA_TYPE, BadRequest, DoskaError, HeadTooLarge
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
    """What is parsed in pieces, none of which is longer than what a head may still have.

    The bound is also that of trailers, and of whatever else is neither head nor body. Only a head
    that begins in the middle of a piece, as those of pipelined requests do, may be longer by that.
    """

    app_state: dict[str, Any]
    _bytes = 0  # of a head that is not complete
    _is_refused = False

    def connection_made(self, transport: Any) -> None:
        """Hand ``abort`` to the application: a client that does not read notices no end."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort}

    def data_received(self, data: bytes) -> None:
        """Parse it, or refuse a head that goes on for too long."""
        while data and not self._is_refused:
            room = HEAD_BYTES_MAX - self._bytes
            piece, data = data[:room], data[room:]
            super().data_received(piece)
            self._bytes = self._incomplete(piece)
            if self._bytes >= HEAD_BYTES_MAX:
                self._refuse(HeadTooLarge(limit=HEAD_BYTES_MAX))

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP in the form of all refusals."""
        del msg
        self._refuse(BadRequest())

    def _incomplete(self, piece: bytes) -> int:
        """Tell of how many bytes nothing has come yet."""
        raise NotImplementedError

    def _refuse(self, error: DoskaError) -> None:
        """Answer, unless an answer is on its way, and read no more.

        What still comes is thrown away for a while: a connection that is closed with something
        unread is reset, and its client does not get to see the answer.
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
    """HTTP by h11, which needs nothing compiled."""

    def _incomplete(self, piece: bytes) -> int:
        del piece
        is_waiting = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        return len(self.conn.trailing_data[0]) if is_waiting else 0


try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # there is none for Windows
    Protocol: type[asyncio.Protocol] = PureProtocol
else:

    class FastProtocol(BoundedHead, HttpToolsProtocol):  # type: ignore[misc]  # h11's, to mypy
        """HTTP by httptools; a head, a part of a body or an end is what is complete."""

        _is_complete = False

        def on_headers_complete(self) -> None:
            """Note that a head is complete."""
            self._is_complete = True
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            """Note that a part of a body is."""
            self._is_complete = True
            super().on_body(body)

        def on_message_complete(self) -> None:
            """Note that a request is."""
            self._is_complete = True
            super().on_message_complete()

        def _incomplete(self, piece: bytes) -> int:
            if self._is_complete:
                self._is_complete = False
                return 0
            return self._bytes + len(piece)

    Protocol = FastProtocol
