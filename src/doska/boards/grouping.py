"""Doing at once what several want who wait for a turn at one board.

Without a lock, in two round trips, as far as it goes in memory (``joint``); what does not, and all
that follows, in one transaction that locks the board. If it cannot be committed, each is done by
itself.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import TypeAlias

import asyncpg

from doska.boards.joint import Joint, read_joint
from doska.boards.lines import Ride
from doska.boards.log import Outrun
from doska.postgres.database import Connection, pool_in_use, transaction
from doska.postgres.errors import BUSY, is_of_all, translate

# With plans for any values: to plan what reads for many takes several times as long as to run it.
_LOCK = """select set_config('plan_cache_mode', 'force_generic_plan', true)
    from boards where id = $1 for no key update"""

Rides: TypeAlias = Sequence[Ride]


async def together(board_id: str, rides: Rides) -> None:
    """Do all in their order; who has no outcome then is to be done alone."""
    try:
        rides = rides[await _guarded(board_id, rides) :]
    except Outrun:
        _give(rides, None)
    except Exception as error:  # noqa: BLE001  # each meets its own again
        _give(rides, error if is_of_all(error) else None)
        return
    if rides:
        await _locked(board_id, rides)


async def _guarded(board_id: str, rides: Rides) -> int:
    """Do those at the head without a lock, as far as they can be done in memory; tells how many."""
    like = _in_memory(rides)
    if len(like) < 2:  # noqa: PLR2004  # one alone needs no world
        return 0
    joint = await read_joint(await pool_in_use(), board_id, like, is_locked=False)
    taken = 0
    while joint and taken < len(like) and await joint.take(like[taken]):
        taken += 1
    if joint:
        await joint.write()
    return taken


async def _locked(board_id: str, rides: Rides) -> None:
    """Do all in one transaction; if it is rolled back, none is done."""
    is_ending = is_locked = False
    try:
        async with transaction() as connection:
            if await connection.fetchrow(_LOCK, board_id) is None:
                return
            is_locked = True
            await _all(connection, board_id, rides)
            is_ending = True
    except Exception as error:  # noqa: BLE001  # each meets its own again
        is_unknown = is_ending and not isinstance(error, asyncpg.IntegrityConstraintViolationError)
        # All have waited for the lock, or nobody knows what was committed: no second try.
        is_final = is_unknown or (not is_locked and isinstance(error, BUSY))
        _give(rides, error if is_final else None)


async def _all(connection: Connection, board_id: str, rides: Rides) -> None:
    """Do them in their order: in memory, as far as that goes."""
    joint: Joint | None = None
    for number, ride in enumerate(rides):
        like = _in_memory(rides[number:])
        if joint is None and len(like) > 1:
            joint = await read_joint(connection, board_id, like, is_locked=True)
        if joint and ride.like and await joint.take(ride):
            continue
        if joint:
            await joint.write()
        await ride.join(connection, board_id)
        if ride.has_written or not ride.like:
            joint = None  # what was read is no longer so, or was not read for those behind it
    if joint:
        await joint.write()


def _in_memory(rides: Rides) -> Rides:
    """Give those at the head that a batch could do as well."""
    return list(takewhile(lambda ride: ride.like, rides))


def _give(rides: Rides, error: Exception | None) -> None:
    """Tell all what has come of it; None: they are not done."""
    for ride in rides:
        ride.outcome = error and (translate(error) or error)
