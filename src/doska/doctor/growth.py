"""How large the log is, and how fast it grows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import asyncpg

from doska.doctor.findings import Finding, ok, warn
from doska.settings import Settings

PAGES_MAX = 2000  # of 8 kB, that are read; of a larger log so many by chance
FOUND_MIN = 100  # events of a week, to tell by them; else of a month, or of all
BYTES_A_YEAR_MUCH = 10 << 30
SIZE = """
    select pg_total_relation_size('events') + pg_total_relation_size('touched_rows') as bytes,
        pg_relation_size('events') / current_setting('block_size')::int as pages"""
SAMPLE = """
    select count(*) filter (where at > now() - interval '7 days') as of_week,
        count(*) filter (where at > now() - interval '30 days') as of_month, count(*) as events,
        extract(epoch from now() - min(at)) / 86400 as days
    from events tablesample system ({percent})"""


@dataclass(frozen=True)
class Growth:
    """The log's size; a part of a large one was looked at, so numbers are about right."""

    bytes: int
    events: int
    events_a_day: float
    when: str  # in which time

    @property
    def bytes_a_day(self) -> float:
        """How much it grows, if events are as large as before."""
        return self.events_a_day * self.bytes / self.events if self.events else 0.0


async def read_growth(
    connection: asyncpg.Connection, readable_tables: Collection[str]
) -> Growth | None:
    """Read it from a database; None if there is no log yet."""
    if not {"events", "touched_rows"} <= {*readable_tables}:
        return None
    size = await connection.fetchrow(SIZE)
    percent = min(100.0, 100.0 * PAGES_MAX / max(1, size["pages"]))
    row = await connection.fetchrow(SAMPLE.format(percent=percent))
    times = (
        ("in the last week", 7.0, row["of_week"]),
        ("in the last month", 30.0, row["of_month"]),
    )
    is_all = percent == 100.0  # noqa: PLR2004  # percent
    enough = (time for time in times if is_all or time[2] >= FOUND_MIN)
    age = max(1.0, float(row["days"] or 0))
    when, days, found = next(enough, ("on average", age, row["events"]))
    whole = 100.0 / percent
    a_day = found * whole / min(days, age)
    return Growth(size["bytes"], round(row["events"] * whole), a_day, when)


def judge_growth(found: Growth | None, settings: Settings) -> Iterator[Finding]:
    """Report it; warn where it would fill a disk."""
    if found is None:
        return
    text = (
        f"{found.events:,} events, {_size(found.bytes)}; {found.when} {found.events_a_day:,.0f} "
        f"a day ({_size(found.bytes_a_day)})"
    )
    if settings.history_days:
        yield ok("log", f"{text}; kept for {settings.history_days} days")
    elif found.bytes_a_day * 365 > BYTES_A_YEAR_MUCH:
        fix = f"DOSKA_HISTORY_DAYS=365, or room for {_size(found.bytes_a_day * 365)} a year"
        yield warn("log", f"{text}; all of it is kept", fix)
    else:
        yield ok("log", f"{text}; all of it is kept")


def _size(count: float) -> str:
    return f"{count / (1 << 30):,.1f} GiB" if count >= 1 << 30 else f"{count / (1 << 20):,.1f} MiB"
