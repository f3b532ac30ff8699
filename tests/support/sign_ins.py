"""People who try passwords, from where they like; and the counters of what failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
from argon2 import PasswordHasher

from api import Api, Person
from people import moved

WRONG = "a wrong password"
ATTACKER, ELSEWHERE = "203.0.113.66", "198.51.100.7"
SLACK_SECONDS = 60  # no test takes so long


def at(api: Api, source: str, person: Person | None = None, /, **headers: str) -> Person:
    """Be nobody, or somebody with their cookie, at some address."""
    there = moved(person, api) if person else api.nobody()
    cookies = there.client.cookies
    there.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=api.app, client=(source, 51000)),
        base_url="http://localhost:8000",
        cookies=cookies,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return there


async def attempt(person: Person, login: str = "anna", password: str = WRONG) -> httpx.Response:
    """Try a password."""
    return await person.post("/auth/login", login=login, password=password)


async def fail(person: Person, count: int = 1, login: str = "anna") -> None:
    """Fail some times, with nothing held back."""
    for _ in range(count):
        assert (await attempt(person, login)).status_code == 401


async def pass_time(db: asyncpg.Connection, seconds: float) -> None:
    """Let all failures be older; with a negative time, be sure that no wait is over."""
    await db.execute(
        "update login_failures set last_at = last_at - $1 * interval '1 second'", float(seconds)
    )


async def set_failures(db: asyncpg.Connection, failures: int, seconds_ago: float = 0) -> None:
    """Let all counters that there are be at so many, the last so long ago."""
    await db.execute(
        "update login_failures set failures = $1, last_at = now() - $2 * interval '1 second'",
        failures,
        float(seconds_ago),
    )


async def counted(db: asyncpg.Connection) -> dict[str, list[int]]:
    """Read the counters by source: that of all logins first, then those of each."""
    rows = await db.fetch("select * from login_failures order by source, login <> '', failures")
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(row["failures"])
    return found


@contextmanager
def hashing() -> Iterator[list[str]]:
    """Give the list of what argon2 is asked to do."""
    asked: list[str] = []
    usual = {name: getattr(PasswordHasher, name) for name in ("hash", "verify")}

    def noted(name: str) -> Any:
        def method(hasher: PasswordHasher, *values: Any) -> Any:
            asked.append(name)
            return usual[name](hasher, *values)

        return method

    try:
        for name in usual:
            setattr(PasswordHasher, name, noted(name))
        yield asked
    finally:
        for name, method in usual.items():
            setattr(PasswordHasher, name, method)
