"""Sessions and access tokens that have ended: removed a day later.

Every question about them asks for those that are valid, so to have ended and to be gone is the same
to everybody. The day is for clocks that differ.
"""

from typing import Any

from doska.background.jobs import Handlers, Patience
from doska.background.schedule import seconds_to_night
from doska.postgres.database import fetch_row

NIGHTLY = "sessions.sweep-nightly"
SESSIONS_AT_ONCE = 2000  # looked at in one statement
FIRST = "00000000-0000-0000-0000-000000000000"  # before all ids

_SWEEP = """
    with looked as materialized (
        select id, least(revoked_at, expires_at) < now() - interval '1 day' as has_ended
        from sessions where id > $1 order by id limit $2),
    gone as (delete from sessions where id = any(array(select id from looked where has_ended)))
    select max(id::text) from looked"""


class Sweeping:
    """Goes through all sessions, over several turns if need be; where it was is only in memory."""

    def __init__(self) -> None:
        self._after = FIRST

    async def work(self, _: dict[str, Any]) -> float:
        """Sweep for a few seconds; returns 0 if there is more to do, else how long to wait."""
        patience = Patience()
        while (found := await fetch_row(_SWEEP, self._after, SESSIONS_AT_ONCE)) and found[0]:
            self._after = found[0]
            if patience.is_over:
                return 0
        self._after = FIRST
        return seconds_to_night()


def handlers() -> Handlers:
    """Return the handlers of this job."""
    return {NIGHTLY: Sweeping().work}
