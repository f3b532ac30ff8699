"""Endpoints: is the service alive, and can it work."""

import asyncio
from typing import Annotated

import asyncpg
from fastapi import Depends, Request

from doska.errors import Unavailable
from doska.http.parameters import any_query
from doska.http.routing import Router
from doska.identity.access import Public
from doska.postgres.database import fetch_row
from doska.postgres.migration import APPLIED, NO_TABLES, newer, older
from doska.schemas import Out

ANSWER_SECONDS = 1.5  # whoever asks this does not wait long for the response
TOO_LONG = "The database takes too long to answer."
TAKES_NO_CHANGES = "The database takes no changes: it is a standby, or set to be read only."
QUESTION = f"""select array({APPLIED}) as applied,
    current_setting('transaction_read_only')::bool as is_read_only"""

health = Router(prefix="/health", tags=["service"], dependencies=[Public])


class Health(Out):
    """The health of the service."""

    status: str


class Readiness:
    """What the database reports about itself: queried by one at a time, however many ask.

    The question needs no authentication, so it must not be a way to keep the database busy; and
    while the database hangs, it blocks one connection and not all.
    """

    def __init__(self) -> None:
        self._asking: asyncio.Task[str | None] | None = None

    async def complaint(self) -> str | None:
        """Say why requests cannot be served, or nothing."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(_ask())
            self._asking.add_done_callback(_forget)
        done, _ = await asyncio.wait({self._asking}, timeout=ANSWER_SECONDS)
        return await self._asking if done else TOO_LONG


def _forget(asking: asyncio.Task[str | None]) -> None:
    """Retrieve an error that nobody waits for any more; otherwise asyncio would complain."""
    if not asking.cancelled():
        asking.exception()


async def _ask() -> str | None:
    try:
        row = await fetch_row(QUESTION)
    except TimeoutError:  # for a connection, already
        return TOO_LONG
    except asyncpg.UndefinedTableError:
        return NO_TABLES
    except asyncpg.InsufficientPrivilegeError:
        return "The database refuses what we ask of it: doska doctor says more."
    if row and row["is_read_only"]:
        return TAKES_NO_CHANGES
    applied = row["applied"] if row else ()
    return newer(applied) or older(applied) if applied else NO_TABLES


def _readiness(request: Request) -> Readiness:
    found: Readiness = request.app.state.readiness
    return found


@health.get("/live")
@any_query
async def is_alive() -> Health:
    """Check whether the process responds.

    Does not use the database: restart the process when this fails.
    """
    return Health(status="ok")


@health.get("/ready")
@any_query
async def is_ready(readiness: Annotated[Readiness, Depends(_readiness)]) -> Health:
    """Check whether requests can be served.

    Uses the database: 503 while it is unreachable, hangs, or does not have this release's schema.
    Send requests elsewhere then; a restart does not help.
    """
    if complaint := await readiness.complaint():
        raise Unavailable(complaint)
    return Health(status="ok")
