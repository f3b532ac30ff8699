"""Who is asking: rules about a caller, and the one statement that answers them.

The same statement answers whatever else the endpoint needs to know.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import asyncpg
from fastapi import Depends, Request

from doska.errors import (
    AnotherPerson,
    Forbidden,
    OnlyInPerson,
    PreconditionFailed,
    ScopeTooSmall,
    Unauthenticated,
)
from doska.http.answers import Conditions, versions_in
from doska.http.describing import SAFE_METHODS
from doska.http.marks import accepts, refuses, rule
from doska.http.middleware import COOKIE_RENEWED, bearer
from doska.http.telemetry import name_caller
from doska.identity.access_tokens import PREFIX, WRITING, Scope, read_token
from doska.identity.cookies import cookie_header
from doska.identity.credentials import YEAR_10000, Claims, Tokens
from doska.postgres.database import fetch_row, numbered


class NotYourAccount(Forbidden):
    """This is somebody else's account."""


@dataclass(frozen=True, slots=True)
class ShownToken:
    """The access token that a request shows; anybody can write one, so the database must know it."""

    hash: bytes
    is_changing: bool  # whether the request is one that changes something
    proven: Callable[[], None]  # to be called when the database has known it


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token; whether the sign-in still stands, the database says.

    With ``token`` the sign-in is an access token, and who they are is only what it says.
    """

    user_id: str
    session_id: str
    expires_at: int = 0  # the token's end, in seconds since 1970
    token: ShownToken | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Give the values that the SQL of ``ASKING`` needs."""
        token_hash = self.token.hash if self.token else None
        return {"user_id": self.user_id, "session_id": self.session_id, "token_hash": token_hash}


class Fetch(Protocol):
    """Something that reads one row: the pool, or the connection of a transaction."""

    def __call__(self, sql: str, *values: Any) -> Awaitable[asyncpg.Record | None]:
        """Read it."""
        ...


ALIVE = "s.revoked_at is null and s.expires_at > now()"  # a sign-in ``s`` that still stands

# A JSON Web Token never names the row of an access token: it shows no hash.
ASKING = f"""s.id = :session_id and s.user_id = :user_id
    and s.token_hash is not distinct from :token_hash::bytea and {ALIVE}"""

_AS_THEY_ARE = (
    "id", "username", "name", "email", "password_hash", "avatar_url", "version", "created_at",
    "home_board_id",
    "deleted_at",
)  # fmt: skip
_IS_ADMIN = f"x.is_admin and coalesce(s.scope = '{Scope.ADMIN}', true)"

# Whose sign-in ``s`` is: ``u``, an administrator only as far as an access token lets them be. One
# for certain boards reaches no accounts: with it they are an administrator on boards alone.
USER = f"""lateral (
    select {", ".join(f"x.{name}" for name in _AS_THEY_ARE)},
        {_IS_ADMIN} as is_admin_of_boards, {_IS_ADMIN} and s.board_ids is null as is_admin
    from users x where x.id = s.user_id and x.is_active) u"""


def within(board_id: str) -> str:
    """Write the SQL that asks whether a sign-in ``s`` is for this board; most are for all."""
    return f"(s.board_ids is null or {board_id} = any(s.board_ids))"


class Question:
    """One SQL statement: is this caller signed in and active, and what else is asked.

    ``parts`` are SQL expressions by name; they may use ``s`` (the sign-in), ``u`` (the caller),
    whatever ``joins`` add, and values as ``:name``. Built once, at import.
    """

    def __init__(self, joins: str = "", **parts: str) -> None:
        columns = ", ".join(f'{sql} as "{name}"' for name, sql in parts.items())
        sql = f"""
            select u.is_admin, u.is_admin_of_boards, s.scope, {columns or "1"}
            from sessions s cross join {USER} {joins}
            where {ASKING}"""
        self.sql, self.names = numbered(sql)

    async def ask(self, caller: Caller, fetch: Fetch = fetch_row, **values: Any) -> asyncpg.Record:
        """Ask; Unauthenticated when the sign-in has ended or the account is disabled."""
        row = await self.find(caller, fetch, **values)
        if caller.token and caller.token.is_changing and row["scope"] not in WRITING:
            raise ScopeTooSmall("Its scope is read, which allows no changes.")
        return row

    async def find(self, caller: Caller, fetch: Fetch = fetch_row, **values: Any) -> asyncpg.Record:
        """Ask, whatever an access token's scope is."""
        known = {**caller.values, **values}
        row = await fetch(self.sql, *(known[name] for name in self.names))
        if row is None:
            raise Unauthenticated("Your session has ended.")
        if caller.token:
            caller.token.proven()
        return row


