"""Restarts the server when it has ended by itself: killed by somebody, or for lack of memory."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from doska.postgres.embedded.cluster import Cluster
from doska.postgres.embedded.programs import EmbeddedUnavailable

LOOK_SECONDS = 0.2 if Path("/proc/self").exists() else 2.0  # else each check starts a program
RESTARTS_MAX, RESTARTS_SECONDS = 5, 60.0  # one that ends more often than that has a reason

Tell = Callable[[str], None]


class Keeper:
    """A thread that supervises a server until told to stop, or until it cannot be restarted."""

    def __init__(
        self, cluster: Cluster, host: str, undo: ExitStack, told: Tell, lost: Tell
    ) -> None:
        """Report each restart, and the reason for giving up."""
        self._cluster, self._host, self._undo = cluster, host, undo
        self._told, self._lost = told, lost
        self._stopping = threading.Event()
        self._ends: deque[float] = deque(maxlen=RESTARTS_MAX)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, pid: int) -> None:
        """Start supervising the server with this pid."""
        self._pid = pid
        self._thread.start()

    def stop(self) -> None:
        """Stop supervising it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            if not self._cluster.serves(self._pid):
                try:
                    self._start_again()
                except (EmbeddedUnavailable, OSError) as error:
                    self._lost(f"The embedded PostgreSQL has ended, and not come again: {error}")
                    return

    def _start_again(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self._pid, os.WNOHANG)
        self._cluster.clear(self._host)
        if len(self._ends) == RESTARTS_MAX and time.monotonic() - self._ends[0] < RESTARTS_SECONDS:
            raise EmbeddedUnavailable(f"it keeps ending; see {self._cluster.log}.")
        self._ends.append(time.monotonic())
        self._pid = self._cluster.launch_at(self._host, self._undo)
        self._told("The embedded PostgreSQL had ended, and was started again.")
