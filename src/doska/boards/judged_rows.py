"""A statement that judges, and reads a set of rows besides: in place of one large value.

PostgreSQL makes, sends and frees a value of some hundred kilobytes slower than the same in rows.
"""

from typing import Any

import asyncpg

from doska.boards.access import VISIBLE, Access, Anchor, Judgement, Part, written
from doska.identity.access import ASKING, OF_CALLER, Question
from doska.postgres.database import fetch_rows


class QuestionWithRows(Question):
    """A Question whose statement also reads ``rows``: a select of ``width`` texts.

    It may use what the parts may. They come behind the row of the parts, each in its last columns.
    """

    def __init__(self, joins: str, rows: str, width: int, **parts: str) -> None:
        self._rows, self.width = rows, width
        super().__init__(joins, **parts)

    def _written(self, columns: str, count: int, joins: str) -> str:
        texts, nulls = ", ".join(["null::text"] * self.width), ", ".join(["null"] * count)
        union = f"select {columns}, {texts} union all select {nulls}, n.* from ({self._rows}) n"
        return f"select r.* {OF_CALLER} {joins} cross join lateral ({union}) r where {ASKING}"


class JudgementWithRows(Judgement):
    """A Judgement that also reads ``rows``: a select of ``width`` texts, which may use the same."""

    def __init__(self, anchor: Anchor, rows: Part, width: int, **parts: Part) -> None:
        super().__init__(anchor, **parts)
        self._rows, self._width = rows, width

    def _asking(self, joins: str, parts: dict[str, str]) -> Question:
        rows = f"select * from ({written(self._rows)}) n where {VISIBLE}"
        return QuestionWithRows(joins, rows, self._width, **parts)

    async def ask_for_rows(
        self, access: Access, **values: Any
    ) -> tuple[asyncpg.Record, list[tuple[Any, ...]]]:
        """Judge as ``ask`` does; return the row of parts, and the texts of each of the ``rows``."""
        found: list[asyncpg.Record] = []

        async def fetch(sql: str, *values: Any) -> asyncpg.Record | None:
            found.extend(await fetch_rows(sql, *values))
            return found[0] if found else None

        _, row = await self.ask(access, fetch, **values)
        return row, [record[-self._width :] for record in found[1:]]
