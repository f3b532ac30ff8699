"""The board as it was after any event that its log still reaches back to.

The statement is the one of today's snapshot, over rows taken back: those that no later event has
touched, as they are, and of each row that was touched what stood before the first such event.
People are no part of a board's log: their names are today's, and nobody is shown where the account
is gone.
"""

from dataclasses import replace

from doska.answers import digest
from doska.boards.access import BOARD, Access, Judgement, Right
from doska.errors import Gone
from doska.live.events import KEPT
from doska.live.snapshot import Snapshot
from doska.live.snapshot_sql import snapshot

# What was before the first of the later events, by row; null: the row was not there.
_LATER = """later as materialized (
    select distinct on (c.name, c.id) c.name, c.id, c.before
    from events e cross join lateral (
        select r ->> 'table' as name, (r ->> 'id')::uuid as id, r -> 'before' as before
        from jsonb_array_elements(e.changes) r) c
    where e.board_id = b.id and e.seq > :at::bigint order by c.name, c.id, e.seq)"""

_PAST = """past as materialized (
    select p.* from jsonb_populate_record(b, coalesce(
        (select l.before from later l where l.name = 'boards'), '{}')
        || jsonb_build_object('seq', :at::bigint)) p)"""

_OF_BOARD = "x.board_id = b.id"
_ROWS = {  # subtasks come first, while ``tasks`` is still the table, with its indexes
    "subtasks": "x.task_id in (select t.id from tasks t where t.board_id = b.id)",
    "task_assignees": _OF_BOARD,
    "board_users": _OF_BOARD,
    "tasks": _OF_BOARD,
    "columns": _OF_BOARD,
}


def _taken_back(table: str, condition: str) -> str:
    """Give a table's name to its rows as they were, for what is written after this.

    ``not in`` looks into a hash table; ``not exists`` was joined row by row when the planner
    expected few rows.
    """
    return f"""{table} as materialized (
        select x.* from {table} x where {condition}
            and x.id not in (select l.id from later l where l.name = '{table}')
        union all
        select p.* from later l
            cross join lateral jsonb_populate_record(null::{table}, l.before) p
            where l.name = '{table}' and l.before <> 'null')"""


_STEPS = ", ".join([_LATER, *(_taken_back(*rows) for rows in _ROWS.items()), _PAST])
_BODY = f"(with {_STEPS} select {snapshot('null::text')} from past b)"
AS_IT_WAS = Judgement(
    BOARD,
    seq="b.seq",
    body=f"case when :at::bigint between {KEPT} and b.seq then {_BODY} end",
)


async def read_past(access: Access, at: int, per_column: int) -> Snapshot:
    """Give the board as it was after an event; Gone where the log does not reach it.

    This needs the right to the history, and is judged by it. The tag is weak as today's
    snapshot's, and made of the bytes: names are those of today.
    """
    access = replace(access, right=Right.VIEW_HISTORY)
    _, row = await AS_IT_WAS.ask(access, at=at, per_column=per_column)
    if at > row["seq"]:
        raise Gone(f"It has not happened yet: the latest event is {row['seq']}.", seq=row["seq"])
    if row["body"] is None:
        raise Gone(seq=row["seq"])
    body = row["body"].encode()
    return Snapshot(f'W/"{at}.{digest(body)}"', body)
