"""Sending the statement that writes without a lock, in one with whoever sends the same just then."""

from functools import partial
from typing import Any

import asyncpg

from doska.boards.changes import Group
from doska.boards.statements import (
    Guard,
    Still,
    can_be_several,
    statement,
    statement_for_several,
)
from doska.postgres.database import write_row
from doska.postgres.together import write_together

SMALL = 20_000  # characters of events: those that are longer are written alone


async def send_guarded(
    how: str, values: list[Any], groups: dict[Group, Any], still: Still
) -> asyncpg.Record | None:
    """Write, and commit, if this is still true; None if it is not, and nothing is written.

    The parameters are those of ``statement``.
    """
    kinds = tuple(groups)
    sql = statement(how, kinds, still.guard)
    given = [*values, *groups.values(), *still.listed]
    is_of_one = still.guard is not Guard.SEVERAL
    if is_of_one and can_be_several(how, kinds) and len(values[2]) <= SMALL:
        several = partial(statement_for_several, kinds, still.guard)
        return await write_together(sql, several, *given)
    return await write_row(sql, *given)
