"""Failed passwords, counted in PostgreSQL, where all processes see them.

Two counters determine when the next attempt is allowed: one for login and source together, one for
the source and all logins. None is for a login alone, or anybody could lock its owner out. From some
failures on, each doubles the source's wait.

Nothing here depends on whether the account exists: logins are identified by a digest of what was
typed, normalized as for the lookup, with a key, so that the table contains no names, and no
passwords typed into the wrong field.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, ClassVar

from doska.errors import TooManyRequests
from doska.http.telemetry import Event, audit
from doska.postgres.database import fetch_row, json_of, numbered
from doska.preparing import login_key
from doska.settings import Settings

DIGEST_BYTES = 16
DOUBLINGS_MAX = 30
FORGIVEN_SECONDS = 180  # a source's counter forgets one failure in this time: an office shares it

Counts = dict[str, tuple[int, float]]  # by counter, login and source: failures, seconds since

# A time in the future was written before somebody set the clock back.
_EXPIRED = "last_at not between now() - interval '1 day' and now() + interval '1 hour'"


class TooManyAttempts(TooManyRequests):
    """Too many attempts: wait before the next one."""

    example: ClassVar[dict[str, Any]] = {}


def _counts(rows: str) -> str:
    return f"""(
        select coalesce(json_object_agg(
            case f.login when '' then 'source' else 'login' end,
            json_build_array(f.failures, extract(epoch from now() - f.last_at))), '{{}}')
        from {rows})"""


# An expression for the number of previous failures.
COUNTS = _counts(f"""login_failures f
        where f.source = :source::text and f.login in (:login::text, '') and not f.{_EXPIRED}""")

# Everybody locks the source's row before the login's, so that there are no deadlocks.
_COUNT = numbered(f"""
    with f as (
        insert into login_failures as k (source, login, failures, last_at)
        values (:source::text, '', 1, now()), (:source, :login::text, 1, now())
        on conflict (source, login) do update set last_at = excluded.last_at,
            failures = 1 + case
                when k.{_EXPIRED} then 0
                when k.login = '' then greatest(0, k.failures - greatest(0,
                    floor(extract(epoch from now() - k.last_at) / {FORGIVEN_SECONDS})::int))
                else k.failures end
        returning login, failures, last_at)
    select {_counts("f")}""")

_CLEAR = numbered(f"""
    with cleared as (
        delete from login_failures
        where source = :source and login = :login and failures <= :forgiven::int)
    select {COUNTS}""")

# A separate statement: one that counts must not hold rows that others count in.
_SWEEP = """
    delete from login_failures where ctid = any(array(
        select o.ctid from login_failures o where o.last_at < now() - interval '1 day'
        order by o.last_at limit 2 for update skip locked))"""


class Limits:
    """What the settings allow, and the key of the digests."""

    def __init__(self, key: str, settings: Settings) -> None:
        self._key = hashlib.sha256(key.encode()).digest()
        self._wait_max = settings.sign_in_wait_seconds_max
        self.free = {
            "login": settings.sign_in_failures_max,
            "source": settings.sign_in_failures_per_source_max,
        }

    def digest(self, kind: str, name: str) -> str:
        """Digest a name: distinguishable, but not readable."""
        named = f"{kind}:{login_key(name)}".encode()
        return hashlib.blake2b(named, key=self._key, digest_size=DIGEST_BYTES).hexdigest()

    def is_used_up(self, counter: str, failures: int) -> bool:
        """Return whether so many failures require a wait."""
        return failures >= self.free[counter]

    def wait_seconds(self, counter: str, failures: int, seconds_since: float) -> float:
        """Compute how long the next attempt must wait."""
        if not self.is_used_up(counter, failures):
            return 0
        doublings = min(failures - self.free[counter], DOUBLINGS_MAX)
        return min(2.0**doublings, self._wait_max) - seconds_since


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who tries a password, and from where."""

    limits: Limits
    source: str

    def trial(self, kind: Event, name: str) -> "Trial":
        """Prepare for trying a password for a login."""
        return Trial(self, kind, self.limits.digest(kind, name))


@dataclass
class Trial:
    """A password being tried. It is checked before it is hashed, and again afterwards.

    Otherwise all concurrent attempts would be answered, however many, before the first one counts.
    """

    attempt: Attempt
    kind: Event
    login: str  # its digest
    user_id: str | None = None
    before: Counts = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """Return the values that COUNTS needs."""
        return {"source": self.attempt.source, "login": self.login}

    def begin(self, user_id: str | None, counts: str) -> None:
        """Check by COUNTS whether a password may be tried now; TooManyAttempts if not."""
        self.user_id, self.before = user_id, json_of(counts)
        self._allow(self.before, "too many failures")

    async def fail(self, reason: str) -> None:
        """Count a failure; TooManyAttempts if others have used up the free attempts meanwhile."""
        counts = await self._ask(_COUNT)
        await fetch_row(_SWEEP)
        self._judge_again(counts, own=1)
        self.audit("failed", reason=reason)

    async def succeed(self) -> None:
        """Reset the failures of this login from here; TooManyAttempts as above."""
        known, _ = self.before.get("login", (0, 0))
        forgiven = max(known, self.attempt.limits.free["login"] - 1)
        self._judge_again(await self._ask(_CLEAR, forgiven=forgiven), own=0)

    def audit(self, outcome: str, reason: str) -> None:
        """Log the result; a success is logged by the caller."""
        audit(self.kind, outcome=outcome, reason=reason, user=self.user_id)

    async def _ask(self, statement: tuple[str, tuple[str, ...]], **more: Any) -> Counts:
        (sql, names), values = statement, {**self.values, **more}
        row = await fetch_row(sql, *(values[name] for name in names))
        counts: Counts = json_of(row[0]) if row else {}
        return counts

    def _judge_again(self, counts: Counts, own: int) -> None:
        """Check the failures of others that came in between."""
        used_up = self.attempt.limits.is_used_up
        between = {
            counter: (failures, seconds)
            for counter, (failures, seconds) in counts.items()
            if failures - own > self.before.get(counter, (0, 0))[0]
            and used_up(counter, failures - own)
        }
        self._allow(between, "too many at once")

    def _allow(self, counts: Counts, reason: str) -> None:
        limits = self.attempt.limits
        waits = [limits.wait_seconds(counter, *count) for counter, count in counts.items()]
        if (longest := max(waits, default=0)) > 0:
            self.audit("held_back", reason=reason)
            raise TooManyAttempts.in_seconds(longest)
