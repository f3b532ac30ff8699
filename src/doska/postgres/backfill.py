"""What the application fills in after each migration, for rows that another release has written.

Such as a username's key: SQL cannot compute it. So names from before the migration have none, nor
names that an older release writes at the same time; until the next start they are found by SQL's
approximation.
"""

from collections.abc import Iterable
from typing import Any

import asyncpg

from doska.preparing import username_key

AT_ONCE = 1000
TRIES = 5

# Accounts whose name an older account had: it may be free by now.
_ASK_AGAIN = """
    update users set username_key_of = null
    where username_key is null and username_key_of is not null"""
# The older account comes first, and keeps the name.
_WITHOUT = f"""
    select id, username from users
    where username is not null and username_key_of is distinct from username
    order by created_at, id limit {AT_ONCE}"""
_FILL = """
    update users u set username_key_of = g.username, username_key = case when not exists (
            select from users o where o.username_key = g.key and o.username_key_of = o.username
            and o.id <> u.id)
        then g.key end
    from unnest($1::uuid[], $2::text[], $3::text[]) as g (id, username, key)
    where u.id = g.id and u.username = g.username"""


async def fill_username_keys(connection: asyncpg.Connection) -> None:
    """Give each username its key, and none if an older account has it; in steps."""
    await connection.execute(_ASK_AGAIN)
    while rows := await connection.fetch(_WITHOUT):
        await _fill(connection, rows)


async def _fill(connection: asyncpg.Connection, rows: list[Any]) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            await connection.execute(_FILL, *_filled(rows))
        except asyncpg.UniqueViolationError:  # somebody has just registered
            if not tries_left:
                raise
        else:
            return


def _filled(rows: Iterable[Any]) -> tuple[list[Any], list[str], list[str | None]]:
    taken: set[str] = set()
    keys: list[str | None] = []
    for row in rows:
        key = username_key(row["username"])
        keys.append(None if key in taken else key)
        taken.add(key)
    return [row["id"] for row in rows], [row["username"] for row in rows], keys
