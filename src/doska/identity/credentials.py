"""Passwords and tokens: what proves who somebody is."""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from doska.errors import Invalid, Unavailable
from doska.identity.guesses import is_guessable
from doska.preparing import prepared_password
from doska.settings import Settings

T = TypeVar("T")

ALGORITHM = "HS256"
ISSUER = "doska"
TOKEN_CHARS_MAX = 4096
TOKENS_REMEMBERED = 1000
SKEW_SECONDS = 60  # by which the clock of another instance may be ahead
PASSWORD_CHARS_MAX = 128
YEAR_10000 = 253_402_300_800  # in seconds since 1970; later times cannot be computed with
CLAIMS = ("sub", "admin", "sid", "iss", "iat", "exp")

# OWASP's minimum: 19 MiB, two passes, one lane; about 20 ms on one core.
ARGON2: dict[str, Any] = {"memory_cost": 19 * 1024, "time_cost": 2, "parallelism": 1}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says; only user and session are trusted, rights come from the database."""

    user_id: str
    session_id: str
    issued_at: int
    expires_at: int

    def is_half_spent(self) -> bool:
        """Return whether half of the token's lifetime is over, so that it should be renewed."""
        half = (self.issued_at + self.expires_at) / 2
        return time.time() > half


class Tokens:
    """JSON Web Tokens, HS256 and nothing else."""

    def __init__(self, key: str, settings: Settings) -> None:
        self._key = key
        self._lifetime = settings.token_lifetime
        self._good: dict[str, Claims] = {}

    def issue(self, user_id: str, session_id: str, *, is_admin: bool) -> str:
        """Sign a token for a session."""
        now = datetime.now(UTC)
        times = {"iat": int(now.timestamp()), "exp": int((now + self._lifetime).timestamp())}
        claims = {"sub": user_id, "admin": is_admin, "sid": session_id, "iss": ISSUER, **times}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> Claims | None:
        """Parse a token; None unless it is ours, intact and not expired.

        Valid ones are cached: checking a signature takes as long as all the rest of a small
        request. Only time can make a valid token invalid.
        """
        claims = self._good.get(token)
        if claims is None:
            claims = self._decoded(token)
            if claims is None:
                return None
            if len(self._good) >= TOKENS_REMEMBERED:
                self._good.clear()
            self._good[token] = claims
        return claims if claims.expires_at > time.time() else None

    def _decoded(self, token: str) -> Claims | None:
        if len(token) > TOKEN_CHARS_MAX:
            return None
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": list(CLAIMS), "verify_aud": False, "verify_iat": False},
            )
        except jwt.PyJWTError:
            return None
        return _checked(claims)


def _checked(claims: dict[str, object]) -> Claims | None:
    # PyJWT accepts a numeric string for a time, and any string for an id.
    user, session = claims["sub"], claims["sid"]
    issued, expires = claims["iat"], claims["exp"]
    if not (type(issued) is int and type(expires) is int and set(claims) == set(CLAIMS)):
        return None
    if not 0 < issued < expires < YEAR_10000 or issued > time.time() + SKEW_SECONDS:
        return None
    if not (isinstance(user, str) and isinstance(session, str)):
        return None
    try:
        return Claims(str(UUID(user)), str(UUID(session)), issued, expires)
    except ValueError:
        return None


class Passwords:
    """Argon2id in a few dedicated threads, with a bounded queue."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(**ARGON2)
        threads = min(settings.hashing_threads, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(threads, "argon2")
        self._room = asyncio.Semaphore(threads + settings.hashing_queue)
        self._min_length = settings.password_min_length
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Hash a password for storage."""
        return await self._run(self._hasher.hash, prepared_password(password))

    async def verify(self, known: str | None, password: str) -> str | None:
        """Compare a password with its stored hash; returns the matching spelling, or None.

        It is tried normalized, and then as typed: older hashes were made without normalizing. For
        an unknown account it fails as slowly as for a known one.
        """
        spellings = dict.fromkeys((prepared_password(password), password))
        right = await self._run(self._right_of, known or self._nobody, *spellings)
        return right if known is not None else None

    def is_outdated(self, known: str, spelling: str) -> bool:
        """Return whether a hash has other parameters than today's, or was not normalized."""
        is_prepared = spelling == prepared_password(spelling)
        return not is_prepared or self._hasher.check_needs_rehash(known)

    def check(self, password: str, *names: str, pointer: str = "/body/password") -> None:
        """Refuse a password that is too short, common, or the person's own name."""
        if len(prepared_password(password)) < self._min_length:
            short = f"should have at least {self._min_length} characters"
            raise Invalid.at(pointer, "password_too_short", short)
        if is_guessable(password, *names):
            raise Invalid.at(pointer, "password_common", "should not be one that others guess")

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _right_of(self, known: str, *spellings: str) -> str | None:
        return next((spelling for spelling in spellings if self._matches(known, spelling)), None)

    def _matches(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *values: str) -> T:
        if self._room.locked():
            raise Unavailable("Too many people are signing in at once.")
        async with self._room:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *values)
