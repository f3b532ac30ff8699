"""Load: requests written to a file, sent over a bounded number of connections for a while.

wrk sends them where it is installed, else ``generator.py``; ``BENCH_GENERATOR=own`` chooses that.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

HERE = Path(__file__).parent
WRK = None if os.environ.get("BENCH_GENERATOR") == "own" else shutil.which("wrk")
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
class Answer:
    """What came back to one request."""

    status: int
    body: bytes
    etag: str


class LoadError(Exception):
    """A measurement is worth nothing, for this reason."""


@dataclass(frozen=True)
class Load:
    """What came of some seconds of load."""

    requests: int
    microseconds: int
    bytes: int
    refused: int  # answers that are neither 2xx nor 3xx
    broken: int  # connections and timeouts
    p50: float  # microseconds
    p99: float
    generator_seconds: float  # of processor time

    @property
    def faults(self) -> int:
        """All that must not be; no answer at all is one."""
        return self.refused + self.broken + (self.requests == 0)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return max(1, self.requests) / self.microseconds * 1e6

    @property
    def generator_us(self) -> float:
        """What a request cost the generator, in microseconds of processor time."""
        return self.generator_seconds / max(1, self.requests) * 1e6


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
        command = _command(port, file.name, max(1, round(seconds)), connections)
        before = _children_seconds()
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        used = _children_seconds() - before
    line = next(line for line in said.splitlines() if line.startswith(MARK))
    return Load(**json.loads(line.removeprefix(MARK)), generator_seconds=used)


def _command(port: int, file: str, seconds: int, connections: int) -> list[str]:
    if WRK is None:
        own = [sys.executable, str(HERE / "generator.py"), str(port), file]
        return [*own, str(seconds), str(connections), str(TIMEOUT_SECONDS)]
    bounds = [f"--connections={connections}", f"--duration={seconds}s"]
    limit, script = f"--timeout={TIMEOUT_SECONDS}s", f"--script={HERE / 'wrk.lua'}"
    return [WRK, "--threads=1", *bounds, limit, script, f"http://127.0.0.1:{port}", "--", file]


def _children_seconds() -> float:
    """Tell the processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ask(port: int, request: Request, headers: Headers) -> Answer:
    """Send one request and read the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    connection.request(request.method, request.path, request.body or None, headers)
    response: HTTPResponse = connection.getresponse()
    answer = Answer(response.status, response.read(), response.getheader("etag") or "")
    connection.close()
    return answer
