"""The only access to PostgreSQL: Tortoise's pool, transactions that cannot leak it.

Tortoise finds this module as its engine (``client_class``), so that everything it does uses a pool
whose ``acquire`` has a timeout, and transactions that return their connection even when they are
cancelled while they begin.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Protocol, TypeAlias

import asyncpg
from pydantic_core import from_json
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.context import get_current_context

from doska.postgres.commits import held_until_commit
from doska.postgres.errors import GONE, READ_ONLY
from doska.postgres.hosts import connect
from doska.postgres.pool import Pool
from doska.settings import Settings

MODEL_MODULES = [
    "doska.identity.models",
    "doska.boards.models",
    "doska.comments.models",
    "doska.tasks.models",
    "doska.attachments.models",
    "doska.doors.models",
    "aerich.models",
]
APPS = {"models": {"models": MODEL_MODULES, "default_connection": "default"}}
# For `aerich migrate --offline`, which compares the models and connects to nothing.
MODELS = {"connections": {"default": "asyncpg://offline/doska"}, "apps": APPS}

Connection: TypeAlias = Any  # asyncpg.Connection; the driver has no types

# How much later than PostgreSQL's own timeout the driver's is: it is for a silent server only.
PATIENCE_SECONDS = 0.5

CHANNEL = "doska"  # what wakes live streams and followers: they look at the tables then


class SafeTransaction(TransactionContextPooled):
    """A transaction that returns its connection even when BEGIN fails or is cancelled."""

    async def __aenter__(self) -> Any:
        """Begin; if the connection turns out to be dead, once more, as nothing is done yet."""
        await self.ensure_connection()
        pool = self.client._parent._pool  # noqa: SLF001  # no public way to it
        try:
            await self._begin(pool)
        except GONE:
            await pool.expire_connections()
            await self._begin(pool)
        self.token = _connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; if the node takes no writes any more, connect anew from now on."""
        await super().__aexit__(kind, error, trace)
        if isinstance(error, READ_ONLY) or isinstance(getattr(error, "__cause__", None), READ_ONLY):
            await self.client._parent._pool.expire_connections()  # noqa: SLF001

    async def _begin(self, pool: asyncpg.Pool) -> None:
        """Begin; Tortoise's own would never release the pool's slot when interrupted here."""
        connection = await pool.acquire()
        try:
            self.client._connection = connection  # noqa: SLF001
            await self.client.begin()
        except BaseException:
            await asyncio.shield(pool.release(connection))
            raise


class Sender(Protocol):
    """Whoever sends notices after the commit."""

    def tell(self, message: str) -> None:
        """Send it when the open transaction has committed."""


class Client(AsyncpgDBClient):
    """Tortoise's PostgreSQL client over our pool and our transactions."""

    sender: Sender | None = None  # of notices; None: each transaction sends its own

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        """Open the pool; every setting is given here, none is left to a URL's query."""
        options = {**kwargs, "dsn": self.extra["dsn"]}
        acquire_timeout, size_min = options.pop("acquire_timeout"), options.pop("min_size")
        for name in ("host", "port", "user", "password", "database"):
            options.pop(name, None)
        pool = Pool(
            options.pop("dsn"),
            connection_class=options.pop("connection_class"),
            record_class=asyncpg.Record,
            min_size=0,
            max_queries=50_000,
            connect=connect,
            setup=None,
            init=None,
            **options,
        )
        pool.acquire_timeout, pool.size_min = acquire_timeout, size_min
        return await pool

    def _in_transaction(self) -> TransactionContext:
        return SafeTransaction(TransactionWrapper(self), self._pool_init_lock)


client_class = Client


def _connections() -> Any:
    from tortoise.connection import get_connections  # noqa: PLC0415

    return get_connections()


