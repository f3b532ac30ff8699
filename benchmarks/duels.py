"""The rows that compare two servers: who asks whom for what, and what the ratio must reach."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic_core import to_json

from fill import Board, Scene
from load import CONNECTIONS, Headers, Request, ask
from report import Target

LINES_A_SECOND = 8_000  # more than any server here answers: no request of a run comes twice
BATCH_TASKS = 100

Requests = Callable[[Scene, int], Iterator[Request]]


def _no_headers(_port: int, _scene: Scene) -> Headers:
    return {}


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: a server, by its name, and what it is asked."""

    server: str
    requests: Requests
    expected: int = 200
    connections: int = CONNECTIONS
    headers: Callable[[int, Scene], Headers] = _no_headers
    is_ordered: bool = False  # its requests are sent as they come, not shuffled


@dataclass(frozen=True)
class Duel:
    """A row of the table: the rate of one side as a share of the other's, or its time."""

    work: str
    target: Target
    subject: Side
    reference: Side
    is_of_time: bool = False

    def ratio(self, rate: float, reference: float) -> float:
        """Compare two rates."""
        return reference / rate if self.is_of_time else rate / reference


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
        yield move(_any(scene))


def move_tasks_of_one(scene: Scene, count: int) -> Iterator[Request]:
    """Put tasks of one board below others."""
    for _ in range(count):
        yield move(scene.boards[0])


