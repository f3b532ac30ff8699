"""How long it takes to see a board as it was ten thousand events ago.

The events are real: moves, new titles and texts of tasks, new titles of subtasks, written through
the API by some connections at once.
"""

import random
import time
from collections.abc import Iterator

import asyncpg
from pydantic_core import from_json, to_json

import duels
import fill
import load
import servers
from report import Row, Target

EVENTS = 10_000
WRITE_SECONDS, WRITE_ROUNDS_MAX = 5, 60
REQUESTS = 20


async def rows(url: str, db: asyncpg.Connection, scene: fill.Scene) -> list[Row]:
    """Write the events on a board of the usual kind, then look back."""
    board, target = scene.aged, Target("≤", 1, "s")
    headers = {"cookie": scene.owner.cookie, "content-type": "application/json"}
    with servers.doska(url) as program:
        last = await _write(db, board, program.port, headers)
        await db.execute("vacuum analyze")
        seconds = [_look_back(program.port, headers, board, last) for _ in range(REQUESTS)]
    return [Row("14", f"the board {EVENTS:,} events ago", target, seconds)]


async def _write(
    db: asyncpg.Connection, board: fill.Board, port: int, headers: load.Headers
) -> int:
    """Change the board until it has enough events; gives the last one's number."""
    steps = [
        str(record[0])
        for record in await db.fetch(
            "select k.id from subtasks k join tasks t on t.id = k.task_id where t.board_id = $1",
            board.id,
        )
    ]
    for _ in range(WRITE_ROUNDS_MAX):
        asked = list(_changes(board, steps, EVENTS))
        done = load.send(port, asked, headers, WRITE_SECONDS)
        if done.faults:
            raise load.LoadError(f"{done.faults} changes were refused")
        last: int = await db.fetchval("select seq from boards where id = $1", board.id)
        if last > EVENTS:
            return last
    raise load.LoadError("the events took too long")


def _changes(board: fill.Board, steps: list[str], count: int) -> Iterator[load.Request]:
    """Change all kinds of things in turn; never to what they are."""
    for number in range(count):
        text = f"Changed {random.getrandbits(48):012x}"
        task, step = random.choice(board.tasks), random.choice(steps)
        yield [
            duels.move(board),
            _patch(f"/tasks/{task}", title=text),
            _patch(f"/subtasks/{step}", title=text),
            _patch(f"/tasks/{task}", description=(text + ". ") * 4),
        ][number % 4]


def _patch(path: str, **fields: str) -> load.Request:
    return load.Request("PATCH", path, to_json(fields).decode())


def _look_back(port: int, headers: load.Headers, board: fill.Board, last: int) -> float:
    """Ask once; the seconds until all of the answer is there."""
    at = last - EVENTS
    request = load.Request("GET", f"/boards/{board.id}/snapshot?at={at}")
    started = time.perf_counter()
    answer = load.ask(port, request, headers)
    seconds = time.perf_counter() - started
    found = from_json(answer.body)
    if answer.status != 200 or found["seq"] != at or len(found["tasks"]) != len(board.tasks):
        raise load.LoadError(f"the board after event {at} gave {answer.status}")
    return seconds
