"""Load: requests written to a file, sent by wrk over a bounded number of connections for a while."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

HERE = Path(__file__).parent
WRK = shutil.which("wrk")
CONNECTIONS = 16
TIMEOUT_SECONDS = 10
MARK = "RESULT "

Headers = dict[str, str]


@dataclass(frozen=True)
class Request:
    """One request; the body is JSON."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True)
class Load:
    """What came of some seconds of load."""

    requests: int
    microseconds: int
    bytes: int
    refused: int  # answers that are not 2xx or 3xx
    broken: int  # connections and timeouts
    p50: float  # microseconds
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.microseconds * 1e6


class LoadError(Exception):
    """A measurement is worth nothing, for this reason."""


def send(
    port: int,
    requests: Iterable[Request],
    headers: Headers,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Load:
    """Send requests in turn, each connection the next as soon as it has its answer."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.writelines(f"{name}: {value}\n" for name, value in headers.items())
        file.write("\n")
        file.writelines(f"{r.method}\t{r.path}\t{r.body}\n" for r in requests)
        file.flush()
        command = [
            str(WRK),
            "--threads=1",
            f"--connections={connections}",
            f"--duration={max(1, round(seconds))}s",
            f"--timeout={TIMEOUT_SECONDS}s",
            f"--script={HERE / 'wrk.lua'}",
            f"http://127.0.0.1:{port}",
            "--",
            file.name,
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in said.splitlines() if line.startswith(MARK))
    return Load(**json.loads(line.removeprefix(MARK)))


def ask(port: int, request: Request, headers: Headers) -> HTTPResponse:
    """Send one request and give the answer, whose body has been read."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    connection.request(request.method, request.path, request.body or None, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response
