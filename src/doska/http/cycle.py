"""How a response is written: its head together with its body.

Uvicorn writes them one after the other, which are two calls of the system and two packets, and
searches each header for what must not be in it. Names are nearly always the same ones.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

if TYPE_CHECKING:
    Base = Any
else:
    Base = RequestResponseCycle

TOGETHER_BYTES_MAX = 64 << 10  # to copy more takes longer than to write twice

_NAME = re.compile(rb"[a-z0-9-]+")
_LENGTH = b"content-length"
_OF_THE_CONNECTION = {b"connection", b"transfer-encoding"}  # uvicorn looks at their values
_CONTROLS = bytes({*range(0x20), 0x7F} - {ord("\t")})


class Cycle(Base):  # type: ignore[misc]  # uvicorn's own types its messages
    """A request and its response, of which the head waits for the body if it tells its length.

    Whatever is unusual is left to uvicorn, also to refuse it.
    """

    _head = b""  # that waits

    async def send(self, message: Message) -> None:
        """Send a part of the response."""
        if self._head:
            message = self._with_head(message)
        elif self._may_wait(message) and (head := self._written(message)):
            self._head = head
            self.response_started, self.waiting_for_100_continue = True, False
            return
        await super().send(message)

    def _may_wait(self, message: Message) -> bool:
        """Return whether nothing is unusual about the connection: uvicorn knows what to do then."""
        is_usual = self.keep_alive and not (self.access_log or self.disconnected)
        is_first = not self.response_started and message["type"] == "http.response.start"
        return is_first and is_usual and not self.flow.write_paused

    def _written(self, message: Message) -> bytes:
        """Write the head of a response with a body of known length; nothing if it has none."""
        headers = (*self.default_headers, *message["headers"])
        names, values = zip(*headers, strict=True) if headers else ((), ())
        lines, place = _lines_of(names)
        length = int(values[place]) if lines else 0
        if not length or self.scope["method"] == "HEAD" or _has_control(b"".join(values)):
            return b""
        self.expected_content_length, self.chunked_encoding = length, False
        return STATUS_LINE[message["status"]] + lines % values

    def _with_head(self, message: Message) -> Message:
        """Put the head before the body, as a part of it."""
        head, self._head = self._head, b""
        body = message.get("body", b"")
        if len(body) > TOGETHER_BYTES_MAX:
            self.transport.write(head)
            return message
        self.expected_content_length += len(head)
        return {**message, "body": head + body}


@lru_cache(maxsize=200)
def _lines_of(names: tuple[bytes, ...]) -> tuple[bytes, int]:
    """Write headers with places for their values, and tell which one is the body's length.

    Nothing if none is, or a name is not usual.
    """
    are_usual = all(_NAME.fullmatch(name) and name not in _OF_THE_CONNECTION for name in names)
    if not are_usual or _LENGTH not in names:
        return b"", 0
    lines = b"".join(b"%s: %%s\r\n" % name for name in names)
    return lines + b"\r\n", names.index(_LENGTH)


def _has_control(text: bytes) -> bool:
    return len(text.translate(None, _CONTROLS)) != len(text)
