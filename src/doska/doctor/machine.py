"""This machine: the data folder, its free space, and the port."""

import errno
import http.client
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from doska.doctor.findings import Finding, ok, warn, wrong
from doska.loading import KEY_BYTES_MIN
from doska.postgres import embedded
from doska.settings import Settings

OTHERS = 0o077
ROOM_BYTES_MIN, ROOM_BYTES_LITTLE = 200 << 20, 2 << 30
SECONDS_MAX = 3
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to look for who listens on all
FOLDER = "data folder"


def data_folder(settings: Settings) -> Path:
    """Return the folder of the embedded database."""
    return (settings.data_dir or embedded.default_data_dir()).expanduser().resolve()


def judge_folder(settings: Settings) -> Iterator[Finding]:
    """Check the folder of the embedded database."""
    folder = data_folder(settings)
    try:
        embedded.find_binaries()
        yield from _existing(folder) if folder.exists() else _to_be_made(folder)
    except embedded.EmbeddedUnavailable as error:
        yield wrong(FOLDER, str(error), "or run it with Docker: docker compose up")
    except OSError as error:
        yield wrong(FOLDER, f"{error.filename}: {error.strerror}", "run as the folder's owner")


def _existing(folder: Path) -> Iterator[Finding]:
    cluster = folder / "pg16"
    if not folder.is_dir():
        yield wrong(FOLDER, f"{folder} is not a folder", "set DOSKA_DATA_DIR to another")
        return
    if not os.access(folder, os.W_OK):
        yield wrong(FOLDER, f"{folder} cannot be written to", "run as its owner, or chown it")
    elif os.geteuid() and cluster.exists() and cluster.stat().st_uid != os.geteuid():
        yield wrong(FOLDER, f"{cluster} belongs to another user", "run as its owner, or chown it")
    else:
        yield ok(FOLDER, str(folder))
    yield from _kept_key(folder / "secret_key")
    yield _room(folder)


def _to_be_made(folder: Path) -> Iterator[Finding]:
    parent = next(place for place in folder.parents if place.exists())
    if parent.is_dir() and os.access(parent, os.W_OK):
        yield ok(FOLDER, f"{folder} will be created at the first start")
        yield _room(parent)
    else:
        fix = "set DOSKA_DATA_DIR to another"
        yield wrong(FOLDER, f"{folder} cannot be created: {parent} is not writable", fix)


def _kept_key(path: Path) -> Iterator[Finding]:
    if not path.exists():
        return  # it is created at the first start
    if path.stat().st_mode & OTHERS:
        yield wrong("secrets", f"others can read {path}", f"chmod 600 {path}")
    elif len(path.read_text().strip()) < KEY_BYTES_MIN:
        yield wrong("secrets", f"{path} contains no key", "remove it, and a new one is created")
    else:
        yield ok("secrets", "the key is your own, in the data folder")


def _room(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    text = f"{free / (1 << 30):.1f} GiB free for {place}"
    if free < ROOM_BYTES_LITTLE:
        judge = wrong if free < ROOM_BYTES_MIN else warn
        return judge("room", text, "PostgreSQL stops when the disk is full: free some space")
    return ok("room", text)


def judge_port(settings: Settings) -> Iterator[Finding]:
    """Check who uses the port: nobody, a Doska, or another program."""
    where = f"{settings.host}:{settings.port}"
    reason = _why_not_free(settings)
    if reason is None:
        yield ok("port", f"{where} is free" if settings.port else "any free one")
    elif reason.errno == errno.EADDRNOTAVAIL:
        text = f"{where} is not an address of this machine"
        yield wrong("port", text, "DOSKA_HOST=127.0.0.1, or another of this machine's")
    elif reason.errno != errno.EADDRINUSE:
        text = f"{where} cannot be used: {reason.strerror or reason}"
        yield wrong("port", text, "set DOSKA_PORT or DOSKA_HOST to another")
    elif complaint := _ask_whether_ready(settings):
        fix = "stop it, or set DOSKA_PORT to another" if "another" in complaint else "see below"
        yield wrong("port", f"{where}: {complaint}", fix)
    else:
        yield ok("port", f"a Doska answers at {where}, and is ready")


def _why_not_free(settings: Settings) -> OSError | None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((settings.host, settings.port))
    except OSError as error:
        return error
    return None


def _ask_whether_ready(settings: Settings) -> str | None:
    """Ask who answers: return what is wrong with it, or nothing."""
    host = ANY.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=SECONDS_MAX)
    try:
        with closing(connection):
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            told = json.loads(answer.read(1 << 16))
            is_doska = answer.getheader("x-request-id") and told["status"] in ("ok", answer.status)
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return "another program uses it"
    if not is_doska:
        return "another program uses it"
    return None if told["status"] == "ok" else f"a Doska answers, but is not ready. {_said(told)}"


def _said(problem: dict[str, object]) -> str:
    return str(problem.get("detail") or problem.get("title"))
