"""A Doska somewhere else, by HTTP: what the commands import and export need of it."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode, urlsplit

SECONDS = 90.0  # of silence
PIECE_BYTES = 1 << 16
USUAL_URL = "http://localhost:8000"
TOO_MANY, REFUSED_FROM, FAILED_FROM = 429, 400, 500
TRIES_MAX = 5


class Failed(Exception):  # named for what is the case, as others
    """It did not work: no connection, no token, or a server that could not; exit code 1."""


class Refused(Exception):
    """The server refuses it; exit code 2."""


class Remote:
    """One Doska, and a token for it."""

    def __init__(self, url: str, token: str) -> None:
        self._parts, self._token = urlsplit(url.rstrip("/")), token
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise Failed("DOSKA_URL should be an address such as https://doska.example.com")

    @classmethod
    def of_environment(cls) -> "Remote":
        """Take DOSKA_URL and DOSKA_TOKEN; Failed without a token."""
        token = os.environ.get("DOSKA_TOKEN", "")
        if not token:
            raise Failed("DOSKA_TOKEN is missing: make an access token in your account.")
        return cls(os.environ.get("DOSKA_URL") or USUAL_URL, token)

    def json(
        self, method: str, path: str, body: Any = None, file: BinaryIO | None = None, **query: Any
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Ask, and read the answer with its headers; Refused, Failed."""
        with self.asked(method, path, body=body, file=file, **query) as response:
            data = response.read()
            found = json.loads(data) if data else {}
            return found, {name.lower(): value for name, value in response.getheaders()}

    @contextmanager
    def asked(
        self, method: str, path: str, body: Any = None, file: BinaryIO | None = None, **query: Any
    ) -> Iterator[HTTPResponse]:
        """Ask, and wait if there are too many requests; Refused, Failed."""
        given = {name: value for name, value in query.items() if value is not None}
        target = f"{self._parts.path}{path}" + (f"?{urlencode(given)}" if given else "")
        for left in reversed(range(TRIES_MAX)):
            connection = self._connection()
            try:
                response = self._sent(connection, method, target, body, file)
                if response.status == TOO_MANY and left:
                    time.sleep(min(60, int(response.getheader("retry-after") or 1)))
                    continue
                _check(response)
                yield response
            except (OSError, HTTPException) as error:
                raise Failed(f"No answer from {self._parts.hostname}: {error}") from None
            finally:
                connection.close()
            return

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=SECONDS)

    def _sent(
        self, connection: HTTPConnection, method: str, target: str, body: Any, file: BinaryIO | None
    ) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token}"}
        data: Any = None if body is None else json.dumps(body).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        if file is not None:
            headers |= {"Content-Length": str(os.fstat(file.fileno()).st_size)}
            file.seek(0)
            data = file
        connection.request(method, target, data, headers)
        return connection.getresponse()


def _check(response: HTTPResponse) -> None:
    if response.status < REFUSED_FROM:
        return
    data = response.read()
    try:
        problem = json.loads(data)
        words = words_of(problem)
    except (ValueError, KeyError, TypeError):
        words = f"status {response.status}"
    raise (Refused if response.status < FAILED_FROM else Failed)(words)


def words_of(problem: Mapping[str, Any]) -> str:
    """Put a problem document into one line."""
    detail = problem.get("detail") or ""
    at = f" (at {problem['at']})" if problem.get("at") else ""
    return f"{problem['title']} {detail}".strip() + at


def save(response: HTTPResponse, path: Path) -> int:
    """Save a response as a file, or nothing at all; returns how many bytes."""
    partial, count = path.with_name(f"{path.name}.part"), 0
    expected = response.getheader("content-length")
    try:
        with partial.open("wb") as file:
            while piece := response.read(PIECE_BYTES):
                count += file.write(piece)
        if expected is not None and count != int(expected):
            raise Failed("The connection was lost half way.")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count
