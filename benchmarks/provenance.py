"""Where and of what a result is: the commit, the machine's size, the versions."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg

import load

PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "asyncpg", "pydantic")
MEASURED = ("src", "migrations", "benchmarks")
HERE = Path(__file__).parent


def commit() -> str:
    """Name what is measured; a plus where it has been changed since."""
    name = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = _git("status", "--porcelain", "--", *MEASURED, ":!benchmarks/results")
    return f"{name}+" if changed else name


def today() -> str:
    """Give the date."""
    return datetime.now(UTC).date().isoformat()


async def versions(db: asyncpg.Connection) -> dict[str, str]:
    """Tell what runs."""
    packages = {name: version(name) for name in PACKAGES}
    server = await db.fetchval("show server_version")
    return {"Python": platform.python_version(), "PostgreSQL": server, **packages}


def machine() -> dict[str, str | int]:
    """Tell the machine's size."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cores": os.cpu_count() or 0, "memory": f"{memory / 2**30:.0f} GiB", "CPU": _model()}


def others() -> float:
    """Tell how busy the machine has been in the last minute: its load average."""
    return os.getloadavg()[0]


def generator() -> str:
    """Name what sends the load."""
    if load.WRK is None:
        return "benchmarks/generator.py"
    said = subprocess.run([load.WRK, "-v"], capture_output=True, text=True, check=False)
    return " ".join((said.stdout + said.stderr).split()[:2])


def _model() -> str:
    if (facts := Path("/proc/cpuinfo")).exists():
        lines = facts.read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        return names[0] if names else platform.machine()
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str:
    command = ["git", *arguments]  # whichever git is on PATH
    try:
        asked = subprocess.run(
            command, cwd=HERE.parent, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip()
