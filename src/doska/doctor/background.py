"""Background work: whether it is being done, and what has failed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import asyncpg

from doska.doctor.findings import Finding, ok, warn, wrong

FAILED_JOBS = """
    select count(*) as count, min(name || ': ' || error) as example from jobs
    where run_at = 'infinity'"""
LATE_JOBS = "select count(*) from jobs where run_at < now() - interval '5 minutes'"
JOBS_AGAIN = "update jobs set run_at = now(), attempts = 0 where run_at = 'infinity'"
FAILING = """
    select count(*) as count, min(name || ': ' || error) as example from followers
    where error is not null"""
BEHIND = """
    select count(*) from followers f join boards b on b.id = f.board_id and f.seq < b.seq
    where f.error is null and (select e.at from events e
        where e.board_id = f.board_id and e.seq > f.seq order by e.seq limit 1)
            < now() - interval '5 minutes'"""
FOLLOW_NOW = "update followers set retry_at = null, attempts = 0"
START = "DOSKA_BACKGROUND=true, or run doska work"


@dataclass(frozen=True)
class Background:
    """How many jobs and followers have failed, with an example, and how many are late."""

    failed_jobs: tuple[int, str] = (0, "")
    late_jobs: int = 0
    failing_followers: tuple[int, str] = (0, "")
    late_followers: int = 0


async def read_background(
    connection: asyncpg.Connection, readable_tables: Collection[str]
) -> Background:
    """Read it from a database; one of an older release has fewer tables."""
    jobs, followers = (0, ""), (0, "")
    late_jobs = late_followers = 0
    if "jobs" in readable_tables:
        jobs = tuple(await connection.fetchrow(FAILED_JOBS))
        late_jobs = await connection.fetchval(LATE_JOBS)
    if "followers" in readable_tables:
        followers = tuple(await connection.fetchrow(FAILING))
        late_followers = await connection.fetchval(BEHIND)
    return Background(jobs, late_jobs, followers, late_followers)


def judge_background(found: Background) -> Iterator[Finding]:
    """Report what that means."""
    yield _jobs(found)
    yield _followers(found)


def _jobs(found: Background) -> Finding:
    count, example = found.failed_jobs
    if count:
        text = f"{count} failed too often to be tried again ({example})"
        return wrong("jobs", text, f"see the log for why; once fixed: {JOBS_AGAIN}")
    if found.late_jobs:
        text = f"{found.late_jobs} have waited for more than 5 minutes"
        return warn("jobs", text, START)
    return ok("jobs", "none waits")


def _followers(found: Background) -> Finding:
    count, example = found.failing_followers
    if count:
        text = f"what follows from events fails on {count} boards ({example})"
        return wrong("followers", text, f"see the log for why; once fixed, or wait: {FOLLOW_NOW}")
    if found.late_followers:
        text = f"events on {found.late_followers} boards have waited for more than 5 minutes"
        return warn("followers", text, START)
    return ok("followers", "none is behind")
