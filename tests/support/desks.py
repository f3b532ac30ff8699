"""A board with some tasks, on which several wait together for a turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from api import Api, Json, Person
from riders import Riders, application, at_home_on, waiting

ACTORS = "select actor_id::text from events where board_id = $1 and seq > $2 order by seq"


@dataclass
class Desk:
    """A board with two columns and some tasks in the first, and who works on it."""

    anna: Person
    board: Json
    columns: list[Json]
    tasks: list[Json]
    db: asyncpg.Connection
    url: str
    is_locked: bool = False
    begun: int = 0

    def of(self, number: int) -> str:
        return f"/tasks/{self.tasks[number]['id']}"

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Riders]:
        how = waiting(self.board, self.anna, self.url, self.db, is_locked=self.is_locked)
        async with how as found:
            self.begun = await self.db.fetchval("select seq from boards where id = $1", self.id)
            yield found

    @property
    def id(self) -> str:
        return str(self.board["id"])

    async def actors(self) -> list[str]:
        """Tell who wrote the events behind that of the first."""
        rows = await self.db.fetch(ACTORS, self.id, self.begun + 1)
        return [row["actor_id"] for row in rows]


@asynccontextmanager
async def desk(
    api: Api,
    db: asyncpg.Connection,
    url: str,
    tasks: int = 6,
    *,
    is_locked: bool = False,
    **settings: object,
) -> AsyncIterator[Desk]:
    anna = await api.user("anna")
    board = await anna.board()
    columns = [await anna.column(board, title) for title in ("From", "To")]
    made = [await anna.task(columns[0], f"{number}") for number in range(tasks)]
    async with application(url, **settings) as other:
        there = await at_home_on(board, anna, other)
        yield Desk(there, board, columns, made, db, url, is_locked)


async def joined(found: Desk, api: Api, name: str, role: str = "MODERATOR") -> Person:
    """Let somebody be on the board who is known to write there."""
    person = await api.user(name)
    await found.anna.invite(found.board, person, role=role)
    return await at_home_on(found.board, person, found.anna.api)


def statuses(answers: list[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in answers]
