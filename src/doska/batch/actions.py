"""Doing a batch: one lock, one judgement, operation after operation in memory, one write."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic_core import to_json

from doska.batch.loading import CHANGES_MAX
from doska.batch.needs import needs
from doska.batch.schemas import AnyOperation, BatchIn, BatchOut
from doska.boards.access import Access
from doska.boards.kinds import Kind, Scene
from doska.boards.log import Change
from doska.boards.opening import change
from doska.boards.operations import operations
from doska.boards.world import World
from doska.errors import AlreadyExists, Conflict, DoskaError, PreconditionFailed
from doska.http.answers import Answer
from doska.schemas import new_id
from doska.tasks.declared import TASKS_MAX


class TooManyChanges(Conflict):
    """The batch makes too many changes: split it up."""

    example: ClassVar[dict[str, Any]] = {"limit": CHANGES_MAX, "operation": 3}


async def run_batch(access: Access, body: BatchIn) -> Answer[BatchOut]:
    """Do all operations in their order, or none; each sees what those before have done."""
    what, values = needs(body.operations)
    async with change(access, what, **values, tasks_max=access.limits.of(TASKS_MAX)) as opened:
        world = World(opened.parts["world"], opened.board["id"], opened.actor_id)
        opened.batch_id, opened.overlay = new_id(), world.overlaid
        results = []
        for number, operation in enumerate(body.operations):
            try:
                results.append(await _do(opened, world, operation))
            except DoskaError as error:
                _point(error, number)
                raise
        opened.result = _answer(opened, results)
        return opened.result


async def _do(opened: Change, world: World, operation: AnyOperation) -> bytes:
    """Do one operation as its endpoint would: 404, 403, 412, and then what it decides itself."""
    kind = operations()[operation.op]
    opened.parts = kind.parts(world, operation)
    opened.standing.require(kind.right)
    _compare(opened, world, kind.on, operation)
    done = len(opened.entries)
    answer = await kind.do(opened, operation)
    if kind.creates:
        _must_be_new(world, operation)
    for entry in opened.entries[done:]:
        world.take_over(entry.rows)
    if world.changes > CHANGES_MAX:
        raise TooManyChanges(limit=CHANGES_MAX)
    return answer.body or b"null"


def _compare(opened: Change, world: World, on: Kind | None, operation: Any) -> None:
    """Refuse to change what is not as the client has seen it, at this point of the batch."""
    wanted = vars(operation).get("if_match")
    if wanted is None or on is None:
        return
    row = opened.parts[on.noun]
    if wanted not in ("*", str(row["version"])):
        raise PreconditionFailed.of(_current(opened, world, on, row), row["version"])


def _current(opened: Change, world: World, kind: Kind, row: Any) -> dict[str, Any]:
    """Show what an operation would change, as it is now."""
    faces = {**world.authors, **{person["id"]: person for person in world.people}}
    return kind.show(row, world.beside(kind.table, row["id"]), Scene(opened.board, faces))


def _must_be_new(world: World, operation: Any) -> None:
    """Refuse an id that was used; the database would, too, but not say in which operation."""
    if world.is_taken(operation.body.id):
        raise AlreadyExists


def _point(error: DoskaError, number: int) -> None:
    """Let a refusal name the operation, and point into it."""
    error.more["operation"] = number
    if "errors" in error.more:
        error.more["errors"] = [
            {**found, "pointer": f"/body/operations/{number}{_within(found['pointer'])}"}
            for found in error.more["errors"]
        ]


def _within(pointer: str) -> str:
    """Point into an operation: what a path or query takes stands beside the body."""
    return pointer.removeprefix("/path").removeprefix("/query")


def _answer(opened: Change, results: Sequence[bytes]) -> Answer[BatchOut]:
    """Answer with what each has answered; ETag is the board's version, which If-Match compares."""
    head = {
        "batch_id": opened.batch_id if opened.entries else None,
        "seq": opened.seq + len(opened.entries),
    }
    body = b'%s,"results":[%s]}' % (to_json(head)[:-1], b",".join(results))
    return Answer(body, str(opened.board["version"]))
