"""A PostgreSQL 16 of Doska's own: an ordinary process of whoever runs Doska.

It listens on a socket in a private folder only, hence trusts who can connect. One living Doska owns
a data folder, by a lock that the kernel drops when its holder dies. What start() acquires goes on
one ExitStack, so that a failed start and stop() undo the same steps.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import platformdirs

from doska.embedded.programs import EmbeddedUnavailable, find_binaries, means

if sys.platform != "win32":
    import fcntl

__all__ = ["EmbeddedUnavailable", "Server", "default_data_dir", "find_binaries", "running", "start"]

START_SECONDS, RETRY_SECONDS, STOP_SECONDS, POLL_SECONDS = 30, 0.1, 10, 0.005
NAME = "doska"  # of the user and of the database
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
SOCKETS = "/tmp"  # noqa: S108  (mkdtemp is safe there, and TMPDIR may be too long for a socket)
LOCALE = ("--locale=C.UTF-8",)
if sys.platform == "darwin":  # has no C.UTF-8: sort by bytes, know the letters of all scripts
    LOCALE = ("--locale-provider=libc", "--lc-collate=C", "--lc-ctype=UTF-8")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",  # ten workers, each with a full pool and a listener
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than any of Doska's queries
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "log_min_messages": "log",  # a refused statement is Doska's to report, and may name people
    "log_checkpoints": "off",
}


class Server:
    """A running server, and the right to stop it."""

    def __init__(self, pid: int, host: str, undo: ExitStack) -> None:
        self.pid, self.host = pid, host
        self.dsn: dict[str, Any] = {"host": host, "port": PORT, "user": NAME, "database": NAME}
        self.url = address(host)
        self._undo = undo

    def stop(self) -> None:
        """End the server: 20 ms as a rule, 20 s at most. Doing it twice is harmless."""
        self._undo.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def default_data_dir() -> Path:
    """Name the folder to use if none is configured. Root's home is closed to PostgreSQL."""
    as_root = sys.platform != "win32" and os.geteuid() == 0
    return Path("/var/lib/doska") if as_root else platformdirs.user_data_path("doska")


def start(data_dir: Path, *, options: Mapping[str, str] = MappingProxyType({})) -> Server:
    """Start a server on `data_dir`, or take over the one that a killed Doska left running.

    Blocks for half a second when it makes the database, later for 50 ms. `options` are settings of
    PostgreSQL and win over Doska's; a server taken over keeps those it was started with.
    """
    if sys.platform == "win32":
        raise EmbeddedUnavailable("No embedded PostgreSQL on Windows: set DOSKA_DATABASE_URL.")
    binaries = find_binaries()  # first: without them, the folder's troubles are beside the point
    folder = data_dir.expanduser().resolve()
    try:
        with ExitStack() as undo:
            _claim(folder, undo)
            cluster = _Cluster(folder / "pg16", *means(folder, binaries), SETTINGS | dict(options))
            cluster.make()
            pid, host = cluster.take_over(undo) or cluster.launch(undo)
            return Server(pid, host, undo.pop_all())
    except OSError as error:
        reason = f"{error.strerror} ({error.filename2 or error.filename})"
        raise EmbeddedUnavailable(f"The data folder {folder} cannot be used: {reason}") from error


