"""Bringing the database up to date: hand-written SQL, run by aerich, by one process at a time."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from aerich import Command
from tortoise.context import TortoiseContext

from doska.postgres.backfill import fill_username_keys
from doska.postgres.database import tortoise_config
from doska.postgres.hosts import connect
from doska.settings import Settings

APP = "models"
LOCK = 0x646F736B61  # "doska"
POLL_SECONDS = 0.1
APPLIED = f"select version from aerich where app = '{APP}' order by id"
NO_TABLES = "The database has no tables yet: doska migrate creates them."
_PACKAGE = Path(__file__).parents[1]


class NewerDatabase(Exception):  # the name says enough
    """The database knows migrations that this program does not; the message names them."""


def migrations_folder() -> Path:
    """Find the migrations: in the installed package, or beside the sources."""
    packed = _PACKAGE / "migrations"
    return packed if packed.is_dir() else _PACKAGE.parents[1] / "migrations"


@cache
def known_migrations() -> tuple[str, ...]:
    """List this program's migrations in order."""
    found = [path.name for path in (migrations_folder() / APP).glob("*_*.py")]
    return tuple(sorted(found, key=_number))


def newer(applied: Collection[str]) -> str | None:
    """Say that a database is newer than this program, if it is."""
    if unknown := [name for name in applied if name not in known_migrations()]:
        found = f"The database is newer than this program: it has {', '.join(unknown)}."
        return f"{found} Run the release that knows it, or roll back with that release: doska migrate --to."
    return None


def older(applied: Collection[str]) -> str | None:
    """Say that a database is older than this program, if it is."""
    if missing := [name for name in known_migrations() if name not in applied]:
        found = f"The database is older than this program: it lacks {', '.join(missing)}"
        return f"{found}; doska migrate brings it up to date."
    return None


async def migrate(settings: Settings) -> list[str]:
    """Run the pending migrations; returns their names."""
    async with _alone(settings) as (connection, command):
        done = list(await command.upgrade(run_in_transaction=True))
        await fill_username_keys(connection)
        return done


async def go_back(settings: Settings, number: int) -> list[str]:
    """Roll back the migrations after this number; what they added to the data is lost."""
    async with _alone(settings) as (connection, command):
        applied = [row["version"] for row in await connection.fetch(APPLIED)]
        if complaint := newer(applied):
            raise NewerDatabase(complaint)
        later = [found for found in map(_number, applied) if found > number]
        return list(await command.downgrade(version=min(later), delete=False)) if later else []


def _number(name: str) -> int:
    return int(name.partition("_")[0])


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[tuple[asyncpg.Connection, Command]]:
    """Migrate as the only one.

    Holds an advisory lock, polled for: waiting inside a statement would keep a snapshot, and an
    index that is built concurrently waits for all snapshots.
    """
    direct = settings.direct_database_url or settings.database_url
    settings = settings.model_copy(update={"database_url": direct})  # a lock is of a session
    config = _without_timeouts(tortoise_config(settings))
    dsn = config["connections"]["default"]["credentials"]["dsn"]
    connection = await connect(dsn, timeout=settings.acquire_timeout_seconds)
    try:
        while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)  # another process has it
        async with TortoiseContext():  # separate: what else this process serves is not touched
            command = Command(tortoise_config=config, app=APP, location=str(migrations_folder()))
            await command.init()
            yield connection, command
    finally:
        await connection.close()


def _without_timeouts(config: dict[str, Any]) -> dict[str, Any]:
    """Let migrations take their time; waiting for a lock is still bounded."""
    credentials = config["connections"]["default"]["credentials"]
    settings = {**credentials["server_settings"], "statement_timeout": "0"}
    settings["idle_in_transaction_session_timeout"] = "0"
    credentials |= {"server_settings": settings, "command_timeout": None, "minsize": 1}
    return config
