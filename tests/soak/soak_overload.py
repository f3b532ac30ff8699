"""Ten times as much as Doska can do is asked of it: it does nearly as much as ever, and recovers."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from api import PASSWORD, Json
from people import COOKIE
from programs import Served
from proof import Finding, Size
from stage import SAFE, a_folder, a_postgres, a_program

PROMISE = "overload degrades, it does not break"
GENERATOR = Path(__file__).with_name("open_loop.py")
TIMES_CAPACITY, GOODPUT_MIN = 10, 0.7
LINE_SECONDS = 2  # DOSKA_LOCK_TIMEOUT_SECONDS: so long one may wait for a turn at a board
REFUSED_SECONDS_MAX, RECOVERED_SECONDS_MAX = 1.0, 10.0  # the first after the decision
CONNECTIONS_MAX, PATIENCE_SECONDS = 3000, 5
BOARDS, TASKS = 4, 800
REFUSALS = ("429", "503", "line")


@dataclass(frozen=True)
class Load:
    """What came of some seconds of load."""

    seconds: float
    good: int  # answered as asked, while it lasted
    sent: int
    unsent: int  # there were connections enough that waited
    unanswered: int
    took: dict[str, list[float]]

    @property
    def rate(self) -> float:
        """Tell how many requests a second were answered as asked."""
        return self.good / self.seconds

    @property
    def faults(self) -> int:
        """Count what was neither answered as asked nor refused in time."""
        bounds = {kind: REFUSED_SECONDS_MAX + LINE_SECONDS * (kind == "line") for kind in REFUSALS}
        late = sum(s > bound for kind, bound in bounds.items() for s in self.took.get(kind, []))
        other = sum(len(took) for kind, took in self.took.items() if kind not in ("200", *REFUSALS))
        return late + other + self.unanswered + self.unsent

    def slowest(self, *kinds: str) -> float:
        """Tell how long the slowest answer of these kinds took, in seconds."""
        return max((s for kind in kinds for s in self.took.get(kind, [])), default=0)


async def prove(size: Size) -> Finding:
    """Find the capacity by a closed loop, then ask for ten times as much by an open one."""
    with a_postgres(SAFE) as url, a_folder() as place, a_program(place, url) as served:
        requests = await _requests(served)
        seconds = size.of(10, least=3)
        peaks = [await _load(served, requests, seconds / 2, connections=n) for n in (8, 16, 32)]
        peak = max(load.rate for load in peaks)
        over = await _load(served, requests, seconds, rate=TIMES_CAPACITY * peak)
        recovered = await _recovered(served, requests, peak)
    share = over.rate / peak
    print(_notes(peak, over, recovered), file=sys.stderr)
    lost = over.faults + (share < GOODPUT_MIN) + (recovered > RECOVERED_SECONDS_MAX)
    tried = f"{TIMES_CAPACITY} × capacity for {seconds} s, a mix of reading, writing and batches"
    return Finding(PROMISE, tried, over.sent + over.unsent, lost, _notes(peak, over, recovered))


def _notes(peak: float, over: Load, recovered: float) -> str:
    refused = {kind: len(over.took.get(kind, [])) for kind in REFUSALS}
    in_vain = sum(s > LINE_SECONDS for s in over.took.get("line", []))
    return (
        f"peak {peak:.0f}/s; goodput {over.rate:.0f}/s ({over.rate / peak:.0%}), slowest"
        f" {over.slowest('200'):.1f} s; {refused['429'] + refused['503']:,} refused, slowest after"
        f" {over.slowest('429', '503'):.2f} s; {refused['line']:,} in a board's line, slowest after"
        f" {over.slowest('line'):.2f} s, {in_vain:,} after the whole time; {over.unanswered + over.unsent} without an answer;"
        f" as fast as before after {recovered:.1f} s"
    )


async def _load(
    served: Served, requests: list[str], seconds: float, *, rate: float = 0, connections: int = 0
) -> Load:
    """Let the generator send."""
    wish = {
        "port": int(served.url.rpartition(":")[2]),
        "requests": requests,
        "rate": rate,
        "connections": connections or CONNECTIONS_MAX,
        "seconds": seconds,
        "patience": PATIENCE_SECONDS,
    }
    pipe = asyncio.subprocess.PIPE
    generator = await asyncio.create_subprocess_exec(
        sys.executable, str(GENERATOR), stdin=pipe, stdout=pipe
    )
    said, _ = await generator.communicate(to_json(wish) + b"\n")
    found = from_json(said)
    return Load(**found)


async def _recovered(served: Served, requests: list[str], peak: float) -> float:
    """Wait until it does as much as at its best; tells how long that took, in seconds."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < 2 * RECOVERED_SECONDS_MAX:
        load = await _load(served, requests, 1, connections=16)
        if load.rate >= GOODPUT_MIN * peak and not load.faults:
            return passed
    return passed


async def _requests(served: Served) -> list[str]:
    """Make somebody with some boards of many tasks; gives what is asked again and again."""
    async with served.client() as client:
        person = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
        (await client.post("/users", json=person)).raise_for_status()
        boards = [await _board(client) for _ in range(BOARDS)]
        head = f"host: localhost\r\ncookie: {COOKIE}={client.cookies[COOKIE]}\r\n"
    made = [_of_board(board, tasks, turn) for turn in range(5) for board, tasks in boards]
    return [_raw(head, *request) for requests in made for request in requests]


def _of_board(board: str, tasks: list[str], turn: int) -> list[tuple[str, str, Json | None]]:
    mine = tasks[turn % 2 * 100 :][:100]
    renamed = [
        {"op": "update_task", "task_id": task, "body": {"title": f"Renamed {turn}"}}
        for task in mine
    ]
    return [
        ("GET", f"/tasks?board_id={board}&limit=200", None),
        ("GET", f"/boards/{board}/snapshot", None),
        ("POST", f"/boards/{board}/batch", {"operations": renamed}),
        ("PATCH", f"/tasks/{mine[0]}", {"title": "Again"}),
        ("GET", f"/tasks?board_id={board}&q=draw&limit=200", None),
    ]


async def _board(client: Any) -> tuple[str, list[str]]:
    board = (await client.post("/boards", json={"title": "Website", "columns": ["A"]})).json()["id"]
    column = (await client.get(f"/boards/{board}/columns")).json()["items"][0]["id"]
    body = {"column_id": column, "title": "Draw", "description": "It should be blue. " * 20}
    operations = [{"op": "create_task", "body": body}] * 100
    for _ in range(TASKS // 100):
        batch = {"operations": operations}
        (await client.post(f"/boards/{board}/batch", json=batch)).raise_for_status()
    found = await client.get("/tasks", params={"board_id": board, "limit": 200})
    return board, [task["id"] for task in found.json()["items"]]


def _raw(head: str, method: str, path: str, body: Json | None) -> str:
    text = to_json(body).decode() if body else ""
    head += f"content-type: application/json\r\ncontent-length: {len(text)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{text}"
