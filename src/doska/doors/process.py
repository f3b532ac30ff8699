"""The reading process, seen from the server: started for one file, asked, and ended with it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from doska.doors.errors import BY_NAME, BrokenFile, ImportTooHeavy
from doska.errors import DoskaError, LimitReached

MB = 1 << 20
LINE_BYTES_MAX = 16 * MB  # of an answer: a report has at most 2,000 paths
CPU_SECONDS = 60
WAIT_SECONDS = 180.0
END_SECONDS = 5.0
# What it gets beside the way to the modules: nothing of the server's, which has secrets there.
ENVIRONMENT: dict[str, str] = {}


def memory_for(file_bytes: int) -> int:
    """Tell how much address space the process may have; what it uses is about half of it."""
    return 512 * MB + 16 * file_bytes


class Child:
    """A process that is asked one thing after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, what: str, **values: Any) -> dict[str, Any]:
        """Ask, and wait; what is wrong with the file is raised.

        ImportTooHeavy if it has died, or has more to say than a line may have (``readline`` gives a
        ValueError for that).
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018  # both are pipes
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                stdin.write(json.dumps({"do": what, **values}).encode() + b"\n")
                await stdin.drain()
                line = await stdout.readline()
        except (TimeoutError, BrokenPipeError, ConnectionResetError, ValueError):
            raise ImportTooHeavy from None
        if not line:
            raise ImportTooHeavy
        answer = json.loads(line)
        if error := answer.get("error"):
            raise _error(error)
        found: dict[str, Any] = answer["ok"]
        return found


def _error(told: dict[str, Any]) -> DoskaError:
    kind = {**BY_NAME, "LimitReached": LimitReached}.get(told["name"], BrokenFile)
    return kind(told["detail"], **told["more"])


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Let it end by itself: it is asked nothing more."""
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS):
            await process.wait()


@asynccontextmanager
async def reading_process(folder: Path, file_bytes: int) -> AsyncIterator[Child]:
    """Start one; whatever happens, it is gone at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "doska.importing",
        str(folder), str(memory_for(file_bytes)), str(CPU_SECONDS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LINE_BYTES_MAX,
        env={"PYTHONPATH": ":".join(sys.path), **ENVIRONMENT},
    )  # fmt: skip
    try:
        yield Child(process)
        await _ended(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
