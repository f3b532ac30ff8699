"""The load: people who make, rename, move and delete tasks, whatever happens to the server."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from api import PASSWORD
from calls import Call, History, Json, Outcome, Thing, is_key_in_use
from house import House

THINGS_MAX = 8
PAUSE_SECONDS = 0.02
NOBODY = "0198c0de-0000-7000-8000-00000000dead"


@dataclass
class Writer:
    """Somebody who writes to tasks of their own on a board that others share."""

    name: str
    client: httpx.AsyncClient
    board: str
    columns: list[str]
    history: History
    chance: Random
    things: list[Thing] = field(default_factory=list)
    count: int = 0
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, stopped: asyncio.Event) -> None:
        """Write until told to stop; nobody begins anything new after that."""
        while not stopped.is_set():
            await self.step()

    async def step(self) -> None:
        """Do one thing, and once more if it is not known what came of it but can be found out."""
        thing, call = self._choose()
        thing.calls.append(call)
        await self._send(call)
        while call.outcome is Outcome.UNKNOWN and call.has_key:
            await asyncio.sleep(PAUSE_SECONDS)
            await self._send(call)
        self._learn(thing, call)

    async def _send(self, call: Call) -> None:
        started, response = time.monotonic(), None
        call.tries += 1
        what = f"{call.method} {call.path}"
        try:
            response = await self.client.request(
                call.method, call.path, json=call.body or None, headers=call.headers
            )
        except httpx.ConnectError:
            if call.tries == 1:  # it was never sent
                call.outcome = Outcome.UNSENT
            await asyncio.sleep(PAUSE_SECONDS)
        except httpx.TransportError:
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            call.learn(response)
            if response.status_code == 503 or is_key_in_use(response):
                await asyncio.sleep(PAUSE_SECONDS)
        self.history.took(started, response, what)

    def _choose(self) -> tuple[Thing, Call]:
        self.count += 1
        if len(self.things) < 3 or (len(self.things) < THINGS_MAX and self.chance.random() < 0.3):
            return self._new()
        thing = self.chance.choice(self.things)
        kinds = [self._renaming, self._in_batch, self._moving, self._deleting, self._refused]
        (kind,) = self.chance.choices(kinds, [3, 2, 5, 2, 1])
        call = kind(thing)
        return thing, call.with_key() if self.chance.random() < 0.5 else call

    def _new(self) -> tuple[Thing, Call]:
        mark = f"{self.name}-{self.count}"
        thing = Thing(mark)
        self.things.append(thing)
        self.history.things.append(thing)
        column = self.chance.choice(self.columns)
        body: Json = {"column_id": column, "title": mark}
        if self.chance.random() < 0.5:
            thing.id = body["id"] = _new_id()
        thing.places = {column}
        call = Call("task.created", "/tasks", body, {"title": mark, "column_id": column})
        return thing, call.with_key() if self.chance.random() < 0.5 else call

    def _renaming(self, thing: Thing) -> Call:
        title = {"title": f"{thing.mark} as of {self.count}"}
        return Call("task.updated", f"/tasks/{thing.id}", dict(title), title)

    def _in_batch(self, thing: Thing) -> Call:
        """Rename it in a transaction: with `COMMIT`, which most others do without."""
        call = self._renaming(thing)
        operation = {"op": "update_task", "task_id": thing.id, "body": call.body}
        call.path, call.body = f"/boards/{self.board}/batch", {"operations": [operation]}
        return call

    def _moving(self, thing: Thing) -> Call:
        column = self.chance.choice([c for c in self.columns if c not in thing.places])
        side = self.chance.choice(["top", "bottom"])
        body = {"column_id": column, "at": side}
        return Call("task.moved", f"/tasks/{thing.id}/move", body, {"column_id": column})

    def _deleting(self, thing: Thing) -> Call:
        return Call("task.deleted", f"/tasks/{thing.id}", {}, {})

    def _refused(self, thing: Thing) -> Call:
        """Ask for what must not be: nothing of it may be found."""
        call = self._renaming(thing)
        call.headers["if-match"] = '"1000000"'
        return call

    def _learn(self, thing: Thing, call: Call) -> None:
        """Remember where the thing is; give it up where nothing more can be asked of it."""
        is_done, is_unknown = call.outcome is Outcome.OK, call.outcome is Outcome.UNKNOWN
        if is_done:
            self.acknowledged.set()
        if call.kind == "task.created":
            thing.id = call.answer.get("id", thing.id) if is_done else thing.id
            if not is_done:
                self.things.remove(thing)
        elif call.kind == "task.moved":
            target = call.expected["column_id"]
            thing.places = (
                {target} if is_done else thing.places | ({target} if is_unknown else set())
            )
        elif call.kind == "task.deleted" and call.outcome in (Outcome.OK, Outcome.UNKNOWN):
            self.things.remove(thing)
        if thing in self.things and thing.places >= set(self.columns):
            self.things.remove(thing)


def _new_id() -> str:
    """Make an id of version 7."""
    head, tail = f"{time.time_ns() // 10**6:012x}", secrets.token_hex(10)
    return f"{head[:8]}-{head[8:]}-7{tail[:3]}-8{tail[3:6]}-{tail[6:18]}"


async def register(house: House, name: str) -> tuple[httpx.AsyncClient, str]:
    """Make somebody who is signed in; gives their id too."""
    client = house.client()
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    return client, (await made(client, "/users", **body))["id"]


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Json:
    """Make something that has to be made."""
    response = await client.post(path, json=body)
    assert response.status_code == 201, response.text
    found: Json = response.json()
    return found


@asynccontextmanager
async def crew(
    house: House, count: int, boards: int = 2
) -> AsyncIterator[tuple[list[Writer], httpx.AsyncClient]]:
    """So many writers on a few boards, and somebody who sees all of these."""
    history = History()
    async with AsyncExitStack() as stack:
        owner, _ = await register(house, "owner")
        stack.push_async_callback(owner.aclose)
        places = []
        for _ in range(boards):
            board = await made(owner, "/boards", title="Soak", columns=["One", "Two", "Three"])
            columns = (await owner.get(f"/boards/{board['id']}/columns")).json()["items"]
            places.append((board["id"], [column["id"] for column in columns]))
        writers = []
        for n in range(count):
            client, person = await register(house, f"writer{n}")
            stack.push_async_callback(client.aclose)
            board_id, columns = places[n % boards]
            await made(owner, f"/boards/{board_id}/users", user_id=person, role="MEMBER")
            writers.append(Writer(f"w{n}", client, board_id, columns, history, Random(n)))
        yield writers, owner


@asynccontextmanager
async def working(writers: list[Writer]) -> AsyncIterator[None]:
    """Let all of them write while what is inside happens."""
    stopped = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.work(stopped))
        try:
            yield
        finally:
            stopped.set()
