"""Statements that several want at the same time are sent once, for all of them.

While one is under way, those who want the same one wait for it, most for less than a millisecond, and
then go together: PostgreSQL starts one plan and the driver makes one round trip for all, with a row of
values each. It is always begun after all of them have asked, so that each sees whatever had been
committed by then. Nobody waits for one that takes long.
"""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

PATIENCE_SECONDS = 0.005  # with one under way; most take a millisecond or less
TOGETHER_MAX = 25

# Names that no statement uses: of a name that is a column's, too, SQL means the column.
NUMBER = "asked_n"  # of who asked, from 1 on
_VALUE = "asked_"

# Of lists that it knows PostgreSQL expects as many rows as they have, of any others ten: so it would
# plan anew for each group, which takes longer than all else. Of a range it expects one row.
_FEW = f"{NUMBER} between 1 and {TOGETHER_MAX}"

Values: TypeAlias = tuple[Any, ...]
Row: TypeAlias = Any  # asyncpg.Record or None
Waiting: TypeAlias = tuple[Values, "asyncio.Future[Row]"]


class Gathering:
    """Those who want one statement run: ``alone`` runs it for one, ``together`` for several.

    ``together`` gives a row or None for each, in their order. If it fails, each goes alone, unless
    ``is_final`` says that it would meet the same error again, or that nobody knows what was done.
    """

    def __init__(
        self,
        alone: Callable[[Values], Awaitable[Row]],
        together: Callable[[Sequence[Values]], Awaitable[list[Row]]],
        is_final: Callable[[Exception], bool],
    ) -> None:
        self._alone, self._together, self._is_final = alone, together, is_final
        self._waiting: deque[Waiting] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_beginning = False  # in the next turn of the loop
        self._impatience: asyncio.TimerHandle | None = None

    async def ask(self, values: Values) -> Row:
        """Run it for these values, with all who ask for it in the same turn of the loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Row] = loop.create_future()
        if not self._waiting and not self._under_way:
            self._begin()
        elif not self._is_beginning:
            self._begin_soon()
        self._waiting.append((values, future))
        return await future

    def _begin_soon(self) -> None:
        """Let those who wait go beside what is under way, if that takes long."""
        if self._impatience is None:
            loop = asyncio.get_running_loop()
            self._impatience = loop.call_later(PATIENCE_SECONDS, self._begin)

    def _begin(self) -> None:
        """Let those go who wait when the loop turns."""
        if self._impatience:
            self._impatience.cancel()
            self._impatience = None
        self._is_beginning = True
        task = asyncio.create_task(self._run())
        self._under_way.add(task)
        task.add_done_callback(self._go_on)

    def _go_on(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._waiting and not self._is_beginning:
            self._begin()

    def _next(self) -> list[Waiting]:
        group: list[Waiting] = []
        while self._waiting and len(group) < TOGETHER_MAX:
            values, future = self._waiting.popleft()
            if not future.done():  # or they have gone
                group.append((values, future))
        return group

    async def _run(self) -> None:
        self._is_beginning = False
        if not (group := self._next()):
            return
        if self._waiting:  # they were too many for one
            self._begin_soon()
        try:
            for (_, future), found in zip(group, await self._found(group), strict=True):
                _tell(future, found)
        except BaseException as error:
            for _, future in group:
                _tell(future, error)
            if not isinstance(error, Exception):
                raise

    async def _found(self, group: list[Waiting]) -> list[Row]:
        """Give a row, None or an error for each."""
        lists = [values for values, _ in group]
        if len(lists) == 1:  # most: ``gather`` would make a task for it
            return [await self._alone(lists[0])]
        try:
            return await self._together(lists)
        except Exception as error:
            if self._is_final(error):
                raise
        alone = (self._alone(values) for values in lists)
        return await asyncio.gather(*alone, return_exceptions=True)


def _tell(future: asyncio.Future[Row], found: Any) -> None:
    if future.done():
        return
    if isinstance(found, asyncio.CancelledError):
        future.cancel()
    elif isinstance(found, BaseException):
        future.set_exception(found)
    else:
        future.set_result(found)


class Lists:
    """How a statement's values are given for several at once: a list for each parameter.

    ``kinds`` are the types of its parameters. A list of lists is none in SQL, so that where one takes
    a list, each is given as a text.
    """

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self._are_lists = [kind.endswith("[]") for kind in kinds]
        given = ", ".join(
            f"${n}::{'text' if is_list else kind}[]"
            for n, (kind, is_list) in enumerate(zip(kinds, self._are_lists, strict=True), start=1)
        )
        names = ", ".join(f"{_VALUE}{n}" for n in range(1, len(kinds) + 1))
        self.rows = f"""(select * from unnest({given}) with ordinality r({names}, {NUMBER})
            where {_FEW})"""

    def within(self, sql: str, row: str) -> str:
        """Write a statement of one with the columns of a row in place of its parameters."""

        def named(match: re.Match[str]) -> str:
            number = int(match[1])
            cast = f"::{self._kinds[number - 1]}" if self._are_lists[number - 1] else ""
            return f"{row}.{_VALUE}{number}{cast}"

        return re.sub(r"\$(\d+)", named, sql)

    def of(self, several: Sequence[Values]) -> list[list[Any]]:
        """Give the parameters for several."""
        columns = zip(*several, strict=True)
        return [
            [_listed(value) for value in column] if is_list else list(column)
            for is_list, column in zip(self._are_lists, columns, strict=True)
        ]


def _listed(texts: Sequence[str] | None) -> str | None:
    """Write a list as PostgreSQL reads one."""
    if texts is None:
        return None
    quoted = (text.replace("\\", r"\\").replace('"', r"\"") for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def by_number(rows: Sequence[Any], count: int) -> list[Row]:
    """Give each who asked their row, by its ``NUMBER``."""
    found = {row[NUMBER]: row for row in rows}
    return [found.get(n) for n in range(1, count + 1)]
