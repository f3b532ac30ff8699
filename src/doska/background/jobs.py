"""Jobs: work that is done outside of requests, by every serving process; rows of ``jobs``.

The transaction that needs something done inserts the job: it is done if and only if that commits. A
worker leases a job; if the worker dies, the next one takes it when the lease is over. So a handler
must tolerate being run twice, also concurrently.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

import asyncpg
from pydantic_core import to_json

from doska.background.worker import SOON_SECONDS, Worker
from doska.http.telemetry import asking, behind_requests, described, log
from doska.postgres.database import Connection, fetch_row, json_of
from doska.postgres.errors import BUSY, DATABASE_ERRORS, LOST
from doska.schemas import new_id

# Given the payload, does some of the work, for a few seconds at most. Returns after how many
# seconds to continue; None: all is done.
Handler = Callable[[dict[str, Any]], Awaitable[float | None]]
Handlers = Mapping[str, Handler]

LEASE_SECONDS = 15
DELAY_SECONDS_MIN, DELAY_SECONDS_MAX = 10, 6 * 3600
ATTEMPTS_MAX = 15  # in about a day; then it is kept, and the doctor reports it

# A job that is requested again while it runs, runs once more: ``run_at`` distinguishes them.
_ASK = """
    insert into jobs as j (id, name, key, payload, run_at)
    values ($1, $2, $3, $4::jsonb, clock_timestamp() + $5 * interval '1 second')
    on conflict (name, key) where run_at < 'infinity'
        do update set payload = excluded.payload, run_at = excluded.run_at"""

_TAKE = f"""
    update jobs set attempts = attempts + 1,
        taken_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
    where id = (
        select o.id from jobs o where o.run_at <= clock_timestamp() and o.name = any($1::text[])
            and (o.taken_until is null or o.taken_until < clock_timestamp())
        order by o.run_at limit 1 for update skip locked)
    returning id, name, payload, run_at, attempts"""

_FINISH = "delete from jobs where id = $1 and run_at = $2 returning id"
_RELEASE = """
    update jobs set taken_until = null, attempts = 0,
        run_at = case when run_at = $2 then clock_timestamp() + $3 * interval '1 second'
            else run_at end
    where id = $1"""
_FAIL = """
    update jobs set taken_until = null, error = $2,
        run_at = case when $3 then 'infinity'
            else clock_timestamp() + $4 * interval '1 second' end
    where id = $1"""


async def ask_for(
    connection: Connection, name: str, key: str, payload: dict[str, Any], *, in_seconds: float = 0
) -> None:
    """Have something done once this transaction has committed; once, however often requested."""
    text = to_json({"asked": asking(), **payload}).decode()
    await connection.execute(_ASK, new_id(), name, key, text, in_seconds)


async def run_next(handlers: Handlers) -> bool:
    """Do the next job that is due; returns whether there was one."""
    job = await fetch_row(_TAKE, list(handlers))
    if job is None:
        return False
    if job["attempts"] > ATTEMPTS_MAX:  # it has always ended the process before it could fail
        await _fail(job, "it ends the process")
        return True
    payload = json_of(job["payload"])
    try:
        with behind_requests(job["id"], payload["asked"]):
            again = await handlers[job["name"]](payload)
    except (*LOST, *BUSY):
        with suppress(*DATABASE_ERRORS):  # otherwise its lease runs out
            await fetch_row(_RELEASE, job["id"], job["run_at"], SOON_SECONDS)
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is: the others go on
        log.error("job failed", job=job["name"], attempt=job["attempts"], **described(error))
        await _fail(job, type(error).__name__)
    else:
        if again is not None or not await fetch_row(_FINISH, job["id"], job["run_at"]):
            await fetch_row(_RELEASE, job["id"], job["run_at"], again or 0.0)
    return True


async def _fail(job: asyncpg.Record, error: str) -> None:
    delay = min(DELAY_SECONDS_MIN * 2 ** (job["attempts"] - 1), DELAY_SECONDS_MAX)
    await fetch_row(_FAIL, job["id"], error, job["attempts"] >= ATTEMPTS_MAX, float(delay))


class Jobs(Worker):
    """Works off the jobs that are due."""

    every_seconds: ClassVar[float] = 2.0  # for what others have requested

    def __init__(self, handlers: Handlers) -> None:
        super().__init__()
        self._handlers = handlers

    async def work_off(self) -> None:
        """Do all jobs that are due."""
        while not self._is_ending and await run_next(self._handlers):
            pass


class Patience:
    """How long a handler may go on before others get a turn."""

    seconds: ClassVar[float] = 5.0

    def __init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        """Whether it is time to stop."""
        return time.monotonic() > self._end
