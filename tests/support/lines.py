"""Many who write on one board at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from api import Api, Json, Person
from apps import another_api
from log_rival import Rival, all_wait, rival_on
from people import moved
from statements import watching
from stream_scene import comes_true

PATIENT = {"lock_timeout_seconds": 60, "acquire_timeout_seconds": 60}
TITLES = """select payload -> 'board' ->> 'title' as title from events
    where board_id = $1 and type = 'board.updated' order by seq offset 1"""
Writes = list[asyncio.Future[httpx.Response]]


@dataclass
class Crowd:
    """Somebody's writes on a board: one waits for its lock, which a rival holds, others for a turn."""

    api: Api
    person: Person
    board: Json
    writes: Writes
    rival: Rival
    sent: list[str]  # what the application asks the database

    @property
    def path(self) -> str:
        return f"/boards/{self.board['id']}"

    def ask(self, title: str) -> asyncio.Future[httpx.Response]:
        return asyncio.ensure_future(self.person.patch(self.path, title=title))

    def is_waiting(self, count: int) -> bool:
        """Tell whether so many are at the board or wait for it."""
        return [line.people for line in self.api.app.state.turns.lines.values()] == [count]

    async def statuses(self) -> list[int]:
        return [(await write).status_code for write in self.writes]


@asynccontextmanager
async def crowd(
    api: Api, db: asyncpg.Connection, url: str, count: int, **settings: object
) -> AsyncIterator[Crowd]:
    """Let so many come in their order; the rival commits at the end, and nobody is left."""
    anna = await api.user("anna")
    board = await anna.board()
    async with another_api(url, **{**PATIENT, **settings}) as other:
        person = moved(anna, other)
        path = f"/boards/{board['id']}"
        assert (await person.patch(path, title="known")).status_code == 200
        async with watching() as sent, rival_on(board["id"], url, db) as rival:
            found = Crowd(other, person, board, [], rival, sent)
            found.writes.append(found.ask("0"))
            await all_wait(db, *found.writes)
            found.writes += [found.ask(f"{number}") for number in range(1, count)]
            await comes_true(lambda: found.is_waiting(count))
            yield found
            await rival.do("commit")
            await asyncio.gather(*found.writes, return_exceptions=True)
        assert not other.app.state.turns.lines
        assert other.app.state.slots.resting == 0
