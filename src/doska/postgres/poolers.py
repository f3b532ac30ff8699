"""What a pooler in transaction mode takes away, found out at the start instead of missed later.

Behind one, each transaction may have another session: what was listened to is never heard, a lock
of a session stays behind on a connection of somebody else, and older poolers know no prepared
statements.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg

from doska.postgres.database import Connection, tortoise_config
from doska.postgres.hosts import connect
from doska.settings import Settings

DELIVERY_SECONDS = 5.0  # of a notice, which takes a millisecond
DIRECT = "DOSKA_DIRECT_DATABASE_URL must lead to the database itself"
NO_NOTICES = f"It is a pooler that delivers no notices (in transaction mode): {DIRECT}."
NO_STATEMENTS = (
    "It is a pooler without prepared statements: it must be PgBouncer 1.21 or newer, with "
    "max_prepared_statements above 0."
)
IGNORE = (
    "ignore_startup_parameters = "
    "jit,statement_timeout,lock_timeout,idle_in_transaction_session_timeout"
)
NOT_PREPARED = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
_ASK = "select $1::int"


async def complaint(settings: Settings) -> str | None:
    """Say why Doska would not work by way of a pooler, if there is one; else nothing.

    Raises what the driver does where the database is away, or a standby, which hears nothing.
    """
    try:
        if not await delivers_notices(settings):
            return NO_NOTICES
        if settings.direct_database_url and not await keeps_statements(settings):
            return NO_STATEMENTS
    except asyncpg.ProtocolViolationError as error:
        return f"{str(error).splitlines()[0]}: a pooler needs {IGNORE}."
    return None


async def delivers_notices(settings: Settings) -> bool:
    """Tell whether a notice arrives that another connection sends."""
    arrived = asyncio.Event()
    channel = f"doska_{uuid4().hex}"
    async with _connected(settings, settings.direct_url, statement_cache_size=0) as (one, other):
        await one.add_listener(channel, lambda *_: arrived.set())
        await other.execute(f"notify {channel}")
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                await arrived.wait()
        except TimeoutError:
            return False
    return True


async def keeps_statements(settings: Settings) -> bool:
    """Tell whether what was prepared is there in the next transaction, whoever runs it."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    options = _pool_options(settings)
    try:
        async with _connected(settings, url, **options) as (one, other):
            await one.fetchval(_ASK, 1)
            async with other.transaction():  # which has the session that was just given back
                await other.fetchval(_ASK, 1)
                await one.fetchval(_ASK, 1)
    except NOT_PREPARED:
        return False
    return True


def _pool_options(settings: Settings) -> dict[str, Any]:
    credentials = tortoise_config(settings)["connections"]["default"]["credentials"]
    return {"server_settings": credentials["server_settings"]}


@asynccontextmanager
async def _connected(
    settings: Settings, url: str, **options: Any
) -> AsyncIterator[tuple[Connection, Connection]]:
    seconds = settings.acquire_timeout_seconds
    async with AsyncExitStack() as opened:
        pair = []
        for _ in range(2):
            connection = await connect(url, timeout=seconds, command_timeout=seconds, **options)
            opened.push_async_callback(connection.close, timeout=seconds)
            pair.append(connection)
        yield pair[0], pair[1]
