"""Everything set up: the database filled, the servers running, each to be asked by its name."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

import fill
import load
import servers
import works

CROWDED = "crowded"
UNCACHED = {"SNAPSHOT_CACHE_MB": "0"}


@dataclass(frozen=True)
class Measurement:
    """One side's run: its rate, and what a request cost."""

    rate: float
    app_us: float
    database_us: float
    p50_ms: float
    p99_ms: float
    faults: int


@dataclass
class Stage:
    """The servers by name, the data, and the database to look into."""

    postgres: servers.embedded.Server
    db: asyncpg.Connection
    scene: fill.Scene
    programs: dict[str, servers.Program] = field(default_factory=dict)

    def headers(self, side: works.Side) -> load.Headers:
        """Give what a request of this side carries; the floor gets the same and ignores it."""
        port = self.programs[side.server].port
        known = {"cookie": self.scene.owner.cookie, "content-type": "application/json"}
        return {**known, **side.headers(port, self.scene)}

    def refusal(self, side: works.Side) -> int | None:
        """Try one request: the status if it is not the expected one."""
        port = self.programs[side.server].port
        request = next(side.requests(self.scene, 1))
        status = load.ask(port, request, self.headers(side)).status
        return None if status == side.expected else status

    async def measure(self, side: works.Side, seconds: float) -> Measurement:
        """Load a server, and reckon what it and PostgreSQL have used."""
        program = self.programs[side.server]
        count = round(works.LINES_A_SECOND * seconds)
        requests = list(side.requests(self.scene, count))
        random.shuffle(requests)
        headers = self.headers(side)
        before = program.cpu_seconds(), servers.tree_cpu_seconds(self.postgres.pid)
        done = load.send(program.port, requests, headers, seconds, side.connections)
        after = program.cpu_seconds(), servers.tree_cpu_seconds(self.postgres.pid)
        app, database = ((b - a) / done.requests * 1e6 for a, b in zip(before, after, strict=True))
        if side.requests is works.create_tasks:
            await fill.clean(self.db)
        faults = done.refused + done.broken
        return Measurement(done.rate, app, database, done.p50 / 1e3, done.p99 / 1e3, faults)


@asynccontextmanager
async def staged(*, crowded: bool) -> AsyncIterator[Stage]:
    """Set everything up."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(servers.postgres())
        doska = stack.enter_context(servers.doska(postgres.url))
        db = await asyncpg.connect(postgres.url)
        stack.push_async_callback(db.close)
        stage = Stage(postgres, db, await fill.fill(db, fill.register(doska.port)))
        stage.programs["doska"] = doska
        stage.programs["uncached"] = stack.enter_context(servers.doska(postgres.url, **UNCACHED))
        if crowded:
            url = await _crowded_copy(stage)
            stage.programs[CROWDED] = stack.enter_context(servers.doska(url, **UNCACHED))
        stage.programs["floor"] = stack.enter_context(servers.floor(postgres.url))
        yield stage


async def _crowded_copy(stage: Stage) -> str:
    """Copy the database, and add a million tasks of other people."""
    url = servers.with_database(stage.postgres.url, CROWDED)
    template = await asyncpg.connect(servers.with_database(stage.postgres.url, "postgres"))
    await template.execute(f"create database {CROWDED} template doska")
    await template.close()
    db = await asyncpg.connect(url)
    await fill.fill_others(db)
    await db.close()
    return url
