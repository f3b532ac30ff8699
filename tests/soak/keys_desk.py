"""One effect per key: requests with keys, those who send them, and what all must be told."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from calls import Json, is_key_in_use
from house import House
from proof import Lost
from writers import made

TRIES_MAX, PAUSE_SECONDS = 200, 0.05


@dataclass(frozen=True)
class Deed:
    """A request with a key."""

    method: str
    path: str
    body: Json
    key: str = field(default_factory=lambda: secrets.token_hex(8))

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Send it until it is known what became of it."""
        headers = {"idempotency-key": self.key}
        for _ in range(TRIES_MAX):
            response = await client.request(
                self.method, self.path, json=self.body or None, headers=headers
            )
            if response.status_code != 503 and not is_key_in_use(response):
                return response
            await asyncio.sleep(PAUSE_SECONDS)
        raise Lost(f"{self.method} {self.path} was never answered but by 503 and 409")


@dataclass
class Desk:
    """A board, two who may write to it, and many connections of the first."""

    place: House
    db: asyncpg.Connection
    anna: list[httpx.AsyncClient]
    boris: httpx.AsyncClient
    columns: list[str] = field(default_factory=list)
    board: str = ""
    faults: list[str] = field(default_factory=list)
    requests: int = 0

    async def task(self) -> str:
        """Make a task to do something with."""
        made_now = await made(self.anna[0], "/tasks", column_id=self.columns[0], title="Draw")
        return str(made_now["id"])

    async def effects(self) -> int:
        """Count what has ever happened: nothing happens without an event."""
        return int(await self.db.fetchval("select count(*) from events"))

    async def many(self, deed: Deed) -> list[httpx.Response]:
        """Send it over all connections at once."""
        self.requests += len(self.anna)
        return list(await asyncio.gather(*(deed.send(client) for client in self.anna)))

    def check(self, is_so: bool, complaint: str) -> None:  # noqa: FBT001 - as assert has it
        """Note what is not so."""
        if not is_so:
            self.faults.append(complaint)


def same(desk: Desk, deed: Deed, answers: list[httpx.Response], fresh: int) -> None:
    """Check that all got one answer, and how many were not told that it is an earlier one."""
    told = {shown(answer) for answer in answers}
    desk.check(len(told) == 1, f"{deed.method} {deed.path}: {len(told)} answers: {told}")
    desk.check(answers[0].is_success, f"{deed.method} {deed.path}: {answers[0].text}")
    new = sum(not is_replayed(answer) for answer in answers)
    desk.check(new == fresh, f"{deed.method} {deed.path}: {new} acted, not {fresh}")


def shown(answer: httpx.Response) -> tuple[Any, ...]:
    """Give what two answers are compared by."""
    named = (answer.headers.get(name) for name in ("etag", "location"))
    return answer.status_code, answer.content, *named


def is_replayed(answer: httpx.Response) -> bool:
    """Tell whether an answer says that it is an earlier one."""
    return bool(answer.headers.get("idempotency-replayed") == "true")
