"""Several actions on a board: judged and read by one statement, written by another.

In between they are done in memory, one after the other, as a batch does its operations; but each
has its own caller, judgement, conditions, event and answer. Memory only ever grants: what it would
refuse, or does not know, is done by itself in its turn, after those before it have been written.
The board is locked, or it is written only if it is as it was read, and each caller signed in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from doska.boards.access import standing_of
from doska.boards.callers import caller_values
from doska.boards.joint_sql import read, reading
from doska.boards.lines import Ride
from doska.boards.log import Change, NotLocked
from doska.boards.operations import Operation, operations
from doska.boards.statements import COUNTERS, Guard, Still
from doska.boards.world import NotRead, World
from doska.errors import AlreadyExists, DoskaError, PreconditionFailed
from doska.http.answers import NONE, Answer
from doska.identity.access import STANDING, Caller
from doska.postgres.database import Connection, fetch_row, json_of


class Joint:
    """Rides on one board, as they are done in memory; none of them is written yet."""

    def __init__(
        self, connection: Connection, callers: Sequence[Caller], row: Any, *, is_locked: bool
    ) -> None:
        self._connection, self._is_locked = connection, is_locked
        self._board = json_of(row["board"])
        self._counters = {name: self._board.pop(name) for name in COUNTERS}
        self._world = World(read(row), self._board["id"], "")
        judged = json_of(row["callers"])
        self._judged = {caller: judged.get(str(n)) for n, caller in enumerate(callers, 1)}
        self._done: list[tuple[Ride, Change]] = []

    async def take(self, ride: Ride) -> bool:
        """Do one in memory; False if it has to be done by itself."""
        try:
            opened = await self._opened(ride)
            answer = await self._do(ride, opened)
        except AlreadyExists as refusal:  # the database would refuse it to all
            ride.outcome = refusal
        except (DoskaError, NotLocked, NotRead):
            return False
        else:
            self._counters = {"seq": answer.seq, "task_number": opened.task_number}
            self._done.append((ride, opened))
            ride.outcome = answer
        return True

    async def write(self) -> None:
        """Write all that has been done, in one statement, with an event of each.

        Outrun if the board is not locked, and something is no longer as it was read.
        """
        done, self._done = self._done, []
        entries = [entry for _, opened in done for entry in opened.entries]
        if not entries:
            return
        (_, first), (_, last) = done[0], done[-1]
        number, still = last.task_number, None if self._is_locked else _still(done)
        whole = replace(first, entries=entries, task_number=number, guard=still, conditions=NONE)
        await whole.store()
        for ride, opened in done:
            ride.audit(opened)

    async def _opened(self, ride: Ride) -> Change:
        """Judge a rider, by what was read of nobody else."""
        access, judged = ride.access, self._judged[ride.access.caller]

        async def fetch(sql: str, *values: Any) -> Any:  # noqa: ARG001  # it has been asked
            return judged

        found = await STANDING.ask(access.caller, fetch)
        standing, user_id = standing_of(found, access.right), access.caller.user_id
        standing.require(_kind(ride).right)
        opened = Change(self._board, standing, user_id, {}, self._connection, **self._counters)
        opened.conditions, opened.limits = access.conditions, access.limits
        opened.guard = Still(Guard.SEVERAL, {})  # nothing more is asked
        return opened

    async def _do(self, ride: Ride, opened: Change) -> Answer[Any]:
        kind = _kind(ride)
        self._world.caller = self._world.authors[opened.actor_id]
        opened.parts = kind.parts(self._world, ride.like)
        _compare(opened, kind)
        answer: Answer[Any] = await ride.deed(opened)
        if kind.creates and self._world.is_taken(vars(ride.like.body).get("id")):
            raise AlreadyExists
        if opened.unlogged:
            raise NotLocked
        opened.settle()
        for entry in opened.entries:
            self._world.take_over(entry.rows)
        return answer


async def read_joint(
    connection: Connection, board_id: str, rides: Sequence[Ride], *, is_locked: bool
) -> Joint | None:
    """Judge all riders, and read what they touch; None if there is no such board."""
    callers = list(dict.fromkeys(ride.access.caller for ride in rides))
    tasks_max = rides[0].access.limits.settings.tasks_per_board_max
    likes = [ride.like for ride in rides]
    sql, values = reading(board_id, callers, likes, tasks_max)
    row = await (connection.fetchrow if is_locked else fetch_row)(sql, *values)
    return row and Joint(connection, callers, row, is_locked=is_locked)


def _still(done: Sequence[tuple[Ride, Change]]) -> Still:
    """Tell what must still be true of the board, and of each who has changed something."""
    are_admins = {ride.access.caller: opened.standing.is_admin for ride, opened in done}
    judged = {
        **caller_values(are_admins),
        "are_admins": [str(found) for found in are_admins.values()],
    }
    return Still(Guard.SEVERAL, {"seq": done[0][1].seq, **judged})


def _kind(ride: Ride) -> Operation:
    return operations()[ride.like.op]


def _compare(opened: Change, kind: Operation) -> None:
    """Refuse to change what is not as the client has seen it, at this point."""
    if kind.on is None:
        opened.conditions.make_new()
    elif not opened.conditions.allow(opened.parts[kind.on.noun]["version"]):
        raise PreconditionFailed
