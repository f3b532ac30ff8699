"""Who is asking: rules about a caller, and the one statement that answers them.

The same statement answers whatever else the endpoint needs to know.
"""

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import asyncpg
from fastapi import Depends, Request

from doska.answers import if_match
from doska.database import fetch_row
from doska.errors import Forbidden, PreconditionFailed, Unauthenticated
from doska.identity.credentials import Claims, Tokens
from doska.middleware import COOKIE_RENEWED
from doska.routing import accepts, refuses, rule
from doska.settings import Settings

LOCAL_COOKIE = "doska_session"
HTTPS_COOKIE = "__Host-doska_session"

SECURITY_SCHEMES = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": LOCAL_COOKIE},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}


class NotYourAccount(Forbidden):
    """This is somebody else's account."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a valid token; whether the sign-in still stands, the database says."""

    user_id: str
    session_id: str
    expires_at: int = 0  # the token's end, in seconds since 1970


class Fetch(Protocol):
    """Something that reads one row: the pool, or the connection of a transaction."""

    def __call__(self, sql: str, *values: Any) -> Awaitable[asyncpg.Record | None]:
        """Read it."""
        ...


ALIVE = "s.revoked_at is null and s.expires_at > now()"  # a sign-in ``s`` that still stands


class Question:
    """One SQL statement: is this caller signed in and active, and what else is asked.

    ``parts`` are SQL expressions by name; they may use ``s`` (the sign-in), ``u`` (the caller),
    whatever ``joins`` add, and values as ``:name``. Built once, at import.
    """

    def __init__(self, joins: str = "", **parts: str) -> None:
        columns = ", ".join(f'{sql} as "{name}"' for name, sql in parts.items())
        sql = f"""
            select u.is_admin, {columns or "1"}
            from sessions s join users u on u.id = s.user_id and u.is_active {joins}
            where s.id = :session_id and s.user_id = :user_id
              and {ALIVE}"""
        self.sql, self.names = numbered(sql)

    async def ask(self, caller: Caller, fetch: Fetch = fetch_row, **values: Any) -> asyncpg.Record:
        """Ask; Unauthenticated when the sign-in has ended or the account is disabled."""
        known = {"session_id": caller.session_id, "user_id": caller.user_id, **values}
        row = await fetch(self.sql, *(known[name] for name in self.names))
        if row is None:
            raise Unauthenticated("Your sign-in has ended.")
        return row


def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Turn ``:name`` into ``$1``, ``$2``, … and tell the names in their order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return re.sub(r"(?<![:\w]):([a-z_]+)\b", number, sql), tuple(names)


@rule("public")
async def public() -> None:
    """Let anybody in."""


@rule("signed-in")
async def signed_in(request: Request) -> Caller:
    """Let in whoever has a valid token: a bearer's, or else the cookie's."""
    authorization = request.headers.get("authorization")
    if authorization is not None:  # it wins over the cookie, also when it is of no use
        scheme, _, token = authorization.partition(" ")
        claims = _claims(request, token.strip() if scheme.lower() == "bearer" else None)
    else:
        claims = _claims(request, request.cookies.get(cookie_name(request.app.state.settings)))
        if claims.is_half_spent():
            await _renew(request, claims)
    request.scope["doska.user_id"] = claims.user_id
    return Caller(claims.user_id, claims.session_id, claims.expires_at)


def _claims(request: Request, token: str | None) -> Claims:
    tokens: Tokens = request.app.state.tokens
    claims = tokens.read(token) if token else None
    if claims is None:
        raise Unauthenticated
    return claims


SignedIn = Annotated[Caller, Depends(signed_in)]
Public = Depends(public)


@rule("oneself-or-administrator")
async def _oneself(caller: SignedIn) -> Caller:
    return caller


AccountHolder = Annotated[Caller, Depends(_oneself)]


@refuses(PreconditionFailed)
@accepts("If-Match")
async def _versions(request: Request) -> frozenset[str] | None:
    return if_match(request.headers)


Versions = Annotated[frozenset[str] | None, Depends(_versions)]


def must_be_self(caller: Caller, user_id: str, *, is_admin: bool) -> None:
    """Refuse anybody but the person and administrators."""
    if caller.user_id != user_id and not is_admin:
        raise NotYourAccount


def cookie_name(settings: Settings) -> str:
    """Name the cookie; behind https the name itself forbids other hosts to set it."""
    return HTTPS_COOKIE if settings.is_https else LOCAL_COOKIE


RENEWAL = Question()


async def _renew(request: Request, claims: Claims) -> None:
    """Prepare a fresh cookie for a living sign-in whose token is half spent."""
    row = await RENEWAL.ask(Caller(claims.user_id, claims.session_id))
    tokens: Tokens = request.app.state.tokens
    token = tokens.issue(claims.user_id, claims.session_id, is_admin=row["is_admin"])
    request.scope[COOKIE_RENEWED] = cookie_header(request.app.state.settings, token)


def cookie_header(settings: Settings, token: str) -> str:
    """Write the ``Set-Cookie`` header; an empty token takes the cookie away."""
    age = int(settings.token_lifetime.total_seconds()) if token else 0
    secure = "; Secure" if settings.is_https else ""
    return f"{cookie_name(settings)}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
