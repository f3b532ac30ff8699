"""Events that are older than a log is kept: removed from its beginning, a few at a time.

A log is trimmed under the board's lock, so an undo sees events either kept or removed. A batch goes
whole or stays whole. The newest event stays: it says when the board was last changed, and names the
position that clients have. What followers have not handled yet stays, too.

With the events go the entries of ``touched_rows``, and what has outlived a thing whose deletion
cannot be undone any more. Ids stay used.
"""

from collections.abc import Iterator
from typing import Any

from doska.background.jobs import Handlers, Patience
from doska.background.schedule import seconds_to_night
from doska.boards.floors import TRIMMED
from doska.boards.following import following
from doska.boards.kinds import Kind, Parent, children_of, on_board
from doska.postgres.database import fetch_row, transaction
from doska.settings import Settings

NIGHTLY = "log.trim-nightly"
EVENTS_AT_ONCE = 500  # more than a batch can have
BOARDS_AT_ONCE = 1000  # looked at in one statement
FIRST = "00000000-0000-0000-0000-000000000000"  # before all ids

_IS_OLD = "< now() - $2 * interval '1 day'"
_OLD_BOARDS = f"""
    select max(b.id::text) as last, array_agg(b.id::text order by b.id) filter (
        where oldest.seq < b.seq and oldest.at {_IS_OLD}) as boards
    from (select * from boards where id > $1 order by id limit {BOARDS_AT_ONCE}) b
        left join lateral (select e.seq, e.at from events e
            where e.board_id = b.id and e.seq > {TRIMMED} order by e.seq limit 1) oldest on true"""

_LOCK = f"select {TRIMMED} as trimmed from boards b where b.id = $1 for no key update"
_HANDLED = """(select min(coalesce(f.seq, 0)) from known_followers k
    left join followers f on f.name = k.name and f.board_id = $1)"""
# The last one that goes: all before it are old, too, and it is followed by one of another batch.
_UNTIL = f"""
    select max(e.seq) from (
        select e.seq, e.batch_id, bool_and(e.at {_IS_OLD}) over w as is_old,
            lead(e.seq) over w as next, lead(e.batch_id) over w as next_batch
        from (select * from events where board_id = $1 and seq > $3
            order by seq limit $4::int + 1) e window w as (order by e.seq)) e
    where e.is_old and e.next is not null and (e.batch_id = e.next_batch) is not true
        and e.seq <= coalesce({_HANDLED}, e.seq)"""


@following()
def _remove() -> str:
    """Write the statement: $1 board, $2 the last event that goes."""
    outliving = (
        step
        for kind in on_board()
        for parent in kind.parents
        if parent.is_outlived
        for step in _removed_with(kind, parent)
    )
    return f"with {', '.join([_EVENTS, _ENTRIES, *outliving])} {_NOTE}"


def _removed_with(kind: Kind, parent: Parent) -> Iterator[str]:
    """Write the steps for what has outlived what can come back no more, and what hangs on it."""
    table, gone = kind.table, _GONE_FOR_GOOD.format(table=parent.table)
    yield f"""{table}_left as materialized (
        select x.id from {table} x where x.{parent.column} = any(array({gone})))"""
    ids = f"any(array(select id from {table}_left))"
    for child, p in children_of(table):
        yield f"{child.table}_gone as (delete from {child.table} where {p.column} = {ids})"
    yield f"{table}_gone as (delete from {table} where id = {ids})"


_EVENTS = """gone as (
    delete from events where board_id = $1 and seq <= $2 returning seq, actor_id, changes),
touched as materialized (
    select r.row_id, r.name, r.gained, g.seq from gone g cross join lateral rows_touched(g.changes) r)"""
# Entries are found by their keys, one by one: ``touched_rows`` has no order by event.
_ENTRIES = """entries_gone as (
    delete from touched_rows where ctid = any(array(
        select t.ctid from touched r cross join lateral (
            select t.ctid from touched_rows t where t.board_id = $1 and t.row_id = r.row_id
                and t.seq = r.seq and t.name = r.name offset 0) t)))"""
# Of what these events deleted, what is not back, and no later event has deleted again.
_GONE_FOR_GOOD = """
    select r.row_id from touched r where r.name = '{table}' and r.gained < 0
        and not exists (select from {table} y where y.id = r.row_id)
        and not exists (select from touched_rows t where t.board_id = $1
            and t.row_id = r.row_id and t.seq > $2 and t.name = r.name)"""
_NOTE = """
    insert into trimmed_logs as f (board_id, seq, made_by)
    values ($1, $2, (select g.actor_id from gone g where g.seq = 1))
    on conflict (board_id) do update set seq = excluded.seq"""


async def trim(board_id: str, days: int) -> bool:
    """Remove a few old events of a board; returns whether there were any."""
    async with transaction() as connection:
        trimmed = await connection.fetchval(_LOCK, board_id)
        if trimmed is None:
            return False
        until = await connection.fetchval(_UNTIL, board_id, days, trimmed, EVENTS_AT_ONCE)
        if until is None:
            return False
        await connection.execute(_remove(), board_id, until)
        return True


class Trimming:
    """Goes through all boards, over several turns if need be; where it was is only in memory."""

    def __init__(self, settings: Settings) -> None:
        self._days, self._after = settings.history_days, FIRST

    async def work(self, _: dict[str, Any]) -> float:
        """Trim logs for a few seconds; returns 0 if there is more to do, else how long to wait."""
        patience = Patience()
        while self._days and (found := await fetch_row(_OLD_BOARDS, self._after, self._days)):
            if found["last"] is None:
                break
            for board_id in found["boards"] or ():
                while await trim(board_id, self._days):
                    if patience.is_over:
                        return 0
                self._after = board_id
            self._after = found["last"]
            if patience.is_over:
                return 0
        self._after = FIRST
        return seconds_to_night()


def handlers(settings: Settings) -> Handlers:
    """Return the handlers of this job."""
    return {NIGHTLY: Trimming(settings).work}