def tortoise_config(settings: Settings) -> dict[str, Any]:
    """Describe the database to Tortoise and aerich."""
    if settings.database_url is None:
        raise ValueError("the database's address is not known yet")
    statement_ms = int(settings.statement_timeout_seconds * 1000)
    credentials = {
        "dsn": settings.database_url.get_secret_value(),
        "minsize": settings.pool_min,
        "maxsize": settings.pool_max,
        "acquire_timeout": settings.acquire_timeout_seconds,
        "timeout": settings.acquire_timeout_seconds,
        "command_timeout": settings.statement_timeout_seconds + PATIENCE_SECONDS,
        "server_settings": {
            "application_name": "doska",
            "timezone": "UTC",
            "jit": "off",
            "statement_timeout": str(statement_ms),
            "lock_timeout": str(int(settings.lock_timeout_seconds * 1000)),
            "idle_in_transaction_session_timeout": str(2 * statement_ms),
        },
    }
    return {
        "connections": {
            "default": {"engine": "doska.postgres.database", "credentials": credentials}
        },
        "apps": APPS,
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def transaction() -> AsyncIterator[Connection]:
    """Run the block as one transaction, including Tortoise's own calls."""
    client = Tortoise.get_connection("default")
    with held_until_commit():
        async with client._in_transaction() as wrapper:  # noqa: SLF001  # what in_transaction() calls
            yield wrapper._connection  # noqa: SLF001


_last: tuple[Any, Pool] | None = None  # Tortoise's context and its pool: it searches for both


async def pool_in_use() -> Pool:
    """Give the pool, which is opened at its first use."""
    global _last  # noqa: PLW0603  # what was found last
    context, loop = get_current_context(), asyncio.get_running_loop()
    if _last and _last[0] is context and _last[1].is_open_in(loop):
        return _last[1]
    client: Any = Tortoise.get_connection("default")
    if client._pool is None:  # noqa: SLF001
        async with client._pool_init_lock:  # noqa: SLF001  # or the first requests open several
            if client._pool is None:  # noqa: SLF001
                await client.create_connection(with_db=True)
    pool: Pool = client._pool  # noqa: SLF001
    _last = context, pool
    return pool


async def fetch_row(sql: str, *values: Any) -> asyncpg.Record | None:
    """Read one row; retried once if the connection turns out to have died meanwhile."""
    return await read_by(await pool_in_use(), Pool.fetchrow, sql, *values)


async def fetch_rows(sql: str, *values: Any) -> Any:
    """Read all rows; retried once in the same case."""
    return await read_by(await pool_in_use(), Pool.fetch, sql, *values)


async def write_row(sql: str, *values: Any) -> asyncpg.Record | None:
    """Run a statement that commits by itself, and gives one row."""
    return await write_by(await pool_in_use(), Pool.fetchrow, sql, *values)


async def write_by(pool: Pool, write: Any, *statement: Any) -> Any:
    """Run a statement that commits by itself; only once, for nobody knows what was done."""
    try:
        return await write(pool, *statement)
    except (*GONE, *READ_ONLY):
        await pool.expire_connections()  # the others are dead, too, or at the same node
        raise


async def read_by(pool: Pool, read: Any, *statement: Any) -> Any:
    """Read; once more if the connection has died."""
    try:
        return await read(pool, *statement)
    except READ_ONLY:
        await pool.expire_connections()  # to look for the node that takes writes
        raise
    except GONE:
        await pool.expire_connections()  # the others will be dead, too
        return await read(pool, *statement)


def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Turn ``:name`` into ``$1``, ``$2``, … and return the names in their order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return re.sub(r"(?<![:\w]):([a-z_]+)\b", number, sql), tuple(names)


def among(column: str, ids: str) -> str:
    """Write that a column is one of the ids of a query, so that its index is used.

    A plain ``in`` is a join, for which PostgreSQL reads whole tables if it expects many ids, and
    always if the condition has an ``or`` beside it.
    """
    return f"{column} = any(array({ids}))"


def json_of(value: str | None) -> Any:
    """Read a json or jsonb column, which the driver hands over as text."""
    return None if value is None else from_json(value)
