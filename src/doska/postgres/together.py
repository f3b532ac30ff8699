"""Reading and writing in one statement with whoever wants the same at this moment."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import asyncpg

from doska.postgres.database import fetch_row, fetch_rows, lent, pool_in_use
from doska.postgres.errors import is_of_all
from doska.postgres.gathering import NUMBER, Gathering, Lists, Row, Values, by_number

Several: TypeAlias = Callable[[Lists], str]  # writes a statement for several from its lists


async def fetch_together(sql: str, *values: Any) -> asyncpg.Record | None:
    """Read one row as ``fetch_row`` does; it may have a column ``NUMBER`` more.

    For what takes no longer than others of the same kind: who comes meanwhile waits for it.
    """
    return await (await _gathering(sql, _Reading)).ask(values)


async def write_together(sql: str, several: Several, *values: Any) -> asyncpg.Record | None:
    """Run a statement that commits by itself; None if it has done nothing.

    ``several`` writes one that returns a row, with its ``NUMBER``, for each for whom it did something.
    If one cannot be done because of its values, nothing is, and each is done alone.
    """
    return await (await _gathering(sql, lambda sql: _Writing(sql, several))).ask(values)


async def _gathering(sql: str, kind: "Callable[[str], _Statement]") -> Gathering:
    lines = (await pool_in_use()).gatherings
    if (found := lines.get(sql)) is None:
        statement = kind(sql)
        found = lines[sql] = Gathering(statement.alone, statement.together, is_of_all)
    return found


class _Statement:
    """One statement, and the same for several."""

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._lists: Lists | None = None
        self._for_several = ""

    async def alone(self, values: Values) -> Row:
        raise NotImplementedError

    async def together(self, several: Sequence[Values]) -> list[Row]:
        """Give a row, or None, for each."""
        lists = await self._known_lists()
        rows = await self._fetch(*lists.of(several))
        return by_number(rows, len(several))

    async def _known_lists(self) -> Lists:
        """Ask PostgreSQL once of what types the values are."""
        if self._lists is None:
            async with lent() as connection:
                prepared = await connection.prepare(self._sql)
                kinds = [parameter.name for parameter in prepared.get_parameters()]
            self._lists = Lists(kinds)
            self._for_several = self._written(self._lists)
        return self._lists

    def _written(self, lists: Lists) -> str:
        raise NotImplementedError

    async def _fetch(self, *values: Any) -> Any:
        raise NotImplementedError


class _Reading(_Statement):
    async def alone(self, values: Values) -> Row:
        return await fetch_row(self._sql, *values)

    def _written(self, lists: Lists) -> str:
        one = lists.within(self._sql, "asked")
        return f"select q.*, asked.{NUMBER} from {lists.rows} asked cross join lateral ({one}) q"

    async def _fetch(self, *values: Any) -> Any:
        return await fetch_rows(self._for_several, *values)


class _Writing(_Statement):
    def __init__(self, sql: str, several: Several) -> None:
        super().__init__(sql)
        self._several = several

    async def alone(self, values: Values) -> Row:
        async with lent() as connection:
            return await connection.fetchrow(self._sql, *values)

    def _written(self, lists: Lists) -> str:
        return self._several(lists)

    async def _fetch(self, *values: Any) -> Any:
        async with lent() as connection:
            return await connection.fetch(self._for_several, *values)
