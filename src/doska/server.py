"""Serving: one command starts database, migrations and API, and stops everything again."""

import asyncio
import errno
import gc
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from tortoise.exceptions import BaseORMException
from uvicorn.supervisors import Multiprocess

from doska.http.protocol import HEAD_BYTES_MAX, Protocol
from doska.loading import KEY_BYTES_MIN, SettingsError
from doska.postgres import embedded
from doska.postgres.errors import DATABASE_ERRORS
from doska.postgres.migration import NewerDatabase, go_back, migrate
from doska.postgres.poolers import complaint
from doska.settings import Settings

DRAIN_SECONDS = 5
GARBAGE_MIN = 10_000  # objects allocated since the last collection
LOOPBACK = ("127.0.0.1", "::1")  # what browsers understand by localhost: they try both
NOT_THERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
BACKLOG = 2048
ACCEPTED_AT_ONCE = 8


class Unusable(Exception):  # the name says enough
    """What the settings refer to cannot be used; the message is for people."""


class Server(uvicorn.Server):
    """Uvicorn that ends quietly: its own would raise the signal again, and so skip our clean-up."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is in flight; a second Ctrl-C does not wait for it."""
        del frame
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


@contextmanager
def database(settings: Settings, *, shared: bool = False) -> Iterator[Settings]:
    """Return settings with a database and a key: the configured ones, or our own.

    With ``shared``, an embedded server that another Doska runs may be used.
    """
    if settings.database_url is not None:
        yield settings.model_copy(update={"data_dir": None})  # nothing of it is there
        return
    folder = settings.data_dir or embedded.default_data_dir()
    try:
        url = embedded.running(folder) if shared else None
        server = None if url else embedded.start(folder)
    except embedded.EmbeddedUnavailable as error:
        raise Unusable(str(error)) from None
    lost: list[str] = []
    try:
        if server:
            server.keep(_say, partial(_end_for, lost))
        own = {"database_url": SecretStr(url or (server.url if server else "")), "data_dir": folder}
        key = settings.secret_key or SecretStr(kept_key(folder))
        yield settings.model_copy(update={**own, "secret_key": key})
    finally:
        if server:
            server.stop()
        if lost:
            raise Unusable(lost[0])


def _say(text: str) -> None:
    sys.stderr.write(f"doska: {text}\n")


def _end_for(lost: list[str], reason: str) -> None:
    """End this program in its usual way, for a reason that is printed at the end."""
    lost.append(reason)
    os.kill(os.getpid(), signal.SIGTERM)


def kept_key(folder: Path) -> str:
    """Read the signing key of a data folder; if missing, create it, readable by its owner only."""
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if len(key) < KEY_BYTES_MIN:
            raise Unusable(
                f"{path} contains no key: remove it, and a new one is created."
            ) from None
        return key
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_hex(32))
    return key


def bring_up_to_date(settings: Settings) -> list[str]:
    """Migrate the database; one clear sentence if it cannot be reached or used."""
    check_poolers(settings)  # behind one, the lock of migrations would never be given back
    return _done(migrate(settings))


def check_poolers(settings: Settings) -> None:
    """Refuse a pooler that Doska would not work behind; of a database that is away, say nothing."""
    if settings.data_dir is not None:
        return  # our own
    try:
        found = asyncio.run(complaint(settings))
    except DATABASE_ERRORS:
        return
    if found:
        raise Unusable(f"DOSKA_DATABASE_URL cannot be used: {found}")


def take_back(settings: Settings, number: int) -> list[str]:
    """Roll back the migrations after the one with this number."""
    return _done(go_back(settings, number))


def _done(work: Coroutine[Any, Any, list[str]]) -> list[str]:
    try:
        return asyncio.run(work)
    except NewerDatabase as error:
        raise Unusable(str(error)) from None
    except (*DATABASE_ERRORS, UnicodeError) as error:
        raise Unusable(f"DOSKA_DATABASE_URL cannot be used: {in_words(error)}") from None


def in_words(error: BaseException) -> str:
    """Describe in one line what is wrong with the database."""
    cause = error.__cause__ if isinstance(error, BaseORMException) else error
    if isinstance(cause, TimeoutError):
        return "it does not answer"
    hint = getattr(cause, "hint", None)
    return str(cause).partition("\n")[0] + (f" ({hint})" if hint else "")


@contextmanager
def listen(settings: Settings) -> Iterator[list[socket.socket]]:
    """Bind the port before anything else is started; early clients wait for the start."""
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        for host in LOOPBACK if settings.host == "localhost" else (settings.host,):
            port = sockets[0].getsockname()[1] if sockets else settings.port
            try:
                sockets.append(opened.enter_context(_bound(host, port)))
            except (OSError, OverflowError) as error:
                if sockets and getattr(error, "errno", None) in NOT_THERE:
                    continue  # a machine without IPv6
                reason = getattr(error, "strerror", None) or str(error)
                told = f"{settings.host}:{settings.port} cannot be used: {reason}"
                raise Unusable(told) from None
        yield sockets


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def application() -> FastAPI:
    """Make the application that a process serves, and exempt it from garbage collection.

    Otherwise the collector would scan it again and again: a tenth of all work.
    """
    from doska.main import create_app  # noqa: PLC0415  # other commands do without

    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_MIN, 10, 10)
    return app


def _end_with_parent() -> None:
    """End a worker whose parent was killed: it would go on, and keep the port from a new start."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def serve(settings: Settings, listening: list[socket.socket]) -> None:
    """Serve until told to stop; processes read their settings from the environment."""
    if settings.database_url is None or settings.secret_key is None:
        raise SettingsError("The database is not known.")
    os.environ["DOSKA_DATABASE_URL"] = settings.database_url.get_secret_value()
    os.environ["DOSKA_SECRET_KEY"] = settings.secret_key.get_secret_value()
    os.environ["DOSKA_PORT"] = str(settings.port)
    config = uvicorn.Config(
        "doska.server:application",
        factory=True,
        http=Protocol,
        h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    # uvloop accepts one connection per socket and loop iteration, and under load iterations are
    # long: with one socket, people waited seconds before they were even refused.
    sockets = [*listening, *(s.dup() for s in listening for _ in range(ACCEPTED_AT_ONCE - 1))]
    for socket_ in sockets:
        socket_.set_inheritable(True)
    if settings.workers == 1:
        Server(config).run(sockets=sockets)
    else:
        Multiprocess(config, sockets=sockets).run()
