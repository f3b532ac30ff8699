"""The rate limit, as tests need it: a small one, what an answer tells of it, and time that passes."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx

from api import Api, Person
from apps import another_api
from people import moved

WINDOW = 60
TAKEN = "select coalesce(sum(taken), 0) from request_quotas"


@asynccontextmanager
async def limited(url: str, person: Person, limit: int) -> AsyncIterator[Person]:
    """Let somebody use an application in which people may make so many requests a minute."""
    async with another_api(url, requests_a_minute=limit) as other:
        yield moved(person, other)


def told(answer: httpx.Response) -> tuple[int, int]:
    """Read what an answer tells: how many are left, until in how many seconds."""
    found = re.fullmatch(r'"user";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert found, answer.headers["ratelimit"]
    return int(found[1]), int(found[2])


async def ask(person: Person) -> int:
    """Make a small request; gives the status."""
    return (await person.get("/users/me")).status_code


async def answered(person: Person, tries: int) -> int:
    """Make so many requests; gives how many were answered and not refused."""
    statuses = [await ask(person) for _ in range(tries)]
    assert set(statuses) <= {200, 429}
    return statuses.count(200)


async def pass_time(db: asyncpg.Connection, seconds: float, *apis: Api) -> None:
    """Let time pass, in the database and in these applications."""
    await db.execute(
        "update request_quotas set ends_at = ends_at - $1 * interval '1 second'", seconds
    )
    for api in apis:
        quotas = api.app.state.quotas
        earlier = quotas.clock
        quotas.clock = lambda clock=earlier: clock() + seconds
