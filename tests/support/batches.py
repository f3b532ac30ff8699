"""What tests of batches share: operations by their names, and boards that are compared."""

from typing import Any

import asyncpg
import httpx

from api import Json, Person
from log_board import Rows, counters, is_gap_free, log_of, replayed, stored


def op(name: str, body: Json | None = None, **beside: Any) -> Json:
    """Write one operation."""
    return {"op": name, **beside, **({} if body is None else {"body": body})}


async def send(
    person: Person, board_id: str, *operations: Json, headers: Json | None = None
) -> httpx.Response:
    """Send a batch."""
    path, body = f"/boards/{board_id}/batch", {"operations": list(operations)}
    return await person.send("POST", path, json=body, headers=headers)


async def done(person: Person, board_id: str, *operations: Json) -> Json:
    """Send a batch that succeeds."""
    response = await send(person, board_id, *operations)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    assert len(answer["results"]) == len(operations)
    return answer


Look = tuple[Rows, list[Json], Json]


async def look(db: asyncpg.Connection, board_id: str) -> Look:
    """Look at all that a board has: rows, log and counters."""
    return (
        await stored(db, board_id),
        await log_of(db, board_id),
        await counters(db, board_id),
    )


async def check_log(db: asyncpg.Connection, board_id: str) -> list[Json]:
    """Check that the log tells what is stored, without a gap; give it."""
    rows, events, known = await look(db, board_id)
    assert is_gap_free(events)
    assert replayed(events) == rows
    assert known["seq"] == events[-1]["seq"]
    return events
