"""Three nodes of PostgreSQL under Patroni, with etcd and HAProxy, of which any can be lost.

The programs are not among the project's requirements: Patroni is installed into a temporary folder
(or is at DOSKA_SOAK_PATRONI), etcd and haproxy are the system's.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from doska.postgres.embedded.programs import find_binaries, means
from house import free_port

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PATRONI = ("patroni[etcd3]==4.1.5", "psycopg[binary]")
NAMES = ("one", "two", "three")
PASSWORD = "only-for-the-soak"
WAIT_SECONDS_MAX = 60.0


class Node:
    """One of them: what starts it, and its processes."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.data = name, folder / name / "data"
        self.port, self.rest = free_port(), free_port()
        self.patroni: subprocess.Popen[bytes] | None = None

    def postmaster(self) -> int | None:
        """Give PostgreSQL's first process."""
        with suppress(FileNotFoundError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    def processes(self) -> list[int]:
        """List all processes of the node: of Patroni, PostgreSQL and its backends."""
        found = [self.patroni.pid] if self.patroni and self.patroni.poll() is None else []
        if pid := self.postmaster():
            found += [pid, *_children(pid)]
        return found

    def send(self, number: signal.Signals, pids: list[int] | None = None) -> None:
        """Send a signal to all of it, or to these."""
        for pid in self.processes() if pids is None else pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Nodes:
    """The cluster, and what clients connect to."""

    def __init__(self, folder: Path, patroni: str) -> None:
        self.folder, self._patroni = folder, patroni
        self.nodes = [Node(name, folder) for name in NAMES]
        self._etcd, self._haproxy = free_port(), free_port()
        self._others: list[subprocess.Popen[bytes]] = []
        self._binaries, self._account = means(folder / "postgres", find_binaries())

    @property
    def url(self) -> str:
        """The database by way of HAProxy."""
        return f"postgres://postgres:{PASSWORD}@127.0.0.1:{self._haproxy}/doska"

    @property
    def hosts_url(self) -> str:
        """The database by the names of all nodes."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgres://postgres:{PASSWORD}@{hosts}/doska?target_session_attrs=read-write"

    async def start(self) -> None:
        """Start everything, and make the database."""
        client, peer = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{free_port()}"
        self._run(
            ["etcd", "--data-dir", str(self.folder / "etcd"), "--listen-client-urls", client,
             "--advertise-client-urls", client, "--listen-peer-urls", peer,
             "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"],
        )  # fmt: skip
        for node in self.nodes:
            node.data.parent.mkdir(parents=True)
            if self._account:
                os.chown(node.data.parent, self._account["user"], self._account["group"])
            self.revive(node)
        addresses = {n.name.upper(): f"127.0.0.1:{n.port}" for n in self.nodes}
        rests = {f"{n.name.upper()}_REST": str(n.rest) for n in self.nodes}
        self._run(
            ["haproxy", "-db", "-f", str(EXAMPLES / "haproxy.cfg")],
            LISTEN=f"127.0.0.1:{self._haproxy}", **addresses, **rests,
        )  # fmt: skip
        await self.healthy()
        connection = await asyncpg.connect(self.url.replace("/doska", "/postgres"))
        await connection.execute("create database doska template template0 encoding 'UTF8'")
        await connection.close()

    def _run(self, command: list[str], **environment: str) -> None:
        log = (self.folder / f"{Path(command[0]).name}.log").open("ab")
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=log, stderr=log, cwd=self.folder
        )
        self._others.append(process)

    def revive(self, node: Node) -> None:
        """Start a node, also one that was lost."""
        at = {"POSTGRESQL": node.port, "RESTAPI": node.rest}
        where = {
            f"{k}_{w}": f"127.0.0.1:{p}"
            for k, p in at.items()
            for w in ("LISTEN", "CONNECT_ADDRESS")
        }
        users = {"SUPERUSER": "postgres", "REPLICATION": "replicator"}
        given = {
            "NAME": node.name, "ETCD3_HOSTS": f"127.0.0.1:{self._etcd}", **where,
            "POSTGRESQL_DATA_DIR": str(node.data), "POSTGRESQL_BIN_DIR": str(self._binaries),
            **{f"{k}_USERNAME": name for k, name in users.items()},
            **{f"{k}_PASSWORD": PASSWORD for k in users},
        }  # fmt: skip
        environment = {f"PATRONI_{name}": value for name, value in given.items()}
        log = (self.folder / f"{node.name}.log").open("ab")
        account: Any = self._account
        node.patroni = subprocess.Popen(
            [self._patroni, str(EXAMPLES / "patroni.yml")],
            env={**os.environ, "HOME": str(node.data.parent), **environment},
            stdout=log, stderr=log, cwd=node.data.parent, **account,
        )  # fmt: skip

    async def primary(self) -> Node | None:
        """Find the node that takes writes, if there is one."""
        async with httpx.AsyncClient(timeout=1, trust_env=False) as client:
            for node in self.nodes:
                with suppress(httpx.TransportError):
                    answer = await client.get(f"http://127.0.0.1:{node.rest}/primary")
                    if answer.status_code == 200:
                        return node
        return None

    async def let_go(self) -> None:
        """Let commits wait for no standby any more."""
        node = await self.healthy()
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            where = f"http://127.0.0.1:{node.rest}/config"
            (await client.patch(where, json={"synchronous_mode": False})).raise_for_status()

    async def healthy(self, synchronous: int = 1) -> Node:
        """Wait until there is a primary with two standbys, so many of which commits wait for."""
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while True:
                node = await self.primary()
                if node and await self._standbys(node) == (2, synchronous):
                    return node
                await asyncio.sleep(0.3)

    async def _standbys(self, node: Node) -> tuple[int, int]:
        url = f"postgres://postgres:{PASSWORD}@127.0.0.1:{node.port}/postgres"
        with suppress(OSError, TimeoutError, asyncpg.PostgresError):
            connection = await asyncpg.connect(url, timeout=2)
            row = await connection.fetchrow(
                "select count(*), count(*) filter (where sync_state = 'sync')"
                " from pg_stat_replication where state = 'streaming'"
            )
            await connection.close()
            return row[0], row[1]
        return 0, 0

    def end(self) -> None:
        """End everything at once."""
        for node in self.nodes:
            node.send(signal.SIGKILL)
            if node.patroni:
                node.patroni.wait()
        for process in self._others:
            process.kill()
            process.wait()


@asynccontextmanager
async def cluster() -> AsyncIterator[Nodes]:
    """Have a cluster in a folder that goes with it."""
    for program in ("etcd", "haproxy"):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            raise RuntimeError(f"there is no {program}: apt-get install etcd-server haproxy")
    with tempfile.TemporaryDirectory(prefix="doska-cluster-", dir="/tmp") as name:
        (folder := Path(name)).chmod(0o755)
        (folder / "postgres").mkdir()
        found = Nodes(folder, os.environ.get("DOSKA_SOAK_PATRONI") or _installed(folder))
        try:
            await found.start()
            yield found
        finally:
            found.end()


def _installed(folder: Path) -> str:
    place = folder / "patroni"
    # Root runs it as somebody else, to whom a Python in root's home is closed.
    python = "/usr/bin/python3" if os.geteuid() == 0 else sys.executable
    subprocess.run([python, "-m", "venv", str(place)], check=True)
    pip = [str(place / "bin" / "pip"), "install", "--quiet", *PATRONI]
    subprocess.run(pip, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return str(place / "bin" / "patroni")
