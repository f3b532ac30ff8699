"""Authentication: access rules about a caller, and the one statement that checks them.

The same statement reads whatever else the endpoint needs.
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
    """The access token of a request; anybody can forge one, so the database must confirm it."""

    hash: bytes
    is_changing: bool  # whether the request changes something
    proven: Callable[[], None]  # to be called when the database has confirmed it


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token; the database decides whether the session is still valid.

    With ``token`` the session is an access token, and who they are is only what it claims.
    """

    user_id: str
    session_id: str
    expires_at: int = 0  # the token's end, in seconds since 1970
    token: ShownToken | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Return the values that the SQL of ``ASKING`` needs."""
        token_hash = self.token.hash if self.token else None
        return {"user_id": self.user_id, "session_id": self.session_id, "token_hash": token_hash}


class Fetch(Protocol):
    """Something that reads one row: the pool, or the connection of a transaction."""

    def __call__(self, sql: str, *values: Any) -> Awaitable[asyncpg.Record | None]:
        """Read it."""
        ...


ALIVE = "s.revoked_at is null and s.expires_at > now()"  # a session ``s`` that is still valid

# A JSON Web Token never refers to the row of an access token: it contains no hash.
ASKING = f"""s.id = :session_id and s.user_id = :user_id
    and s.token_hash is not distinct from :token_hash::bytea and {ALIVE}"""

_AS_THEY_ARE = (
    "id", "username", "name", "email", "password_hash", "avatar_url", "version", "created_at",
    "home_board_id",
    "deleted_at",
)  # fmt: skip
_IS_ADMIN = f"x.is_admin and coalesce(s.scope = '{Scope.ADMIN}', true)"

# The owner of the session ``s``: ``u``, an administrator only as far as an access token allows. A
# token for certain boards reaches no accounts: with it they are an administrator on boards only.
USER = f"""lateral (
    select {", ".join(f"x.{name}" for name in _AS_THEY_ARE)},
        {_IS_ADMIN} as is_admin_of_boards, {_IS_ADMIN} and s.board_ids is null as is_admin
    from users x where x.id = s.user_id and x.is_active) u"""


OF_CALLER = f"from sessions s cross join {USER}"


def within(board_id: str) -> str:
    """Write the SQL that checks whether a session ``s`` covers this board; most cover all."""
    return f"(s.board_ids is null or {board_id} = any(s.board_ids))"


class Question:
    """One SQL statement: is this caller signed in and active, and whatever else is needed.

    ``parts`` are SQL expressions by name; they may use ``s`` (the session), ``u`` (the caller),
    whatever ``joins`` add, and values as ``:name``. Built once, at import.
    """

    def __init__(self, joins: str = "", **parts: str) -> None:
        known = {
            "is_admin": "u.is_admin", "is_admin_of_boards": "u.is_admin_of_boards",
            "scope": "s.scope", **parts,
        }  # fmt: skip
        columns = ", ".join(f'{sql} as "{name}"' for name, sql in known.items())
        self.sql, self.names = numbered(self._written(columns, len(known), joins))

    def _written(self, columns: str, count: int, joins: str) -> str:
        del count
        return f"select {columns} {OF_CALLER} {joins} where {ASKING}"

    async def ask(self, caller: Caller, fetch: Fetch = fetch_row, **values: Any) -> asyncpg.Record:
        """Run it; Unauthenticated if the session has ended or the account is disabled."""
        row = await self.find(caller, fetch, **values)
        if caller.token and caller.token.is_changing and row["scope"] not in WRITING:
            raise ScopeTooSmall("Its scope is read, which allows no changes.")
        return row

    async def find(self, caller: Caller, fetch: Fetch = fetch_row, **values: Any) -> asyncpg.Record:
        """Run it, whatever an access token's scope is."""
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
    """Let in callers with a valid token, a bearer token or else the cookie's; count the request."""
    caller, cookie = _caller(request)
    _must_be_whom_it_names(request, caller)
    await request.app.state.quotas.take(request.scope, caller)
    if cookie and cookie.is_half_spent():
        await _renew(request, cookie)
    return caller


def _must_be_whom_it_names(request: Request, caller: Caller) -> None:
    """Refuse what was meant for another account: tabs of a browser share one cookie."""
    named = request.headers.get("doska-person")
    if named is not None and named.strip().lower() != caller.user_id:
        raise AnotherPerson


def _caller(request: Request) -> tuple[Caller, Claims | None]:
    """Return the caller by their credentials, and the cookie's claims if it was the cookie."""
    token, cookie = bearer(request.headers.get("authorization", "")), None
    if token is not None:  # it takes precedence over the cookie, even if it is invalid
        if token.startswith(PREFIX):
            return _shown(request, token), None
        claims = _claims(request, token)
    else:
        name = request.app.state.settings.session_cookie
        claims = cookie = _claims(request, request.cookies.get(name))
    name_caller(request.scope, claims.user_id, claims.session_id, by="sign-in")
    return Caller(claims.user_id, claims.session_id, claims.expires_at), cookie


def is_bearer(request: Request) -> bool:
    """Return whether a request has a token of any kind that is not a cookie."""
    return bearer(request.headers.get("authorization", "")) is not None


def _shown(request: Request, text: str) -> Caller:
    """Parse an access token; nothing in it is trusted, or logged, until proven."""
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
    """Let in people who have signed in themselves; an access token is checked, then refused."""
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
    """Prepare a new cookie for a valid session whose token is past half of its lifetime."""
    row = await STANDING.ask(Caller(claims.user_id, claims.session_id))
    tokens: Tokens = request.app.state.tokens
    token = tokens.issue(claims.user_id, claims.session_id, is_admin=row["is_admin"])
    request.scope[COOKIE_RENEWED] = cookie_header(request.app.state.settings, token)
