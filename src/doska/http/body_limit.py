"""How long a body may be, and how long it may take."""

import asyncio
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import TooLarge, TooSlow
from doska.http.bodies import HAS_ARRIVED, BodyRefused
from doska.http.fields import fields_of
from doska.http.middleware import SAFE_METHODS
from doska.http.telemetry import problem_response


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a body may be: how long, how late, and how slow; ``bytes_a_second_min`` 0: as it likes."""

    bytes_max: int
    seconds_max: float
    bytes_a_second_min: int = 0


SLOW_SECONDS = 10.0  # over which a body must not be too slow


class BodyLimit:
    """Refuse a body over the limit, before reading it if its length is known; or a slow one.

    Requests that only read have no body, so none is read. The time is that of the whole body, so
    that nobody can stay by sending a byte now and then. ``streamed`` are addresses to which files
    are posted, each with bounds of its own.
    """

    def __init__(
        self, app: ASGIApp, usual: Bounds, streamed: Mapping[re.Pattern[str], Bounds]
    ) -> None:
        self.app = app
        self.usual, self.streamed = usual, streamed

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on with a counted body, or answer 413."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            return self.app(scope, receive, send)
        bounds = self.usual
        if scope["method"] == "POST":
            found = (own for path, own in self.streamed.items() if path.fullmatch(scope["path"]))
            bounds = next(found, self.usual)
        length = fields_of(scope).get("content-length", "0")
        if length.isascii() and length.isdigit() and float(length) > bounds.bytes_max:
            refusal = TooLarge(limit=bounds.bytes_max)
            return problem_response(refusal, scope)(scope, receive, send)
        return self.app(scope, _Bounded(scope, receive, bounds), send)


class _Bounded:
    """A body as it arrives, counted."""

    def __init__(self, scope: Scope, receive: Receive, bounds: Bounds) -> None:
        self._scope = scope
        self._receive, self._bounds = receive, bounds
        self._received, self._is_whole = 0, False
        self._deadline = asyncio.get_running_loop().time() + bounds.seconds_max
        self._since: float | None = None  # the last look at the speed; not before it is read
        self._received_then = 0

    async def __call__(self) -> Message:
        """Receive the next piece; BodyRefused if there is too much, or it comes too slowly."""
        if self._is_whole:  # what comes now is the end of the connection, if anything
            return await self._receive()
        message = await self._next()
        self._received += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._received > self._bounds.bytes_max:
            raise BodyRefused(TooLarge(limit=self._bounds.bytes_max))
        return message

    async def _next(self) -> Message:
        if HAS_ARRIVED in self._scope:
            return await self._receive()  # which need not wait: a timer takes longer than this
        while True:
            try:
                async with asyncio.timeout_at(self._until()):
                    return await self._receive()
            except TimeoutError:
                if self._is_over():
                    raise BodyRefused(TooSlow(limit=self._bounds.seconds_max)) from None

    def _until(self) -> float:
        """Return until when to wait; looks at the speed if it is time to."""
        if not self._bounds.bytes_a_second_min:
            return self._deadline
        now = asyncio.get_running_loop().time()
        if self._since is None:
            self._since = now
        elif now - self._since >= SLOW_SECONDS:
            if self._is_slow(now):
                raise BodyRefused(TooSlow(limit=self._bounds.seconds_max))
            self._since, self._received_then = now, self._received
        return min(self._deadline, self._since + SLOW_SECONDS)

    def _is_slow(self, now: float) -> bool:
        wanted = self._bounds.bytes_a_second_min * (now - (self._since or now))
        return self._received - self._received_then < wanted

    def _is_over(self) -> bool:
        return asyncio.get_running_loop().time() >= self._deadline
