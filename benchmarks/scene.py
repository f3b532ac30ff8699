"""Everything set up: the database filled, the servers running, each to be asked by its name."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field

import asyncpg

import duels
import fill
import load
import servers
from doska.postgres import embedded

ALONE, CROWDED = "alone", "crowded"  # copies of the database: as it is, and with a million tasks
UNCACHED = {"SNAPSHOT_CACHE_MB": "0"}


@dataclass(frozen=True)
class Measurement:
    """One side's run: its rate, and what a request cost."""

    rate: float
    app_us: float
    database_us: float
    p50_ms: float
    p99_ms: float
    generator_us: float
    others: float  # what the rest of the machine did meanwhile, in processors
    faults: int

    @property
    def figures(self) -> dict[str, float]:
        """All but the faults, by their names."""
        return {name: value for name, value in asdict(self).items() if name != "faults"}


@dataclass
class Stage:
    """The servers by name, the data, and the database to look into."""

    postgres: embedded.Server
    db: asyncpg.Connection
    scene: fill.Scene
    programs: dict[str, servers.Program] = field(default_factory=dict)

    def headers(self, side: duels.Side) -> load.Headers:
        """Give what a request of this side carries; the floor gets the same and ignores it."""
        port = self.programs[side.server].port
        known = {"cookie": self.scene.owner.cookie, "content-type": "application/json"}
        return {**known, **side.headers(port, self.scene)}

    def objection(self, duel: duels.Duel) -> str:
        """Try some requests: tell if a status is not the expected one, or reads differ."""
        for side in (duel.subject, duel.reference):
            port, headers = self.programs[side.server].port, self.headers(side)
            request = next(side.requests(self.scene, 1))
            status = load.ask(port, request, headers).status
            if status != side.expected:
                return f"not there yet ({side.server} answers {status})"
        return self._difference(duel)

    def _difference(self, duel: duels.Duel) -> str:
        """Compare what two sides who are asked the same read: it must be the same bytes."""
        sides = (duel.subject, duel.reference)
        asked = duel.subject.requests
        request = next(asked(self.scene, 1))
        if duel.reference.requests is not asked or request.method != "GET":
            return ""
        one, other = (
            load.ask(self.programs[side.server].port, request, self.headers(side)) for side in sides
        )
        return "" if one.body == other.body else "the two sides do not answer the same"

    async def measure(self, side: duels.Side, seconds: float) -> Measurement:
        """Load a server, and reckon what it and PostgreSQL have used."""
        program = self.programs[side.server]
        count = round(duels.LINES_A_SECOND * seconds)
        requests = list(side.requests(self.scene, count))
        if not side.is_ordered:
            random.shuffle(requests)
        headers = self.headers(side)
        before = self._cpu_seconds(program)
        done = load.send(program.port, requests, headers, seconds, side.connections)
        used = [b - a for a, b in zip(before, self._cpu_seconds(program), strict=True)]
        if side.requests in duels.CREATING:
            await fill.clean(self.db)
        app, database, everybody = used
        others = (everybody - app - database - done.generator_seconds) / done.microseconds * 1e6
        return Measurement(
            done.rate,
            app / max(1, done.requests) * 1e6,
            database / max(1, done.requests) * 1e6,
            done.p50 / 1e3,
            done.p99 / 1e3,
            done.generator_us,
            others,
            done.faults,
        )

    def _cpu_seconds(self, program: servers.Program) -> tuple[float, ...]:
        postgres = servers.tree_cpu_seconds(self.postgres.pid)
        return program.cpu_seconds(), postgres, servers.busy_seconds()


@asynccontextmanager
async def staged(*, with_million: bool) -> AsyncIterator[Stage]:
    """Set everything up."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(servers.postgres())
        scene = await _filled(postgres.url)
        copies = await _copied(postgres.url) if with_million else {}
        db = await asyncpg.connect(postgres.url)
        stack.push_async_callback(db.close)
        stage = Stage(postgres, db, scene)
        stage.programs["doska"] = stack.enter_context(servers.doska(postgres.url))
        for name, url in {"uncached": postgres.url, **copies}.items():
            stage.programs[name] = stack.enter_context(servers.doska(url, **UNCACHED))
        stage.programs["floor"] = stack.enter_context(servers.floor(postgres.url))
        stage.programs["naive"] = stack.enter_context(servers.naive(postgres.url))
        yield stage


async def _filled(url: str) -> fill.Scene:
    """Make the tables and the data; nobody is connected afterwards."""
    with servers.doska(url) as doska:
        owner = fill.register(doska.port)
    db = await asyncpg.connect(url)
    try:
        return await fill.fill(db, owner)
    finally:
        await db.close()


async def _copied(url: str) -> dict[str, str]:
    """Copy the database twice, and add a million tasks of other people to one copy."""
    copies = {name: servers.with_database(url, name) for name in (ALONE, CROWDED)}
    admin = await asyncpg.connect(servers.with_database(url, "postgres"))
    for name in copies:
        await admin.execute(f"create database {name} template doska")
    await admin.close()
    db = await asyncpg.connect(copies[CROWDED])
    await fill.fill_others(db)
    await db.close()
    return copies
