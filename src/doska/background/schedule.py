"""Jobs that are done again and again: what asks for them, should nobody have done so yet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from doska.background.worker import Worker
from doska.postgres.database import fetch_row
from doska.schemas import new_id

NIGHT_HOUR = 3  # UTC

_ASK_ONCE = """
    insert into jobs (id, name, key, payload, run_at)
    values ($1, $2, $2, '{"asked": {}}', clock_timestamp() + $3 * interval '1 second')
    on conflict (name, key) where run_at < 'infinity' do nothing"""


def seconds_to_night(now: datetime | None = None) -> float:
    """Return how long it is to the next night; what a nightly job ends with."""
    now = now or datetime.now(UTC)
    night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    if night <= now:
        night += timedelta(days=1)
    return (night - now).total_seconds()


class Schedule(Worker):
    """Asks for nightly jobs. Each is one row that is never finished, only put off."""

    every_seconds: ClassVar[float] = 3600.0

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    async def work_off(self) -> None:
        """Ask for those that nobody has asked for yet, or that were given up."""
        for name in self._names:
            await fetch_row(_ASK_ONCE, new_id(), name, seconds_to_night())
