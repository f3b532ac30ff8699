"""An embedded PostgreSQL 16: an ordinary process of the user who runs Doska.

It listens only on a socket in a private folder, and so trusts whoever can connect. One running
Doska owns a data folder, by a lock that the kernel releases when its holder dies. What start()
acquires goes on one ExitStack, so that a failed start and stop() undo the same steps.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import platformdirs

from doska.postgres.embedded.cluster import NAME, PORT, SETTINGS, Cluster
from doska.postgres.embedded.keeper import Keeper, Tell
from doska.postgres.embedded.programs import EmbeddedUnavailable, find_binaries, means

if sys.platform != "win32":
    import fcntl

__all__ = ["EmbeddedUnavailable", "Server", "default_data_dir", "find_binaries", "running", "start"]


class Server:
    """A running server, and the right to stop it."""

    def __init__(self, cluster: Cluster, pid: int, host: str, undo: ExitStack) -> None:
        self.pid, self.host = pid, host
        self._cluster = cluster
        self._keeper: Keeper | None = None
        self.dsn: dict[str, Any] = {"host": host, "port": PORT, "user": NAME, "database": NAME}
        self.url = address(host)
        self._undo = undo

    def keep(self, told: Tell, lost: Tell) -> None:
        """Restart it whenever it ends by itself; callbacks get each restart, or why it is given up."""
        self._keeper = Keeper(self._cluster, self.host, self._undo, told, lost)
        self._keeper.start(self.pid)

    def stop(self) -> None:
        """Stop the server: 20 ms as a rule, 20 s at most. Doing it twice is harmless."""
        if self._keeper:
            self._keeper.stop()
        self._undo.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def default_data_dir() -> Path:
    """Return the folder to use if none is configured. Root's home is closed to PostgreSQL."""
    as_root = sys.platform != "win32" and os.geteuid() == 0
    return Path("/var/lib/doska") if as_root else platformdirs.user_data_path("doska")


def start(data_dir: Path, *, options: Mapping[str, str] = MappingProxyType({})) -> Server:
    """Start a server on `data_dir`, or take over the one that a killed Doska left running.

    Blocks for half a second when it creates the database, later for 50 ms. `options` are settings
    of PostgreSQL and override Doska's; a server that is taken over keeps those it was started with.
    """
    if sys.platform == "win32":
        raise EmbeddedUnavailable("No embedded PostgreSQL on Windows: set DOSKA_DATABASE_URL.")
    binaries = find_binaries()  # first: without them, problems of the folder do not matter
    folder = data_dir.expanduser().resolve()
    try:
        with ExitStack() as undo:
            _claim(folder, undo)
            cluster = Cluster(folder / "pg16", *means(folder, binaries), SETTINGS | dict(options))
            cluster.make()
            pid, host = cluster.take_over(undo) or cluster.launch(undo)
            return Server(cluster, pid, host, undo.pop_all())
    except OSError as error:
        reason = f"{error.strerror} ({error.filename2 or error.filename})"
        raise EmbeddedUnavailable(f"The data folder {folder} cannot be used: {reason}") from error


def running(data_dir: Path) -> str | None:
    """Return the address of the server that another running Doska has on `data_dir`, or None."""
    folder = data_dir.expanduser().resolve()
    try:
        with (folder / "lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        cluster = Cluster(folder / "pg16", Path(), {}, {})
        _, status, host = cluster.pid_file()
        return address(host) if status == "ready" else None
    except OSError:
        return None
    return None


def address(host: str) -> str:
    """Build a server's address from its socket folder."""
    return f"postgres://{NAME}@/{NAME}?host={host}&port={PORT}"


def _claim(folder: Path, undo: ExitStack) -> None:
    """Create the folder and lock it for this process until undone."""
    if not folder.exists():
        made = [folder, *(parent for parent in folder.parents if not parent.exists())]
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            for place in made:  # whatever the umask: root's PostgreSQL needs access
                place.chmod(0o711)
    lock = undo.enter_context((folder / "lock").open("a+"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        rival = f"Another doska is running on this data folder (pid {lock.read()})"
        raise EmbeddedUnavailable(f"{rival}: {folder}") from None
    lock.truncate(0)
    print(os.getpid(), end="", file=lock, flush=True)
