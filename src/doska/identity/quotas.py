"""How many requests a user may make, over all sessions and access tokens, in all processes.

PostgreSQL has one row per user: how much of the current window is used. A process takes a part of
it at a time, in one statement, and counts down in memory; so all processes together never allow
more than the limit, and most requests need no statement. What a process does not use of its part is
lost with the window, and others may have to refuse that much too early.

Only a session that the database has just verified draws on a user's quota: anybody can forge an
access token that names somebody else.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil

import asyncpg
from starlette.types import Scope

from doska.errors import TooManyRequests, Unauthenticated
from doska.http.middleware import QUOTA, Header
from doska.http.overload import resting
from doska.identity.access import ASKING, USER, Caller
from doska.postgres.database import fetch_row, numbered

WINDOW_SECONDS = 60
PARTS = 20  # a window's requests are taken in so many parts
USERS_MAX = 10_000  # remembered; for a forgotten user another part is taken

Key = str | bytes  # what identifies a session: its id, or the hash of the access token

# A time further in the future was written before somebody set the clock back.
_IS_OVER = f"k.ends_at not between now() and now() + interval '{2 * WINDOW_SECONDS} seconds'"
_FIRST = "least(:wanted::int, :quota::int)"
_FURTHER = "least(:wanted, greatest(:quota - k.taken, 0))"

_TAKE = numbered(f"""
    insert into request_quotas as k (user_id, ends_at, taken, granted)
    select u.id, now() + interval '{WINDOW_SECONDS} seconds', {_FIRST}, {_FIRST}
    from sessions s cross join {USER} where {ASKING}
    on conflict (user_id) do update set
        ends_at = case when {_IS_OVER} then excluded.ends_at else k.ends_at end,
        taken = case when {_IS_OVER} then {_FIRST} else k.taken + {_FURTHER} end,
        granted = case when {_IS_OVER} then {_FIRST} else {_FURTHER} end
    returning granted, greatest(:quota - taken, 0) as beyond, ends_at,
        extract(epoch from ends_at - now())::float8 as seconds""")


@dataclass(slots=True)
class Lease:
    """What this process may still allow of a user's window."""

    window: object  # its end by the database's clock, which identifies it
    ends_at: float  # its end by our clock, or a little earlier
    left: int = 0
    beyond: int = 0  # what was still free in the database when it was read
    proven: set[Key] = field(default_factory=set)  # the sessions that it is for


class Counted:
    """A request that was counted, as its response reports it."""

    __slots__ = ("_headers", "_key", "_lease")

    def __init__(self, lease: Lease, key: Key, headers: Sequence[Header]) -> None:
        self._lease, self._key, self._headers = lease, key, headers

    def headers(self, status: int) -> Sequence[Header]:
        """Return what is left; nothing for a session that has ended, which can no longer use it."""
        if status == HTTPStatus.UNAUTHORIZED:
            self._lease.proven.discard(self._key)
            return ()
        return self._headers


class Quotas:
    """The leases of this process."""

    def __init__(self, a_minute: int) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self._limit = a_minute
        self._part = ceil(a_minute / PARTS)
        self._policy = b'"user";q=%d;w=%d' % (a_minute, WINDOW_SECONDS)
        self._leases: OrderedDict[str, Lease] = OrderedDict()
        self._asking: dict[Key, asyncio.Task[bool]] = {}

    async def take(self, scope: Scope, caller: Caller) -> None:
        """Count a request; TooManyRequests if none is left, Unauthenticated if not signed in."""
        if not self._limit:
            return
        key = caller.token.hash if caller.token else caller.session_id
        while (lease := self._serving(caller.user_id, key, now := self.clock())) is None:
            if not await self._asked(caller, key):
                raise Unauthenticated("Your session has ended.")
        is_allowed = lease.left > 0
        lease.left -= is_allowed
        seconds = ceil(lease.ends_at - now)
        left = b'"user";r=%d;t=%d' % (lease.left + lease.beyond, seconds)
        headers = ((b"ratelimit-policy", self._policy), (b"ratelimit", left))
        scope[QUOTA] = Counted(lease, key, headers)
        if not is_allowed:
            if caller.token:
                caller.token.proven()
            raise TooManyRequests.in_seconds(seconds, limit=self._limit, of="requests a minute")

    def _serving(self, user_id: str, key: Key, now: float) -> Lease | None:
        """Return the lease for a session; None if the database must be asked."""
        lease = self._leases.get(user_id)
        if lease is None or key not in lease.proven or lease.ends_at <= now:
            return None
        return lease if lease.left or not lease.beyond else None

    async def _asked(self, caller: Caller, key: Key) -> bool:
        """Ask once for all waiting requests of a session; returns whether it is valid.

        There is nothing to do for them meanwhile, so they take no slot.
        """
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.get_running_loop().create_task(self._ask(caller, key))
            self._asking[key] = asking
            asking.add_done_callback(_looked_at)
        with resting():
            return await asyncio.shield(asking)

    async def _ask(self, caller: Caller, key: Key) -> bool:
        try:
            return await self._ask_database(caller, key)
        finally:
            del self._asking[key]  # before it is done: nobody must wait for what is over

    async def _ask_database(self, caller: Caller, key: Key) -> bool:
        asked_at = self.clock()
        known = self._leases.get(caller.user_id)
        is_current = known is not None and known.ends_at > asked_at
        wanted = 0 if known and is_current and known.left else self._part
        sql, names = _TAKE
        values = {**caller.values, "wanted": wanted, "quota": self._limit}
        try:
            row = await fetch_row(sql, *(values[name] for name in names))
        except asyncpg.ForeignKeyViolationError:  # the account is being deleted at this very moment
            return False
        if row is None:
            return False
        self._take_over(caller.user_id, key, row, asked_at + row["seconds"])
        return True

    def _take_over(self, user_id: str, key: Key, row: asyncpg.Record, ends_at: float) -> None:
        lease = self._leases.get(user_id)
        if lease is None or lease.window != row["ends_at"]:
            lease = Lease(row["ends_at"], ends_at)
            self._leases[user_id] = lease
            self._leases.move_to_end(user_id)
            if len(self._leases) > USERS_MAX:
                self._leases.popitem(last=False)
        lease.left += row["granted"]
        lease.beyond = row["beyond"]
        lease.proven.add(key)


def _looked_at(asking: asyncio.Task[bool]) -> None:
    """Ignore an error that no request is waiting for any more."""
    if not asking.cancelled():
        asking.exception()
