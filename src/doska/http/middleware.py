"""Layers in front of the application: pure ASGI, a few microseconds each."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import CrossSite, TooLarge, TooSlow
from doska.http.bodies import BodyRefused
from doska.http.telemetry import problem_response

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

Header = tuple[bytes, bytes]


class FieldLines:
    """Join the lines of each repeated header field into one, as RFC 9110 (5.3) reads them.

    All code behind reads only the first line of a name and would ignore the others: a dry run was
    carried out. A field that takes one value then has two, and is refused as malformed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            headers = scope["headers"]
            if len(dict(headers)) < len(headers):
                scope["headers"] = _joined(headers)
        await self.app(scope, receive, send)


def _joined(headers: Iterable[Header]) -> list[Header]:
    lines: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        lines.setdefault(name, []).append(value)
    return [
        (name, (b"; " if name == b"cookie" else b", ").join(values))
        for name, values in lines.items()
    ]


class CrossOriginProtection:
    """Refuse what another site makes a browser send: the rule of the same name in Go 1.25.

    A browser says where a request comes from; a program that says nothing is no browser, and a
    client that sends a bearer token does not rely on the cookie. A password for a proxy, which
    browsers send by themselves, does not count.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        is_asked = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if is_asked and not self._is_welcome(Headers(scope=scope)):
            await problem_response(CrossSite(), scope)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_welcome(self, headers: Headers) -> bool:
        if bearer(headers.get("authorization", "")) is not None:
            return True
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site in ("same-origin", "none") or (origin is not None and origin in self.origins):
            return True
        if site is not None:
            return False
        return origin is None or _authority(origin) == headers.get("host", "")


def bearer(authorization: str) -> str | None:
    """Read a bearer token; None if the header is not for us, but for a proxy."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _authority(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:  # as of http://[
        return None


class OriginHeaders(CORSMiddleware):
    """CORS for requests with an origin; others are passed on unchanged."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer a preflight."""
        for name, _ in scope.get("headers", ()):
            if name == b"origin":
                await super().__call__(scope, receive, send)
                return
        await self.app(scope, receive, send)


class HeadAsGet:
    """Answer HEAD wherever GET is answered, with the same headers and no body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as a GET; the server and the log see the original method."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"], scope[IS_HEAD] = "GET", True
        try:
            await self.app(scope, receive, sending)
        finally:
            scope["method"] = "HEAD"


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body, or answer 413."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        bounds = self.usual
        if scope["method"] == "POST":
            found = (own for path, own in self.streamed.items() if path.fullmatch(scope["path"]))
            bounds = next(found, self.usual)
        length = Headers(scope=scope).get("content-length", "0")
        if length.isascii() and length.isdigit() and float(length) > bounds.bytes_max:
            refusal = TooLarge(limit=bounds.bytes_max)
            await problem_response(refusal, scope)(scope, receive, send)
            return
        await self.app(scope, _Bounded(receive, bounds), send)


class _Bounded:
    """A body as it arrives, counted."""

    def __init__(self, receive: Receive, bounds: Bounds) -> None:
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


SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-site"),
)
YEAR_OF_HTTPS = (b"strict-transport-security", b"max-age=31536000")
COOKIE_RENEWED = "doska.cookie"  # in a request's scope: the header that authentication has prepared
IS_HEAD = "doska.is_head"  # in the scope of a HEAD request
QUOTA = "doska.quota"  # a function for the headers that report the caller's remaining quota


class Quota(Protocol):
    """A request that counts towards a quota."""

    def headers(self, status: int) -> Iterable[Header]:
        """Return what is left of it."""
        ...


class FinishedHeaders:
    """Add what the endpoint has not set itself.

    A renewed cookie, what is left of a quota, and security headers: no content sniffing, no
    caching, no framing, and, with https, nothing but https from then on.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self.safe_headers = (*SAFE_HEADERS, YEAR_OF_HTTPS) if is_https else SAFE_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and finish the response's headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = self._finished(message["headers"], scope.get(COOKIE_RENEWED))
                quota: Quota | None = scope.get(QUOTA)
                headers.extend(quota.headers(message["status"]) if quota else ())
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, sending)

    def _finished(self, headers: Iterable[Header], cookie: str | None) -> list[Header]:
        found = [*headers]
        given = dict(found)
        if cookie and b"set-cookie" not in given:
            found.append((b"set-cookie", cookie.encode()))
        if b"Origin" not in given.get(b"vary", b""):
            found.append((b"vary", b"Origin"))
        found.extend([header for header in self.safe_headers if header[0] not in given])
        return found
