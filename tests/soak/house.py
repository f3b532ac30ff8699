"""What is broken on purpose: a Doska that is killed and started again, and a PostgreSQL of ours."""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx

from doska.postgres import embedded
from doska.postgres.embedded.cluster import SETTINGS, Cluster
from doska.postgres.embedded.programs import find_binaries, means
from programs import Served, a_data_folder, serving, until
from proof import Lost

READY_SECONDS_MAX = 10.0
# The proofs are about other promises than these limits, and are many people at one address.
UNLIMITED = {
    "LOG_LEVEL": "error",
    "SIGN_IN_ATTEMPTS_A_MINUTE": "1000000",
    "REQUESTS_A_MINUTE": "0",
}


class House:
    """A `doska serve` at one address, however often it is started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.settings = folder, {**UNLIMITED, **settings}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.served: Served | None = None
        self.kills = 0
        self._stack = ExitStack()

    async def start(self, workers: int = 1) -> None:
        """Start it, and wait until it can work."""
        arguments = ("--port", str(self.port), "--workers", str(workers))
        context = serving(self.folder, *arguments, **self.settings)
        self.served = await asyncio.to_thread(self._stack.enter_context, context)
        await self.ready(READY_SECONDS_MAX * max(2, workers) / 2)  # they share two cores

    async def ready(self, seconds_max: float = READY_SECONDS_MAX) -> float:
        """Wait until it says that it can work; gives the seconds."""
        started = time.monotonic()
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            while not await _is_ready(client):
                if time.monotonic() - started > seconds_max:
                    raise Lost(f"not ready within {seconds_max} s")
                await asyncio.sleep(0.02)
        return time.monotonic() - started

    async def kill(self) -> None:
        """Kill all of it, as a machine does that runs out of memory."""
        assert self.served
        self.kills += 1
        self.served.send(signal.SIGKILL)
        await self.gone()

    async def kill_parent(self) -> None:
        """Kill the process that was started, and see the others go by themselves."""
        assert self.served
        self.kills += 1
        os.kill(self.served.process.pid, signal.SIGKILL)
        await self.gone()

    async def kill_worker(self) -> int:
        """Kill one process that serves; gives its number."""
        assert self.served
        pid = workers_of(self.served.process.pid)[0]
        self.kills += 1
        os.kill(pid, signal.SIGKILL)
        return pid

    async def replaced(self, pid: int, workers: int = 2) -> None:
        """Wait until another process serves instead of one that was killed."""
        assert self.served
        parent = self.served.process.pid

        def is_whole() -> bool:
            now = workers_of(parent)
            return len(now) == workers and pid not in now

        await asyncio.to_thread(until, is_whole)
        await self.ready()

    async def gone(self) -> None:
        """Wait until nothing listens at the address any more, and forget the process."""
        assert self.served
        try:
            await asyncio.to_thread(until, lambda: not self.is_listening())
        except AssertionError:
            raise Lost("workers serve on after their parent was killed") from None
        finally:
            with suppress(ProcessLookupError):
                self.served.send(signal.SIGKILL)
            await asyncio.to_thread(self._stack.close)
        self.served = None

    def is_listening(self) -> bool:
        """Tell whether somebody answers at the address."""
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    async def end(self) -> None:
        """End it in peace, whatever has become of it."""
        await asyncio.to_thread(self._stack.close)

    def client(self) -> httpx.AsyncClient:
        """Be somebody with a browser of their own."""
        return httpx.AsyncClient(base_url=self.url, timeout=15, trust_env=False)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def house(**settings: str) -> AsyncIterator[House]:
    """A house with a data folder, and so a PostgreSQL, of its own; it is not started yet."""
    with a_data_folder() as folder:
        place = House(folder, **settings)
        try:
            yield place
        finally:
            await place.end()


class Postgres:
    """A PostgreSQL of the proof's own, as the product runs it: with fsync, on a socket."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "doska"
        self.folder.mkdir()
        self.folder.chmod(0o711)
        self._means = means(self.folder, find_binaries())
        self._cluster = Cluster(self.folder / "pg16", *self._means, SETTINGS)
        self._cluster.make()
        self._host = tempfile.mkdtemp(prefix="doska-", dir="/tmp")
        self._cluster._give(self._host)  # noqa: SLF001 - as the product gives it
        self.url = embedded.address(self._host)

    def start(self) -> None:
        """Start it, also where the last processes of a killed one hold its memory for a while."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while complaint := self._cluster._attempt(self._host, ExitStack()):  # noqa: SLF001 - the same socket again
            if "shared memory block" not in complaint or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {complaint}")
            time.sleep(0.05)

    def stop_at_once(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: no checkpoint, no goodbye."""
        binaries, account = self._means
        subprocess.run(
            [binaries / "pg_ctl", "stop", "-D", self._cluster.place, "-m", "immediate", "-s"],
            check=True,
            cwd="/",
            user=account.get("user"),
            group=account.get("group"),
        )

    def kill(self) -> None:
        """Kill the first process; the others end when they notice."""
        os.kill(pid := self._cluster.pid_file()[0], signal.SIGKILL)
        until(lambda: not _command(pid))

    def end(self) -> None:
        """End it in peace, if it runs."""
        self._cluster._end(self._cluster.pid_file()[0])  # noqa: SLF001 - as the product ends it


def _command(pid: int) -> bytes:
    """Read a command line; a process that nobody has waited for yet has none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL on a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="doska-soak-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.end()


def workers_of(pid: int) -> list[int]:
    """List the processes that serve for a parent."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in _command(int(child))]


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Ask PostgreSQL itself."""
    connection = await asyncpg.connect(url)
    await connection.execute("set timezone = 'UTC'")
    try:
        yield connection
    finally:
        await connection.close()
