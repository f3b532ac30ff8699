"""The work that is measured: who asks whom for what, and the least that it must reach."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic_core import to_json

from fill import Board, Scene
from load import CONNECTIONS, Headers, Request, ask

LINES_A_SECOND = 8_000  # more than any server here answers: no request of a run comes twice

Requests = Callable[[Scene, int], Iterator[Request]]
Ask = Callable[[int], Headers]


def _no_headers(_: int) -> Headers:
    return {}


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: a server, by its name, and what it is asked."""

    server: str
    requests: Requests
    expected: int = 200
    connections: int = CONNECTIONS
    headers: Callable[[int, Scene], Headers] = field(default=lambda _port, _scene: {})


@dataclass(frozen=True)
class Duel:
    """A row of the table: the rate of one side must be a share of the other's."""

    name: str
    target: str
    least: float
    subject: Side
    reference: Side


def read_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Read tasks, each of another board."""
    for _ in range(count):
        yield Request("GET", f"/tasks/{random.choice(_any(scene).tasks)}")


def list_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """List the first fifty tasks of columns."""
    for _ in range(count):
        yield Request("GET", f"/columns/{random.choice(_any(scene).columns)}/tasks?limit=50")


def move_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Put tasks below others, anywhere on their boards, over all boards."""
    for _ in range(count):
        yield _move(_any(scene))


def move_tasks_of_one(scene: Scene, count: int) -> Iterator[Request]:
    """The same on one board."""
    for _ in range(count):
        yield _move(scene.boards[0])


def create_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Make tasks over all boards."""
    text = "What is to be done, why, and how one sees that it is. " * 2
    for number in range(count):
        column = random.choice(_any(scene).columns)
        body = {"column_id": column, "title": f"New task {number}", "description": text[:100]}
        yield Request("POST", "/tasks", to_json(body).decode())


def patch_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Give tasks new titles over all boards; never the one that they have."""
    for _ in range(count):
        body = {"title": f"Renamed {random.getrandbits(48):012x}"}
        task = random.choice(_any(scene).tasks)
        yield Request("PATCH", f"/tasks/{task}", to_json(body).decode())


def read_snapshot(scene: Scene, count: int) -> Iterator[Request]:
    """Read a whole board that nobody changes."""
    del count
    yield Request("GET", f"/boards/{scene.quiet.id}/snapshot")


def read_first_screen(scene: Scene, count: int) -> Iterator[Request]:
    """Read the first tasks of each column of the usual board."""
    del count
    yield Request("GET", f"/boards/{scene.quiet.id}/snapshot?tasks_per_column=50")


def read_large_screen(scene: Scene, count: int) -> Iterator[Request]:
    """Read the first tasks of each column of a board of ten thousand."""
    del count
    yield Request("GET", f"/boards/{scene.large.id}/snapshot?tasks_per_column=50")


def known_etag(port: int, scene: Scene) -> Headers:
    """Ask as one who has the snapshot already."""
    cookie = {"cookie": scene.owner.cookie}
    answer = ask(port, next(read_snapshot(scene, 1)), cookie)
    return {"if-none-match": answer.getheader("etag") or "none"}


def _any(scene: Scene) -> Board:
    return random.choice(scene.boards)


def _move(board: Board) -> Request:
    task, near = random.sample(board.tasks, 2)
    return Request("POST", f"/tasks/{task}/move", to_json({"after": near}).decode())


def _against_floor(name: str, least: float, requests: Requests, what: str, status: int) -> Duel:
    sides = (Side("doska", requests, status), Side("floor", requests, status))
    return Duel(name, f"≥ {least:g} × {what}", least, *sides)


ANSWER, LIST, WRITE = "floor's one-query answer", "floor's list", "floor's same transaction"
SNAPSHOTS = "floor's snapshot, row 1"
UNCACHED = Side("uncached", read_snapshot)
FLOOR_SNAPSHOT = Side("floor", read_snapshot)
NOT_MODIFIED = Side("doska", read_snapshot, 304, headers=known_etag)
SLOWDOWN_MAX, LARGE_SLOWDOWN_MAX = 1.15, 1.5

DUELS = {
    "1": Duel("snapshot, database asked", f"≥ 0.9 × {SNAPSHOTS}", 0.9, UNCACHED, FLOOR_SNAPSHOT),
    "2": Duel(
        "snapshot, from the cache",
        f"≥ 8 × {SNAPSHOTS}",
        8,
        Side("doska", read_snapshot),
        FLOOR_SNAPSHOT,
    ),
    "3": Duel("snapshot 304", f"≥ 0.5 × {ANSWER}", 0.5, NOT_MODIFIED, Side("floor", read_tasks)),
    "4": _against_floor("read one task", 0.55, read_tasks, ANSWER, 200),
    "5": _against_floor("list 50 tasks", 0.5, list_tasks, LIST, 200),
    "6": _against_floor("move a task", 0.6, move_tasks, WRITE, 200),
    "7": _against_floor("create a task", 0.6, create_tasks, WRITE, 201),
    "8": _against_floor("patch a task", 0.6, patch_tasks, WRITE, 200),
    "9": Duel(
        "50 writers on one board",
        "≥ 0.5 × the same over 50 boards",
        0.5,
        Side("doska", move_tasks_of_one, connections=50),
        Side("doska", move_tasks, connections=50),
    ),
    "11a": Duel(
        "snapshot beside 1,000,000 tasks",
        f"≤ {SLOWDOWN_MAX} × the time without them",
        1 / SLOWDOWN_MAX,
        Side("crowded", read_snapshot),
        UNCACHED,
    ),
    "11b": Duel(
        "move beside 1,000,000 tasks",
        f"≤ {SLOWDOWN_MAX} × the time without them",
        1 / SLOWDOWN_MAX,
        Side("crowded", move_tasks),
        Side("doska", move_tasks),
    ),
    "12": Duel(
        "first screen of 10,000 tasks",
        f"≤ {LARGE_SLOWDOWN_MAX} × the time of 500 tasks",
        1 / LARGE_SLOWDOWN_MAX,
        Side("uncached", read_large_screen),
        Side("uncached", read_first_screen),
    ),
}
