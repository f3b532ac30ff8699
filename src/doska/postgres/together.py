"""Reading and writing in one statement with whoever wants the same at this moment."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import asyncpg

from doska.postgres.database import pool_in_use, read_by, write_by
from doska.postgres.errors import is_of_all
from doska.postgres.gathering import NUMBER, Gathering, Lists, Row, Values, by_number
from doska.postgres.pool import Pool

Several: TypeAlias = Callable[[Lists], str]  # writes a statement for several from its lists


async def fetch_together(sql: str, *values: Any) -> asyncpg.Record | None:
    """Read one row as ``fetch_row`` does; it may have a column ``NUMBER`` more.

    For what takes no longer than others of the same kind: who comes meanwhile waits for it.
    """
    pool = await pool_in_use()
    found = pool.gatherings.get(sql) or _new(_Statement(pool, sql, partial(_read, sql), read_by))
    return await found.ask(values)


async def write_together(sql: str, several: Several, *values: Any) -> asyncpg.Record | None:
    """Run a statement that commits by itself; None if it has done nothing.

    ``several`` writes one that returns a row, with its ``NUMBER``, for each for whom it did something.
    If one cannot be done because of its values, nothing is, and each is done alone.
    """
    pool = await pool_in_use()
    found = pool.gatherings.get(sql) or _new(_Statement(pool, sql, several, write_by))
    return await found.ask(values)


def _read(sql: str, lists: Lists) -> str:
    one = lists.within(sql, "asked")
    return f"select q.*, asked.{NUMBER} from {lists.rows} asked cross join lateral ({one}) q"


async def _kinds(pool: Pool, sql: str) -> list[str]:
    async with pool.acquire() as connection:
        prepared = await connection.prepare(sql)
        return [parameter.name for parameter in prepared.get_parameters()]


def _new(statement: "_Statement") -> Gathering:
    found = Gathering(statement.alone, statement.together, is_of_all)
    statement.pool.gatherings[statement.sql] = found
    return found


@dataclass(slots=True)
class _Statement:
    """A statement, how the same is written for several, and how both are run."""

    pool: Pool
    sql: str
    several: Several
    run: Callable[..., Awaitable[Any]]
    _lists: Lists | None = None
    _for_several: str = ""

    def alone(self, values: Values) -> Awaitable[Row]:
        """Run it for one."""
        return self.run(self.pool, Pool.fetchrow, self.sql, *values)

    async def together(self, several: Sequence[Values]) -> list[Row]:
        """Give a row, or None, for each."""
        lists = await self._known_lists()
        rows = await self.run(self.pool, Pool.fetch, self._for_several, *lists.of(several))
        return by_number(rows, len(several))

    async def _known_lists(self) -> Lists:
        """Ask PostgreSQL once of what types the values are."""
        if self._lists is None:
            lists = Lists(await read_by(self.pool, _kinds, self.sql))
            self._for_several, self._lists = self.several(lists), lists
        return self._lists
