"""More requests than can be worked on: the rest is sent away at once, and told when to come again.

Without a bound everything waits for everything: each request takes longer until none is answered
in time, and what was done for those who have given up is lost.
"""

import time

from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import MEDIA_TYPE, Unavailable
from doska.http import telemetry

NEVER_SENT_AWAY = "/health/"  # who asks whether we live must not hear that we are busy
LINE_SECONDS = 1.0
REFUSAL = Unavailable("More is asked for at once than can be worked on.")
# Made once: to refuse must cost next to nothing, or refusing is what nothing else comes from.
ID = "request_id"
BEFORE, AFTER = to_json(REFUSAL.document(ID)).split(b':"request_id"')
HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()),
    *((name.lower().encode(), value.encode()) for name, value in REFUSAL.headers.items()),
]


class Turn:
    """A request's place among those that are worked on, until its answer begins."""

    def __init__(self, bound: "InFlight") -> None:
        self._bound = bound
        self._is_taken = self._is_over = False

    def take(self) -> None:
        """Work begins, or goes on."""
        if not (self._is_taken or self._is_over):
            self._is_taken = True
            self._bound.taken += 1

    def rest(self) -> None:
        """Nothing is done for this request just now."""
        if self._is_taken:
            self._is_taken = False
            self._bound.taken -= 1

    def end(self) -> None:
        """Take part no more: the work is done."""
        self.rest()
        self._is_over = True


class InFlight:
    """Work on so many requests at once, and refuse what comes beyond.

    Counted is the time from a request's arrival to the beginning of its answer, without what it
    waits for the client's body: nobody takes a place by sending slowly, by reading slowly, or by
    following a stream.
    """

    def __init__(self, app: ASGIApp, requests_max: int) -> None:
        self.app = app
        self.requests_max = requests_max
        self.taken = self._sent_away = 0
        self._line_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 503."""
        if scope["type"] != "http" or scope["path"].startswith(NEVER_SENT_AWAY):
            await self.app(scope, receive, send)
            return
        if self.taken >= self.requests_max:
            await self._send_away(scope, send)
            return
        turn = Turn(self)
        turn.take()
        try:
            await self.app(scope, _waiting(receive, turn), _answering(send, turn))
        finally:
            turn.end()

    async def _send_away(self, scope: Scope, send: Send) -> None:
        scope[telemetry.SENT_AWAY] = True
        self._count()
        body = b'%s:"%s"%s' % (BEFORE, scope.get("doska.request_id", "").encode(), AFTER)
        length = (b"content-length", b"%d" % len(body))
        start = {"status": int(REFUSAL.status), "headers": [*HEADERS, length]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": body})

    def _count(self) -> None:
        """Tell the log, but not of each: a line costs more than the answer."""
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
    async def answering(message: Message) -> None:
        turn.end()
        await send(message)

    return answering