def running(data_dir: Path) -> str | None:
    """Give the address of the server that another living Doska runs on `data_dir`; None if none does."""
    folder = data_dir.expanduser().resolve()
    try:
        with (folder / "lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        cluster = _Cluster(folder / "pg16", Path(), {}, {})
        _, status, host = cluster.pid_file()
        return address(host) if status == "ready" else None
    except OSError:
        return None
    return None


def address(host: str) -> str:
    """Write a server's address from its folder of sockets."""
    return f"postgres://{NAME}@/{NAME}?host={host}&port={PORT}"


def _claim(folder: Path, undo: ExitStack) -> None:
    """Make the folder and lock it for this process until undone."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o700 if os.geteuid() else 0o711)  # root's PostgreSQL has to pass through
    lock = undo.enter_context((folder / "lock").open("a+"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        rival = f"Another doska is running on this data folder (pid {lock.read()})"
        raise EmbeddedUnavailable(f"{rival}: {folder}") from None
    lock.truncate(0)
    print(os.getpid(), end="", file=lock, flush=True)


@dataclass(frozen=True)
class _Cluster:
    place: Path
    binaries: Path
    account: Mapping[str, int]
    settings: Mapping[str, str]

    def make(self) -> None:
        """Make the cluster beside its place, then move it there: a half-made one is never found."""
        version, draft = self.place / "PG_VERSION", self.place.with_suffix(".part")
        if not version.exists():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(0o700)
            self._give(draft)
            self._run("initdb", "-D", draft, "-U", NAME, "-A", "trust", "-E", "UTF8", *LOCALE)
            flags = (*self._flags(), "-c", "exit_on_error=on")
            self._run("postgres", "--single", "-D", draft, *flags, "postgres")
            draft.rename(self.place)
        elif (maker := version.read_text().strip()) != "16":
            raise EmbeddedUnavailable(f"{self.place} was made by PostgreSQL {maker}, not 16.")

    def take_over(self, undo: ExitStack) -> tuple[int, str] | None:
        """Adopt the server of a Doska that was killed; clear away what is not fit for use."""
        pid, status, host = self.pid_file()
        if ours := Path(host).match(f"{SOCKETS}/doska-*"):
            undo.callback(shutil.rmtree, host, ignore_errors=True)
        if ours and status == "ready" and self._serves(pid) and Path(host, SOCKET).exists():
            undo.callback(self._end, pid)
            return pid, host
        self._end(pid)
        if not self._serves(pid):  # else its pid, now another program's, would pass for a server
            (self.place / "postmaster.pid").unlink(missing_ok=True)
        return None

    def launch(self, undo: ExitStack) -> tuple[int, str]:
        """Start a server; again, while the last processes of a killed one hold its memory."""
        host = tempfile.mkdtemp(prefix="doska-", dir=SOCKETS)
        undo.callback(shutil.rmtree, host, ignore_errors=True)
        self._give(host)
        deadline = time.monotonic() + START_SECONDS
        while complaint := self._attempt(host, undo):
            if "shared memory block" not in complaint or time.monotonic() > deadline:
                raise EmbeddedUnavailable(f"PostgreSQL did not start: {complaint}")
            time.sleep(RETRY_SECONDS)
        return self.pid_file()[0], host

    def _attempt(self, host: str, undo: ExitStack) -> str:
        """Start a server and wait until it is ready, or tell why it will not be."""
        flags = (*self._flags(), "-k", host, "-p", str(PORT))
        process = self._begin("postgres", "-D", self.place, *flags, stdin=subprocess.DEVNULL)
        undo.enter_context(suppress(subprocess.TimeoutExpired))
        undo.callback(process.wait, timeout=1)  # last, to reap what has ended
        undo.callback(self._end, process.pid)
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self.pid_file()[:2] == (process.pid, "ready"):
                return ""
            time.sleep(POLL_SECONDS)
        slow = process.returncode is None
        return f"not ready in {START_SECONDS} s" if slow else self._complaint()

    def pid_file(self) -> tuple[int, str, str]:
        """Read a server's pid, status and folder of sockets; zero and empty where not yet told."""
        lines = [""] * 8
        with suppress(FileNotFoundError):
            lines = (self.place / "postmaster.pid").read_text(errors="replace").split("\n") + lines
        return int(lines[0]) if lines[0].isdecimal() else 0, lines[7].strip(), lines[4]

    def _serves(self, pid: int) -> bool:
        return f"postgres -D {self.place} " in _command(pid)

    def _end(self, pid: int) -> None:
        """Ask for a fast shutdown, which ends every session, then for one without a checkpoint."""
        for request in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + STOP_SECONDS
            with suppress(ProcessLookupError):
                if self._serves(pid):
                    os.kill(pid, request)
            while self._serves(pid) and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run a program to its end; only `postgres --single` reads its input."""
        with self._begin(program, *arguments, stdin=subprocess.PIPE) as process:
            process.communicate(f"CREATE DATABASE {NAME}".encode())
        if process.returncode:
            raise EmbeddedUnavailable(f"{program} failed: {self._complaint()}")

    def _begin(self, program: str, *arguments: str | Path, stdin: int) -> subprocess.Popen[bytes]:
        """Start a program without Doska's rights, secrets, working folder and Ctrl-C."""
        with self.place.with_name("postgres.log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603  (of the programs that were found)
                [self.binaries / program, *arguments],
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
                start_new_session=True,
                user=self.account.get("user"),
                group=self.account.get("group"),
                extra_groups=[] if self.account else None,
            )

    def _complaint(self) -> str:
        text = self.place.with_name("postgres.log").read_text(errors="replace")
        complaints = re.findall(r"(?:FATAL|PANIC|ERROR|error): +(.+)", text)
        return str((complaints or text.strip().splitlines() or ["it does not say why"])[-1])

    def _flags(self) -> list[str]:
        return [flag for name, value in self.settings.items() for flag in ("-c", f"{name}={value}")]

    def _give(self, path: Path | str) -> None:
        if self.account:
            os.chown(path, self.account["user"], self.account["group"])


def _command(pid: int) -> str:
    """Read the command line of a process; empty for a zombie and for none."""
    if Path("/proc/self").exists():
        with suppress(FileNotFoundError, ProcessLookupError):
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        return ""
    ask = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout  # noqa: S603
