"""Doska below a path of its host: addresses in responses are those that browsers can use."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PICTURE = re.compile(
    rb'("avatar_url" ?: ?")(?=/users/)'
)  # no text can contain it: quotes are escaped
_HOLDS_PICTURES = ("json", "text/event-stream")
_LENGTH = b"content-length"


class SubPath:
    """Add the path to ``Location``, ``Link`` and pictures; remove it from addresses that have it.

    Nothing else knows about the path: a proxy strips it from requests, and Doska's own addresses
    start at its root. Responses are compressed by the proxy here, if at all.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path, self.prefix = path, path.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and fix what points to us."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(f"{self.path}/"):
            scope["path"] = scope["path"].removeprefix(self.path)
        scope["headers"] = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
        held: Message | None = None  # the start, until the length is known

        async def sending(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                message["headers"] = [self._pointing(*header) for header in message["headers"]]
                held = message if _holds_pictures(message) else None
                if held is None:
                    await send(message)
                return
            if held is None:
                await send(message)
                return
            body = _PICTURE.sub(rb"\g<1>" + self.prefix, message.get("body", b""))
            if "headers" in held:
                await send(_of_length(held, len(body)))
                held = {}
            await send({**message, "body": body})

        await self.app(scope, receive, sending)

    def _pointing(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"location" and value.startswith(b"/"):
            return name, self.prefix + value
        if name == b"link" and value.startswith(b"</"):
            return name, b"<" + self.prefix + value[1:]
        return name, value


def _holds_pictures(start: Message) -> bool:
    kind = dict(start["headers"]).get(b"content-type", b"").decode("latin-1")
    return any(word in kind for word in _HOLDS_PICTURES)


def _of_length(start: Message, length: int) -> Message:
    """Correct the length, if there is one: such a response comes in one piece."""
    headers = [(n, b"%d" % length if n == _LENGTH else value) for n, value in start["headers"]]
    return {**start, "headers": headers}
