"""Doska as a program: commands that end by themselves, and servers that end with the test."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from doska.postgres import embedded
from doska.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
COMMAND = (sys.executable, "-m", "doska")
LAST_LINE = "Ctrl-C stops it."
SECONDS_MAX = 90  # far more than anything takes, but where all of the machine is busy


@contextmanager
def a_data_folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL can reach when root runs Doska; end what is running on it."""
    place = Path(tempfile.mkdtemp(prefix="doska-test-", dir="/tmp"))
    place.chmod(0o755)
    folder = place / "doska"
    try:
        yield folder
    finally:
        if (folder / "pg16").exists():
            embedded.start(folder).stop()
        shutil.rmtree(place)


def run(
    *arguments: str,
    folder: Path,
    stdin: str = "",
    command: Sequence[str] = COMMAND,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*command, *arguments],
        env=_environment(folder, settings),
        cwd=folder.parent,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def complaint(*arguments: str, folder: Path, stdin: str = "", **settings: str) -> str:
    """Run a command that cannot work: it says one line, and its exit code tells as well."""
    ended = run(*arguments, folder=folder, stdin=stdin, **settings)
    assert ended.returncode == 1, ended
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("doska: ")
    return line.removeprefix("doska: ")


class Served:
    """A `doska serve`: its process, what it has said, and where it is."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, errors: Path) -> None:
        self.process, self.folder, self.errors = process, folder, errors
        self.greeting = list(self._greeting())
        self.url = self.greeting[0].rpartition(" ")[2] if self.greeting else ""

    def _greeting(self) -> Iterator[str]:
        assert self.process.stdout
        for line in self.process.stdout:
            yield line.strip()
            if line.strip() == LAST_LINE:
                return

    @property
    def database_url(self) -> str:
        url = embedded.running(self.folder)
        assert url
        return url

    @property
    def log(self) -> list[str]:
        return self.errors.read_text().splitlines()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=SECONDS_MAX, trust_env=False)

    def send(self, number: signal.Signals) -> None:
        """Signal the whole process group, as Ctrl-C in a terminal does."""
        os.killpg(self.process.pid, number)

    def is_listening(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", int(self.url.rpartition(":")[2]))) == 0

    def ends(self) -> int:
        """Wait for the end; gives the exit code."""
        return self.process.wait(timeout=SECONDS_MAX)


@contextmanager
def serving(
    folder: Path, *arguments: str, command: Sequence[str] = COMMAND, **settings: str
) -> Iterator[Served]:
    """Start a server on a free port, and end it however the test ends."""
    errors = folder.with_name("stderr")
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [*command, "serve", "--port", "0", *arguments],
            env=_environment(folder, settings),
            cwd=folder.parent,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
    with process:
        try:
            served = Served(process, folder, errors)
            assert served.greeting, errors.read_text()
            yield served
        finally:
            if process.poll() is None:
                process.terminate()
                _kill_unless_ended(process)
            sys.stderr.write(errors.read_text())  # which pytest shows if the test has failed


def example(prefix: str) -> dict[str, str]:
    """Read the values that .env.example gives to the names with this prefix."""
    found = re.findall(rf"^{prefix}(\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    return dict(found)


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline


def _kill_unless_ended(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Take the environment without Doska's settings; name only those that the test gives.

    And that tests may ask as often as they like, and have as little room as they have.
    """
    ours = {f"DOSKA_{name.upper()}" for name in Settings.model_fields}
    others = {name: value for name, value in os.environ.items() if name not in ours}
    freed = {"REQUESTS_A_MINUTE": "0", "FILES_FREE_GB_MIN": "0"}
    given = {"DATA_DIR": str(folder), **freed, **settings}
    return {**others, **{f"DOSKA_{name}": value for name, value in given.items()}}
