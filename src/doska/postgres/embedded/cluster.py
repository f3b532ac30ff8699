"""The server's own folder: creating it, taking over a running server, starting and stopping."""

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

from doska.postgres.embedded.programs import EmbeddedUnavailable

START_SECONDS, RETRY_SECONDS, STOP_SECONDS, POLL_SECONDS = 30, 0.1, 10, 0.005
NAME = "doska"  # of the user and of the database
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
SOCKETS = "/tmp"  # noqa: S108  (mkdtemp is safe there, and TMPDIR may be too long for a socket)
LOCALE = ("--locale=C.UTF-8",)
if sys.platform == "darwin":  # has no C.UTF-8: sort by bytes, handle the letters of all scripts
    LOCALE = ("--locale-provider=libc", "--lc-collate=C", "--lc-ctype=UTF-8")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",  # ten workers, each with a full pool and a listener
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than any of Doska's queries
    "random_page_cost": "1.1",  # most of it is in memory: a small table, too, is read by its index
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "log_min_messages": "log",  # a failed statement is Doska's to report, and may name people
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL folder, the programs for it, the account they run as, and their settings."""

    place: Path
    binaries: Path
    account: Mapping[str, int]
    settings: Mapping[str, str]

    @property
    def log(self) -> Path:
        """Return the file that the programs log to."""
        return self.place.with_name("postgres.log")

    def make(self) -> None:
        """Create the cluster beside its final path, then move it: nobody finds a half-made one."""
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
        """Adopt the server of a Doska that was killed; clean up what cannot be used."""
        pid, status, host = self.pid_file()
        if ours := Path(host).match(f"{SOCKETS}/doska-*"):
            undo.callback(shutil.rmtree, host, ignore_errors=True)
        if ours and status == "ready" and self.serves(pid) and Path(host, SOCKET).exists():
            undo.callback(self._end, pid)
            return pid, host
        self._end(pid)
        if not self.serves(pid):  # or its pid, now another program's, would pass for a server
            (self.place / "postmaster.pid").unlink(missing_ok=True)
        return None

    def launch(self, undo: ExitStack) -> tuple[int, str]:
        """Start a server with its own socket folder."""
        host = tempfile.mkdtemp(prefix="doska-", dir=SOCKETS)
        undo.callback(shutil.rmtree, host, ignore_errors=True)
        self._give(host)
        return self.launch_at(host, undo), host

    def clear(self, host: str) -> None:
        """Remove the locks of a dead server: its pid, if not reaped yet, would count as alive."""
        for lock in (self.place / "postmaster.pid", Path(host, f"{SOCKET}.lock")):
            lock.unlink(missing_ok=True)

    def launch_at(self, host: str, undo: ExitStack) -> int:
        """Start a server; retry while the last processes of a killed one hold its memory."""
        deadline = time.monotonic() + START_SECONDS
        while complaint := self._attempt(host, undo):
            if "shared memory block" not in complaint or time.monotonic() > deadline:
                raise EmbeddedUnavailable(f"PostgreSQL did not start: {complaint}")
            time.sleep(RETRY_SECONDS)
        return self.pid_file()[0]

    def serves(self, pid: int) -> bool:
        """Return whether a process is a running server of this cluster."""
        return f"postgres -D {self.place} " in _command(pid)

    def _attempt(self, host: str, undo: ExitStack) -> str:
        """Start a server and wait until it is ready, or say why it will not be."""
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
        """Read a server's pid, status and socket folder; zero and empty if not written yet."""
        lines = [""] * 8
        with suppress(FileNotFoundError):
            lines = (self.place / "postmaster.pid").read_text(errors="replace").split("\n") + lines
        return int(lines[0]) if lines[0].isdecimal() else 0, lines[7].strip(), lines[4]

    def _end(self, pid: int) -> None:
        """Request a fast shutdown, which ends every session, then one without a checkpoint."""
        for request in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + STOP_SECONDS
            with suppress(ProcessLookupError):
                if self.serves(pid):
                    os.kill(pid, request)
            while self.serves(pid) and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run a program to its end; only `postgres --single` reads its input."""
        with self._begin(program, *arguments, stdin=subprocess.PIPE) as process:
            process.communicate(f"CREATE DATABASE {NAME}".encode())
        if process.returncode:
            raise EmbeddedUnavailable(f"{program} failed: {self._complaint()}")

    def _begin(self, program: str, *arguments: str | Path, stdin: int) -> subprocess.Popen[bytes]:
        """Start a program without Doska's privileges, secrets, working folder and Ctrl-C."""
        with self.log.open("wb") as log:
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
        text = self.log.read_text(errors="replace")
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
