"""The job that carries out an import.

A worker takes the import for a while, and says again and again that it still has it. If the worker
dies, the next one begins anew: nothing is written before everything is.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

import asyncpg
from pydantic_core import to_json

from doska.background.jobs import Handlers
from doska.boards.limits import Limits
from doska.doors.carrying import FINISH, Cancelled, Run
from doska.doors.errors import ImportTooHeavy
from doska.doors.models import ImportStatus
from doska.errors import DoskaError, InternalError
from doska.files.store import Store
from doska.http.telemetry import described, log
from doska.postgres.database import fetch_row, transaction
from doska.postgres.errors import BUSY, LOST
from doska.settings import Settings

RUN = "import.run"
LEASE_SECONDS, BEAT_SECONDS = 30, 3.0
ATTEMPTS_MAX = 3
TURN = 0x646F736B62  # an advisory lock, for a moment

_TAKE = f"""
    update imports x set attempts = attempts + 1, status = '{ImportStatus.READING}',
        taken_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
    where id = $1 and finished_at is null
      and (taken_until is null or taken_until < clock_timestamp())
      and $2 > (select count(*) from imports o where o.id <> $1 and o.finished_at is null
          and o.taken_until > clock_timestamp())
    returning id::text, user_id::text, session_id::text, format, is_dry_run, options,
        file_id::text, file_bytes, attempts,
        (select s.token_hash from sessions s where s.id = x.session_id) as token_hash"""
_IS_OPEN = "select 1 from imports where id = $1 and finished_at is null"
_BEAT = f"""
    update imports set taken_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
    where id = $1 and finished_at is null returning 1"""
_RELEASE = "update imports set taken_until = null where id = $1 returning 1"


async def run_import(
    store: Store, settings: Settings, limits: Limits, payload: dict[str, Any]
) -> float | None:
    """Carry out one import; returns after how many seconds to look again, if it has to wait."""
    taken = await _take(payload["import_id"], settings.imports_at_once_max)
    if taken is None:
        is_open = await fetch_row(_IS_OPEN, payload["import_id"])
        return 1.0 if is_open else None
    if taken["attempts"] > ATTEMPTS_MAX:
        await _fail(store, taken, ImportTooHeavy())
        return None
    work = asyncio.ensure_future(Run(store, settings, limits, taken).run())
    try:
        await _watch(taken["id"], work)
    except Cancelled:
        pass
    except DoskaError as error:
        await _fail(store, taken, error)
    except (*LOST, *BUSY):
        await fetch_row(_RELEASE, taken["id"])
        raise  # to be tried again
    except Exception as error:  # noqa: BLE001  # a bug: whatever it is, the others go on
        log.error("import failed", **described(error))
        await _fail(store, taken, InternalError())
    return None


async def _take(import_id: str, at_once_max: int) -> asyncpg.Record | None:
    async with transaction() as connection:
        await connection.execute("select pg_advisory_xact_lock($1)", TURN)
        return await connection.fetchrow(_TAKE, import_id, at_once_max)


async def _watch(import_id: str, work: "asyncio.Future[None]") -> None:
    """Wait for the work; say that it is alive, and end it if it is not wanted any more."""
    try:
        while True:
            done, _ = await asyncio.wait([work], timeout=BEAT_SECONDS)
            if done:
                return work.result()
            if await fetch_row(_BEAT, import_id) is None:
                raise Cancelled
    finally:
        if not work.done():
            work.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await work


async def _fail(store: Store, taken: asyncpg.Record, error: DoskaError) -> None:
    """Say why; nothing of the file is in it, nor what a bug has to say."""
    problem = error.document(taken["id"])
    text = to_json(problem).decode()
    found = await fetch_row(FINISH, taken["id"], ImportStatus.FAILED, None, text, 0)
    if found is not None and taken["file_id"]:
        await store.remove(taken["file_id"])


def handlers(store: Store, settings: Settings, limits: Limits) -> Handlers:
    """Return the handler of this feature's job."""
    return {RUN: partial(run_import, store, settings, limits)}
