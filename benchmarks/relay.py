"""A relay between two sockets: what goes through it arrives later, in order and in full.

As over a network that has this delay and any bandwidth. Threads, because an event loop's timers
round up to milliseconds; with a connection or two they cost next to nothing.
"""

import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

CHUNK_BYTES = 256 * 1024

Due: TypeAlias = "SimpleQueue[tuple[float, bytes]]"  # chunks, each with the time it arrives


@contextmanager
def delayed(target: Path, delay_seconds: float) -> Iterator[str]:
    """Give a folder with a socket of the target's name, ``delay_seconds`` away from it."""
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,  # TMPDIR may be too long for a socket
        socket.socket(socket.AF_UNIX) as listener,
    ):
        listener.bind(f"{folder}/{target.name}")
        for place in (folder, f"{folder}/{target.name}"):
            shutil.chown(place, target.stat().st_uid)  # PostgreSQL's account, where this is root
        listener.listen()
        Thread(target=_serve, args=(listener, target, delay_seconds), daemon=True).start()
        try:
            yield folder
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # or accept() would wait forever


def _serve(listener: socket.socket, target: Path, delay_seconds: float) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(target))
            for one, other in ((near, far), (far, near)):
                due: Due = SimpleQueue()
                Thread(target=_take, args=(one, due, delay_seconds), daemon=True).start()
                Thread(target=_hand_over, args=(due, other), daemon=True).start()


def _take(source: socket.socket, due: Due, delay_seconds: float) -> None:
    chunk = b"-"
    while chunk:  # an empty one is the end
        try:
            chunk = source.recv(CHUNK_BYTES)
        except OSError:
            chunk = b""
        due.put((time.monotonic() + delay_seconds, chunk))


def _hand_over(due: Due, sink: socket.socket) -> None:
    with suppress(OSError):
        while True:
            arrives_at, chunk = due.get()
            time.sleep(max(0, arrives_at - time.monotonic()))
            if not chunk:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(chunk)
