"""Bringing the database up to date: hand-written SQL, run by aerich, by one process at a time."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from aerich import Command
from tortoise.context import TortoiseContext

from doska.database import tortoise_config
from doska.settings import Settings

APP = "models"
LOCK = 0x646F736B61  # "doska"
POLL_SECONDS = 0.1
_HERE = Path(__file__).parent


def migrations_folder() -> Path:
    """Find the migrations: in the installed package, or beside the sources."""
    packed = _HERE / "migrations"
    return packed if packed.is_dir() else _HERE.parents[1] / "migrations"


async def migrate(settings: Settings) -> list[str]:
    """Run what has not run yet; gives the names of what was run.

    Holds an advisory lock, polled for: whoever waited inside a statement would keep a snapshot,
    and an index that is built concurrently waits for all snapshots.
    """
    config = _without_timeouts(tortoise_config(settings))
    dsn = config["connections"]["default"]["credentials"]["dsn"]
    connection = await asyncpg.connect(dsn, timeout=settings.acquire_timeout_seconds)
    try:
        while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)  # another process has it
        return await _upgrade(config)
    finally:
        await connection.close()


async def _upgrade(config: dict[str, Any]) -> list[str]:
    async with TortoiseContext():  # of its own: what else this process serves is not touched
        command = Command(tortoise_config=config, app=APP, location=str(migrations_folder()))
        await command.init()
        return list(await command.upgrade(run_in_transaction=True))


def _without_timeouts(config: dict[str, Any]) -> dict[str, Any]:
    """Let migrations take their time; a lock is still not waited for without end."""
    credentials = config["connections"]["default"]["credentials"]
    settings = {**credentials["server_settings"], "statement_timeout": "0"}
    settings["idle_in_transaction_session_timeout"] = "0"
    credentials |= {"server_settings": settings, "command_timeout": None, "minsize": 1}
    return config
