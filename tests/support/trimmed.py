"""Logs whose beginnings are old, and what trims them."""

from typing import Any

import asyncpg

from api import Api, Json
from doska.boards import trimming

DAYS = 30
AGED = """update events set at = at - interval '31 days'
    where board_id = $1 and seq <= coalesce($2::bigint, seq)"""


def id_of(board: Json | str) -> str:
    return board if isinstance(board, str) else str(board["id"])


async def age(db: asyncpg.Connection, board: Json | str, until: int | None = None) -> None:
    """Let events be older than they are kept: all, or those up to one."""
    await db.execute(AGED, id_of(board), until)


async def trim(api: Api, **given: Any) -> float:
    """Do what is done at night; returns after how many seconds to go on."""
    settings = api.app.state.settings.model_copy(update={"history_days": DAYS, **given})
    seconds = await trimming.handlers(settings)[trimming.NIGHTLY]({})
    assert seconds is not None
    return seconds


async def trimmed(
    api: Api, db: asyncpg.Connection, board: Json | str, until: int | None = None
) -> None:
    """Age a log, and trim it."""
    await age(db, board, until)
    assert await trim(api) > 0


async def kept(db: asyncpg.Connection, board: Json | str) -> list[int]:
    """Read which events a log has."""
    sql = "select array(select seq from events where board_id = $1 order by seq)"
    found: list[int] = await db.fetchval(sql, id_of(board))
    return found
