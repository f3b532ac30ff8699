"""Layers in front of the application: pure ASGI, a microsecond or less each.

A layer that has nothing to do after the application hands on what that returns, to be awaited by
whoever called it, and so do its senders: a coroutine of its own would be resumed each time that the
request has waited for something.
"""

from collections.abc import Awaitable, Iterable
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import CrossSite
from doska.http.fields import fields_of
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

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on."""
        if scope["type"] == "http" and fields_of(scope).are_repeated:
            scope["headers"] = _joined(scope["headers"])
        return self.app(scope, receive, send)


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

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on, or answer 403."""
        is_asked = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if is_asked and not self._is_welcome(fields_of(scope)):
            return problem_response(CrossSite(), scope)(scope, receive, send)
        return self.app(scope, receive, send)

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

    def __call__(  # type: ignore[override]  # to be awaited, too
        self, scope: Scope, receive: Receive, send: Send
    ) -> Awaitable[None]:
        """Pass the request on, or answer a preflight."""
        for name, _ in scope.get("headers", ()):
            if name == b"origin":
                return super().__call__(scope, receive, send)
        return self.app(scope, receive, send)


class HeadAsGet:
    """Answer HEAD wherever GET is answered, with the same headers and no body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on as a GET; the server and the log see the original method."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            return self._as_get(scope, receive, send)
        return self.app(scope, receive, send)

    async def _as_get(self, scope: Scope, receive: Receive, send: Send) -> None:
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
OF_ORIGINS = (b"vary", b"Origin")
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
        self._missing = lru_cache(maxsize=200)(self._missing_among)  # names are often the same

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass the request on, and finish the response's headers."""

        def sending(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                headers = self._finished(message["headers"], scope.get(COOKIE_RENEWED))
                quota: Quota | None = scope.get(QUOTA)
                headers.extend(quota.headers(message["status"]) if quota else ())
                message["headers"] = headers
            return send(message)

        return self.app(scope, receive, sending)

    def _finished(self, headers: Iterable[Header], cookie: str | None) -> list[Header]:
        found = [*headers]
        names = tuple([name for name, _ in found])
        if cookie and b"set-cookie" not in names:
            found.append((b"set-cookie", cookie.encode()))
        if b"vary" not in names or b"Origin" not in dict(found)[b"vary"]:
            found.append(OF_ORIGINS)
        found.extend(self._missing(names))
        return found

    def _missing_among(self, names: tuple[bytes, ...]) -> list[Header]:
        return [header for header in self.safe_headers if header[0] not in names]
