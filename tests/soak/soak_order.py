"""A total order: many move tasks while columns come, go and move."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import httpx

import checker
from calls import Json
from house import House, asking, house
from log_board import log_of
from model import Move, wrong_moves
from proof import Finding, Size
from writers import made, register

CLIENTS, MOVES, TASKS, COLUMNS = 20, 500, 120, 5
PAUSE_SECONDS = 0.05
FAULTS_MAX = 1000  # nobody reads on
ELSEWHERE = ("not-found", "neighbour-elsewhere")  # what somebody has just moved or deleted


@dataclass
class Floor:
    """The board, as those who change it believe it to be; and what they were told."""

    board: str
    tasks: list[str]
    columns: list[str]
    moves: list[Move] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def judge(self, response: httpx.Response) -> bool:
        """Count an answer; only what somebody else has just changed may be refused."""
        self.statuses[response.status_code] += 1
        kind = "" if response.is_success else response.json()["type"].rpartition("/")[2]
        if kind and kind not in ELSEWHERE:
            self.faults.append(f"{response.request.method} {response.status_code} {kind}")
        return not kind


async def prove(size: Size) -> Finding:
    """Let 20 clients make 500 moves each, and compare three orders and each move."""
    moves = size.of(MOVES)
    async with house() as place:
        await place.start(workers=2)
        owner, _ = await register(place, "owner")
        floor = await _furnished(owner)
        clients = [await _member(place, owner, floor, n) for n in range(CLIENTS)]
        started = time.monotonic()
        await _move_all(owner, clients, floor, moves)
        seconds = time.monotonic() - started
        assert place.served
        async with asking(place.served.database_url) as db:
            events = await log_of(db, floor.board)
            found = floor.faults + await checker.wrong_board(db, floor.board, events, owner)
        found += wrong_moves(events, floor.moves)
        for client in (owner, *clients):
            await client.aclose()
    return Finding(
        "a total order: API, PostgreSQL and the log agree, no 5xx",
        f"{CLIENTS} clients × {moves} moves while columns are made, moved and deleted",
        len(floor.moves),
        len(found),
        "; ".join(_notes(floor, events, seconds, found)),
    )


def _notes(floor: Floor, events: list[Json], seconds: float, found: list[str]) -> Iterator[str]:
    kinds = Counter(event["type"] for event in events)
    yield f"{len(floor.moves) / seconds:.0f} moves/s, {kinds['task.moved']:,} of them changed something"
    columns = [f"{kinds[f'column.{what}']:,} {what}" for what in ("created", "moved", "deleted")]
    yield f"columns: {', '.join(columns)}"
    refused = sum(count for status, count in floor.statuses.items() if 400 <= status < 500)
    yield f"{refused:,} refused for what others had just changed"
    yield from found[:3]


async def _furnished(owner: httpx.AsyncClient) -> Floor:
    names = [f"Column {n}" for n in range(COLUMNS)]
    board = (await made(owner, "/boards", title="Order", columns=names))["id"]
    columns = (await owner.get(f"/boards/{board}/columns")).json()["items"]
    ids = [column["id"] for column in columns]
    tasks = [
        await made(owner, "/tasks", column_id=ids[n % COLUMNS], title=f"{n}") for n in range(TASKS)
    ]
    return Floor(board, [task["id"] for task in tasks], ids)


async def _member(
    place: House, owner: httpx.AsyncClient, floor: Floor, n: int
) -> httpx.AsyncClient:
    client, person = await register(place, f"mover{n}")
    await made(owner, f"/boards/{floor.board}/users", user_id=person, role="MEMBER")
    return client


async def _move_all(
    owner: httpx.AsyncClient, clients: list[httpx.AsyncClient], floor: Floor, moves: int
) -> None:
    """Let all move, and the board change under them until they have done."""
    gardener = asyncio.create_task(_tend(owner, floor))
    async with asyncio.TaskGroup() as group:
        for n, client in enumerate(clients):
            group.create_task(_move(client, floor, moves, Random(n)))
    gardener.cancel()
    await asyncio.gather(gardener, return_exceptions=True)


async def _move(client: httpx.AsyncClient, floor: Floor, moves: int, chance: Random) -> None:
    """Make so many moves that are acknowledged."""
    while moves > 0:
        body = _anywhere(floor, chance)
        task = chance.choice(floor.tasks)
        response = await client.post(f"/tasks/{task}/move", json=body)
        if floor.judge(response):
            floor.moves.append(Move(body, response.json()))
            moves -= 1
        elif len(floor.faults) > FAULTS_MAX:
            return


def _anywhere(floor: Floor, chance: Random) -> Json:
    """Choose an end of a column, or a neighbour."""
    column = {"column_id": chance.choice(floor.columns)}
    side = chance.choice(["before", "after", "at"])
    if side == "at":
        return {**column, "at": chance.choice(["top", "bottom"])}
    return {side: chance.choice(floor.tasks)}


async def _tend(owner: httpx.AsyncClient, floor: Floor) -> None:
    """Make, move and delete columns, and tasks now and then, until cancelled."""
    chance = Random(0)
    deeds = [_make_column, _move_column, _delete_column, _make_task, _delete_task]
    while True:
        (deed,) = chance.choices(deeds, [3, 3, 2, 1, 1])
        await asyncio.shield(deed(owner, floor, chance))
        await asyncio.sleep(PAUSE_SECONDS)


async def _make_column(owner: httpx.AsyncClient, floor: Floor, chance: Random) -> None:
    if len(floor.columns) > 2 * COLUMNS:
        return
    body = {"board_id": floor.board, "title": f"Column {chance.random()}"}
    response = await owner.post("/columns", json=body)
    if floor.judge(response):
        floor.columns.append(response.json()["id"])


async def _move_column(owner: httpx.AsyncClient, floor: Floor, chance: Random) -> None:
    column, other = chance.sample(floor.columns, 2)
    floor.judge(await owner.post(f"/columns/{column}/move", json={"after": other}))


async def _delete_column(owner: httpx.AsyncClient, floor: Floor, chance: Random) -> None:
    """Delete a column; its tasks, and those that come until it is locked, move to another."""
    if len(floor.columns) < COLUMNS:
        return
    column, other = chance.sample(floor.columns, 2)
    floor.columns.remove(column)
    floor.judge(await owner.delete(f"/columns/{column}", params={"tasks": "move", "to": other}))


async def _make_task(owner: httpx.AsyncClient, floor: Floor, chance: Random) -> None:
    body = {"column_id": chance.choice(floor.columns), "title": "New"}
    response = await owner.post("/tasks", json=body)
    if floor.judge(response):
        floor.tasks.append(response.json()["id"])


async def _delete_task(owner: httpx.AsyncClient, floor: Floor, chance: Random) -> None:
    task = floor.tasks.pop(chance.randrange(len(floor.tasks)))
    floor.judge(await owner.delete(f"/tasks/{task}"))