@rule("public")
async def public() -> None:
    """Let anybody in."""


@rule("signed-in")
async def signed_in(request: Request) -> Caller:
    """Let in whoever has a valid token: a bearer's, or else the cookie's; and count the request."""
    caller, cookie = _caller(request)
    _must_be_whom_it_names(request, caller)
    await request.app.state.quotas.take(request.scope, caller)
    if cookie and cookie.is_half_spent():
        await _renew(request, cookie)
    return caller


def _must_be_whom_it_names(request: Request, caller: Caller) -> None:
    """Refuse what was meant as somebody else's: tabs of a browser share one cookie."""
    named = request.headers.get("doska-person")
    if named is not None and named.strip().lower() != caller.user_id:
        raise AnotherPerson


def _caller(request: Request) -> tuple[Caller, Claims | None]:
    """Tell who shows what, and the cookie's claims if it was that."""
    token, cookie = bearer(request.headers.get("authorization", "")), None
    if token is not None:  # it wins over the cookie, also when it is of no use
        if token.startswith(PREFIX):
            return _shown(request, token), None
        claims = _claims(request, token)
    else:
        name = request.app.state.settings.session_cookie
        claims = cookie = _claims(request, request.cookies.get(name))
    name_caller(request.scope, claims.user_id, claims.session_id, by="sign-in")
    return Caller(claims.user_id, claims.session_id, claims.expires_at), cookie


def is_bearer(request: Request) -> bool:
    """Tell whether a request shows a token of whatever kind, and not a cookie."""
    return bearer(request.headers.get("authorization", "")) is not None


def _shown(request: Request, text: str) -> Caller:
    """Take an access token apart; nothing that it says is believed, or logged, until proven."""
    found = read_token(text)
    if found is None:
        raise Unauthenticated

    def proven() -> None:
        name_caller(request.scope, found.user_id, found.id, by="token")
        request.app.state.uses.note(found.id)

    token = ShownToken(found.hash, request.method not in SAFE_METHODS, proven)
    return Caller(found.user_id, found.id, YEAR_10000, token)


def _claims(request: Request, token: str | None) -> Claims:
    tokens: Tokens = request.app.state.tokens
    claims = tokens.read(token) if token else None
    if claims is None:
        raise Unauthenticated
    return claims


@rule("person")
async def in_person(request: Request) -> Caller:
    """Let in whoever has signed in themselves; an access token is told whether it is any good."""
    caller = await signed_in(request)
    if caller.token:
        await STANDING.find(caller)
        raise OnlyInPerson
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]
Person = Annotated[Caller, Depends(in_person)]
Public = Depends(public)


@rule("oneself-or-administrator")
async def _oneself(caller: Person) -> Caller:
    return caller


AccountHolder = Annotated[Caller, Depends(_oneself)]


@refuses(PreconditionFailed)
@accepts("If-Match", "If-None-Match")
async def _versions(request: Request) -> Conditions:
    return versions_in(request.headers)


Versions = Annotated[Conditions, Depends(_versions)]


def must_be_self(caller: Caller, user_id: str, *, is_admin: bool) -> None:
    """Refuse anybody but the person and administrators."""
    if caller.user_id != user_id and not is_admin:
        raise NotYourAccount


STANDING = Question()


async def _renew(request: Request, claims: Claims) -> None:
    """Prepare a fresh cookie for a living sign-in whose token is half spent."""
    row = await STANDING.ask(Caller(claims.user_id, claims.session_id))
    tokens: Tokens = request.app.state.tokens
    token = tokens.issue(claims.user_id, claims.session_id, is_admin=row["is_admin"])
    request.scope[COOKIE_RENEWED] = cookie_header(request.app.state.settings, token)
