"""Standbys: whether a failover can lose what was acknowledged."""

from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from doska.doctor.findings import Finding, ok, warn

# Without the rights to see the states, there is the setting that decides them.
STANDBYS = """
    select count(*) as count, count(*) filter (where coalesce(sync_state in ('sync', 'quorum'),
            current_setting('synchronous_standby_names') <> '')) as synchronous,
        current_setting('synchronous_commit') in ('off', 'local') as is_not_awaited
    from pg_stat_replication where application_name <> 'pg_basebackup'"""


@dataclass(frozen=True)
class Standbys:
    """How many there are, and how many of them each commit waits for."""

    count: int = 0
    synchronous: int = 0


async def read_standbys(connection: asyncpg.Connection) -> Standbys:
    """Read it from the primary."""
    row = await connection.fetchrow(STANDBYS)
    return Standbys(row["count"], 0 if row["is_not_awaited"] else row["synchronous"])


def judge_standbys(found: Standbys) -> Iterator[Finding]:
    """Report what that means; nothing where there are none."""
    if not found.count:
        return
    if found.synchronous:
        yield ok("standbys", f"commits wait for {found.synchronous} of {found.count}")
        return
    text = (
        f"no commit waits for any of {found.count}: a failover can lose changes that were confirmed"
    )
    yield warn(
        "standbys", text, "set synchronous_standby_names, or Patroni's synchronous_mode: true"
    )
