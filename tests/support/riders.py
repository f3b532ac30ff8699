"""People who wait together for a turn at one board, each with a write of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx

from api import Api, Json, Person
from apps import another_api
from lines import PATIENT
from log_rival import Rival, rival_on
from people import moved
from statements import watching
from stream_scene import comes_true


@dataclass
class Riders:
    """A rival holds the board's lock, the first who came waits for it, and others behind."""

    api: Api
    board: Json
    rival: Rival
    sent: list[str] = field(default_factory=list)  # what the application asks meanwhile
    asked: list[asyncio.Future[httpx.Response]] = field(default_factory=list)
    ahead: int = 1  # of those whose answers matter

    @property
    def people(self) -> int:
        """Count those at the board."""
        return sum(line.people for line in self.api.app.state.turns.lines.values())

    async def come(self, asked: Awaitable[httpx.Response]) -> None:
        """Let one more come, and wait until they stand in the line."""
        self.asked.append(asyncio.ensure_future(asked))
        await comes_true(lambda: self.people == len(self.asked))

    async def go(self) -> list[httpx.Response]:
        """Let all be done; give the answers of those who came."""
        self.sent.clear()
        await self.rival.do("commit")
        answers = await asyncio.gather(*self.asked)
        return answers[self.ahead :]


@asynccontextmanager
async def application(url: str, **settings: object) -> AsyncIterator[Api]:
    """Serve people who wait as long as it takes."""
    async with another_api(url, **{**PATIENT, **settings}) as other:
        yield other


async def at_home_on(board: Json, person: Person, other: Api) -> Person:
    """Let somebody use an application that knows that they write on this board."""
    there = person if person.api is other else moved(person, other)
    for _ in range(2):
        answer = await there.post("/columns", board_id=board["id"], title="Known")
        assert answer.status_code == 201, answer.text
        gone = await there.delete(f"/columns/{answer.json()['id']}")
        assert gone.status_code == 204
    return there


@asynccontextmanager
async def waiting(
    board: Json,
    first: Person,
    url: str,
    db: asyncpg.Connection,
    *,
    is_locked: bool = False,
    title: str = "First",
) -> AsyncIterator[Riders]:
    """Hold a board, and let the first of those who come wait for it.

    If it ``is_locked``, before those who are to be together comes somebody who changes nothing, but
    not in memory: so they lock the board.
    """
    async with watching() as sent, rival_on(board["id"], url, db) as rival:
        found = Riders(first.api, board, rival, sent)
        path = f"/boards/{board['id']}"
        found.asked.append(asyncio.ensure_future(first.patch(path, title=title)))
        await rival.is_waited_for(found.asked[0])
        if is_locked:
            await found.come(first.patch(path, title=title))
            found.ahead += 1
        yield found
        await asyncio.gather(*found.asked, return_exceptions=True)
    assert not first.api.app.state.turns.lines
