"""More requests than can be handled: the others are refused at once, with a time to retry.

Without a limit all requests wait for each other: each takes longer until none is answered in time,
and the work for clients that have given up is wasted.
"""

import time
from collections.abc import Awaitable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import MEDIA_TYPE, Unavailable
from doska.http import telemetry

NEVER_SENT_AWAY = "/health/"  # whoever asks whether we are alive must not be told that we are busy
LINE_SECONDS = 1.0
REFUSAL = Unavailable("More is asked for at once than can be worked on.")
# Made once: if refusing cost more than next to nothing, the server would do nothing else.
ID = "request_id"
BEFORE, AFTER = to_json(REFUSAL.document(ID)).split(b':"request_id"')
HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()),
    *((name.lower().encode(), value.encode()) for name, value in REFUSAL.headers.items()),
]


class Slots:
    """How many requests are being handled, and how many rest: no more so than there are slots."""

    def __init__(self, count_max: int) -> None:
        self.count_max = count_max
        self.taken = self.resting = 0


class Turn:
    """A request's slot among those being handled, until its response begins."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._is_taken = self._is_over = False

    def take(self) -> None:
        """Work begins, or goes on."""
        if not (self._is_taken or self._is_over):
            self._is_taken = True
            self._slots.taken += 1

    def rest(self) -> None:
        """Nothing is being done for this request just now."""
        if self._is_taken:
            self._is_taken = False
            self._slots.taken -= 1

    def end(self) -> None:
        """Release the slot: the work is done."""
        self.rest()
        self._is_over = True

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Rest, unless too many do."""
        if self._slots.resting >= self._slots.count_max:
            yield
            return
        self._slots.resting += 1
        self.rest()
        try:
            yield
        finally:
            self._slots.resting -= 1
            self.take()


_of_request: ContextVar[Turn | None] = ContextVar("turn", default=None)


def resting() -> AbstractContextManager[None]:
    """Take no slot while the request waits for others; further ones keep theirs.

    So what is too much is refused as ever.
    """
    turn = _of_request.get()
    return turn.resting() if turn else nullcontext()


class InFlight:
    """Handle so many requests at once, and refuse the others.

    The time that counts is from a request's arrival to the start of its response, without waiting
    for the client's body: nobody takes a slot by sending slowly, by reading slowly, or by following
    a stream.
    """

    def __init__(self, app: ASGIApp, slots: Slots) -> None:
        self.app = app
        self.slots = slots
        self._sent_away = 0
        self._line_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 503."""
        if scope["type"] != "http" or scope["path"].startswith(NEVER_SENT_AWAY):
            await self.app(scope, receive, send)
            return
        if self.slots.taken >= self.slots.count_max:
            await self._send_away(scope, send)
            return
        turn = Turn(self.slots)
        turn.take()
        token = _of_request.set(turn)
        try:
            await self.app(scope, _waiting(receive, turn), _answering(send, turn))
        finally:
            turn.end()
            _of_request.reset(token)

    async def _send_away(self, scope: Scope, send: Send) -> None:
        scope[telemetry.SENT_AWAY] = True
        self._count()
        body = b'%s:"%s"%s' % (BEFORE, scope.get("doska.request_id", "").encode(), AFTER)
        length = (b"content-length", b"%d" % len(body))
        start = {"status": int(REFUSAL.status), "headers": [*HEADERS, length]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": body})

    def _count(self) -> None:
        """Log it, but not each one: a line costs more than the response."""
        self._sent_away += 1
        if (now := time.monotonic()) > self._line_at + LINE_SECONDS:
            telemetry.log.warning("overloaded", requests_sent_away=self._sent_away)
            self._sent_away, self._line_at = 0, now


def _waiting(receive: Receive, turn: Turn) -> Receive:
    is_whole = False

    async def waiting() -> Message:
        nonlocal is_whole
        if is_whole:  # what comes now is the end of the connection, if anything
            return await receive()
        turn.rest()
        try:
            message = await receive()
        finally:
            turn.take()
        is_whole = not message.get("more_body", False)
        return message

    return waiting


def _answering(send: Send, turn: Turn) -> Send:
    def answering(message: Message) -> Awaitable[None]:
        turn.end()
        return send(message)

    return answering
