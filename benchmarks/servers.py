"""What is measured, as programs of their own: PostgreSQL, Doska, the floor; and what they cost."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from doska.postgres import embedded
from doska.settings import Settings

HERE = Path(__file__).parent
SECRET = secrets.token_hex(32)
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
POOL_MIN, POOL_MAX = 2, 8
REQUESTS_A_MINUTE = 10_000_000  # counted as ever, but more than can be measured
READY_SECONDS_MAX, END_SECONDS_MAX = 30, 10


@dataclass
class Program:
    """A server that runs, and where."""

    process: subprocess.Popen[bytes]
    port: int
    started_at: float
    ready_seconds: float = 0  # how long it took to start

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Tell the processor time it has used."""
        return cpu_seconds(self.process.pid)

    def memory_bytes(self) -> int:
        """Tell how much memory it holds (the resident set)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024


@contextmanager
def postgres() -> Iterator[embedded.Server]:
    """Run a PostgreSQL as the product does, with fsync, on a folder that goes with it."""
    place = Path(tempfile.mkdtemp(prefix="doska-bench-", dir="/tmp"))
    place.chmod(0o755)
    try:
        with embedded.start(place / "doska") as server:
            yield server
    finally:
        shutil.rmtree(place, ignore_errors=True)


def with_database(url: str, name: str) -> str:
    """Give the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def doska(url: str, sources: Path | None = None, /, **settings: str) -> Iterator[Program]:
    """Run ``doska serve``, one worker, as anybody would; its log goes to a file.

    Of other sources than those that are installed, if they are given.
    """
    command = [sys.executable, "-m", "doska", "serve", "--port", "{port}", "--workers", "1"]
    given = {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "POOL_MIN": str(POOL_MIN),
        "POOL_MAX": str(POOL_MAX),
        "REQUESTS_A_MINUTE": str(REQUESTS_A_MINUTE),
        "COOKIE_NAME": "doska",  # or each port has a cookie of its own
        **settings,
    }
    ours = {f"DOSKA_{name.upper()}" for name in Settings.model_fields}
    others = {name: value for name, value in os.environ.items() if name not in ours}
    environment = {**others, **{f"DOSKA_{name}": value for name, value in given.items()}}
    if sources:
        environment["PYTHONPATH"] = str(sources)
    with running(command, environment) as program:
        yield program


@contextmanager
def floor(url: str) -> Iterator[Program]:
    """Run the floor: see its module."""
    command = [sys.executable, str(HERE / "floor.py"), "{port}"]
    pool = {"FLOOR_POOL_MIN": str(POOL_MIN), "FLOOR_POOL_MAX": str(POOL_MAX)}
    with running(command, {**os.environ, "FLOOR_DATABASE_URL": url, **pool}) as program:
        yield program


@contextmanager
def naive(url: str) -> Iterator[Program]:
    """Run the application as most would write it: see its module."""
    command = [sys.executable, str(HERE / "naive.py"), "{port}"]
    pool = {"NAIVE_POOL_MIN": str(POOL_MIN), "NAIVE_POOL_MAX": str(POOL_MAX)}
    with running(command, {**os.environ, "NAIVE_DATABASE_URL": url, **pool}) as program:
        yield program


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[Program]:
    """Run a server as a program of its own; ``{port}`` in the command is where it listens."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            env=environment,
            cwd=tempfile.gettempdir(),
            stdout=log,
            stderr=log,
        )
        program = Program(process, port, time.monotonic())
        try:
            _wait_until_ready(program)
            yield program
        finally:
            _end(process)
            log.seek(0)
            if process.returncode:
                sys.stderr.buffer.write(log.read()[-4000:])


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(program: Program) -> None:
    deadline = program.started_at + READY_SECONDS_MAX
    while not is_ready(program.port):
        if program.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.002)
    program.ready_seconds = time.monotonic() - program.started_at


def is_ready(port: int) -> bool:
    """Ask whether a server can work."""
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS_MAX)
    with suppress(OSError):
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """Tell the processor time of one process, its threads included."""
    return sum(_times(pid)[:2]) / TICKS_A_SECOND


def tree_cpu_seconds(pid: int) -> float:
    """Tell the processor time of a process and its children, those that have ended included."""
    children = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    ticks = sum(_times(pid))
    for child in children:
        with suppress(OSError):
            ticks += sum(_times(child)[:2]) if _fields(child)[1] == str(pid) else 0
    return ticks / TICKS_A_SECOND


def busy_seconds() -> float:
    """Tell the processor time that all programs of this machine have used."""
    user, nice, system, _idle, _wait, *more = Path("/proc/stat").read_text().split()[1:9]
    return sum(map(int, (user, nice, system, *more))) / TICKS_A_SECOND


def _fields(pid: int) -> list[str]:
    """Read the fields of a process from its state on; the name before it may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _times(pid: int) -> list[int]:
    """Read utime, stime, cutime and cstime."""
    return [int(ticks) for ticks in _fields(pid)[11:15]]