def create_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Make tasks over all boards."""
    for number in range(count):
        yield Request("POST", "/tasks", to_json(_new_task(_any(scene), number)).decode())


def create_batches(scene: Scene, count: int) -> Iterator[Request]:
    """Make a hundred tasks of a board in each request, over all boards."""
    for _ in range(max(1, count // BATCH_TASKS)):
        board = _any(scene)
        tasks = [_new_task(board, number) for number in range(BATCH_TASKS)]
        operations = [{"op": "create_task", "body": task} for task in tasks]
        body = to_json({"operations": operations}).decode()
        yield Request("POST", f"/boards/{board.id}/batch", body)


def patch_tasks(scene: Scene, count: int) -> Iterator[Request]:
    """Give tasks new titles over all boards; never the one that they have."""
    for _ in range(count):
        body = {"title": f"Renamed {random.getrandbits(48):012x}"}
        task = random.choice(_any(scene).tasks)
        yield Request("PATCH", f"/tasks/{task}", to_json(body).decode())


def patch_tasks_of_one(scene: Scene, count: int) -> Iterator[Request]:
    """Give tasks of the board whose snapshot is read new titles."""
    for _ in range(count):
        body = {"title": f"Renamed {random.getrandbits(48):012x}"}
        task = random.choice(scene.quiet.tasks)
        yield Request("PATCH", f"/tasks/{task}", to_json(body).decode())


def read_snapshot(scene: Scene, count: int) -> Iterator[Request]:
    """Read a whole board that nobody changes."""
    del count
    yield Request("GET", f"/boards/{scene.quiet.id}/snapshot")


def read_decorated(scene: Scene, count: int) -> Iterator[Request]:
    """Read a board whose tasks have labels, comments and links."""
    del count
    yield Request("GET", f"/boards/{scene.decorated.id}/snapshot")


def read_discussed(scene: Scene, count: int) -> Iterator[Request]:
    """Read a board with ten thousand comments."""
    del count
    yield Request("GET", f"/boards/{scene.discussed.id}/snapshot")


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
    return {"if-none-match": answer.etag}


def _new_task(board: Board, number: int) -> dict[str, str]:
    text = "What is to be done, why, and how one sees that it is. " * 2
    column = random.choice(board.columns)
    return {"column_id": column, "title": f"New task {number}", "description": text[:100]}


def _any(scene: Scene) -> Board:
    return random.choice(scene.boards)


def move(board: Board) -> Request:
    """Put a task of a board below another."""
    task, near = random.sample(board.tasks, 2)
    return Request("POST", f"/tasks/{task}/move", to_json({"after": near}).decode())


def _against_floor(work: str, least: float, requests: Requests, what: str, status: int) -> Duel:
    sides = (Side("doska", requests, status), Side("floor", requests, status))
    return Duel(work, Target("≥", least, f"× {what}"), *sides)


def _slowdown(work: str, most: float, what: str, subject: Side, reference: Side) -> Duel:
    target = Target("≤", most, f"× the time of {what}")
    return Duel(work, target, subject, reference, is_of_time=True)


def _against_naive(work: str, requests: Requests, status: int) -> Duel:
    sides = (Side("doska", requests, status), Side("naive", requests, status))
    return Duel(work, Target("≥", 1.0, "× get and save, nothing else"), *sides)


ANSWER, LIST, WRITE = "floor's one-query answer", "floor's list", "floor's same transaction"
ASKED = Target("≥", 0.9, "× floor's snapshot")
KEPT = Target("≥", 8, "× floor's snapshot")
UNCACHED = Side("uncached", read_snapshot)
FLOOR_SNAPSHOT = Side("floor", read_snapshot)
NOT_MODIFIED = Side("doska", read_snapshot, 304, headers=known_etag)
LARGE = Side("uncached", read_large_screen)
ONE_BOARD = Side("doska", move_tasks_of_one, connections=50)
FIFTY_BOARDS = Side("doska", move_tasks, connections=50)

DUELS = {
    "1": Duel("snapshot, database asked", ASKED, UNCACHED, FLOOR_SNAPSHOT),
    "2": Duel("snapshot, from the cache", KEPT, Side("doska", read_snapshot), FLOOR_SNAPSHOT),
    "3": Duel(
        "snapshot 304", Target("≥", 0.5, f"× {ANSWER}"), NOT_MODIFIED, Side("floor", read_tasks)
    ),
    "4": _against_floor("read one task", 0.55, read_tasks, ANSWER, 200),
    "5": _against_floor("list 50 tasks", 0.5, list_tasks, LIST, 200),
    "6a": _against_floor("move a task", 0.6, move_tasks, WRITE, 200),
    "7a": _against_floor("create a task", 0.6, create_tasks, WRITE, 201),
    "8a": _against_floor("patch a task", 0.6, patch_tasks, WRITE, 200),
    "9": Duel(
        "50 writers on one board",
        Target("≥", 0.5, "× the same over 50 boards"),
        ONE_BOARD,
        FIFTY_BOARDS,
    ),
    "11a": _slowdown(
        "snapshot beside 1,000,000 tasks",
        1.15,
        "it without them",
        Side("crowded", read_snapshot),
        Side("alone", read_snapshot),
    ),
    "11b": _slowdown(
        "move beside 1,000,000 tasks",
        1.15,
        "it without them",
        Side("crowded", move_tasks),
        Side("alone", move_tasks),
    ),
    "12a": _slowdown("50 a column of 10,000 tasks", 1.5, "a whole board of 500", LARGE, UNCACHED),
    "12b": _slowdown(
        "50 a column of 10,000 tasks",
        1.5,
        "50 a column of 500",
        LARGE,
        Side("uncached", read_first_screen),
    ),
    "17a": _slowdown(
        "snapshot with labels, comments, links",
        1.35,
        "one without",
        Side("uncached", read_decorated),
        UNCACHED,
    ),
    "17b": _slowdown(
        "snapshot with 10,000 comments",
        1.35,
        "one without",
        Side("uncached", read_discussed),
        UNCACHED,
    ),
    "15": _slowdown(
        "100 new tasks in one request",
        8,
        "one new task",
        Side("doska", create_batches, connections=1),
        Side("doska", create_tasks, 201, connections=1),
    ),
    "19a": _against_naive("move a task", move_tasks, 200),
    "19b": _against_naive("create a task", create_tasks, 201),
    "19c": _against_naive("patch a task", patch_tasks, 200),
}
CREATING = (create_tasks, create_batches)
