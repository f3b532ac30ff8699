"""Endpoints: is the service alive, and can it work."""

import asyncpg

from doska.database import fetch_row
from doska.errors import Unavailable
from doska.identity.access import Public
from doska.routing import Router
from doska.schemas import Out

health = Router(prefix="/health", tags=["service"], dependencies=[Public])


class Health(Out):
    """How the service is."""

    status: str


@health.get("/live")
async def is_alive() -> Health:
    """Tell whether the process answers.

    Asks nothing of the database: restart the process when this fails.
    """
    return Health(status="ok")


@health.get("/ready")
async def is_ready() -> Health:
    """Tell whether requests can be served.

    Asks the database; 503 while it is away: send requests elsewhere, do not restart.
    """
    try:
        await fetch_row("select count(*) from aerich")
    except asyncpg.UndefinedTableError:
        raise Unavailable("The database has no tables yet: doska migrate makes them.") from None
    return Health(status="ok")
