"""The board as it was after any event that its log still reaches back to.

The statement is the one of today's snapshot, over rows taken back: those that no later event has
touched, as they are, and of each row that was touched what stood before the first such event.
People are no part of a board's log: their names are today's, and nobody is shown where the account
is gone.
"""

from dataclasses import replace

from pydantic_core import to_json

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.floors import KEPT, no_longer_kept
from doska.boards.following import following
from doska.boards.kinds import Kind, kind_of, on_board
from doska.boards.policy import Right
from doska.errors import Gone
from doska.http.answers import digest
from doska.live.snapshot import Snapshot
from doska.live.snapshot_sql import snapshot_of_past

# Which event was the first later one to touch each row: the rows of today, and those that are gone
# since. A row that came and went as often was not there then, or is there today.
_FIRST = """cross join lateral (
        select t.seq from touched_rows t where t.board_id = b.id and t.row_id = x.id
            and t.name = x.name and t.seq > :at::bigint order by t.seq limit 1) t"""
_GONE = """select t.name, t.row_id as id from touched_rows t
    where t.board_id = b.id and t.seq > :at::bigint and t.fields is null
    group by t.name, t.row_id having sum(t.gained) < 0"""


def _later() -> str:
    """Write the step of what was before the first of the later events, by row.

    Null: the row was not there. Each of these events is found by its number and opened once, and no
    other: ``offset 0`` and ``is true`` keep the planner from reading all events instead, and from
    opening one again for each of its rows.
    """
    today = " union all ".join(
        [
            "select 'boards' as name, b.id",
            *(f"select '{k.table}', x.id from {_of_board(k.table)}" for k in on_board()),
        ]
    )
    return f"""firsts as materialized (
    select x.name, x.id, t.seq from ({today} union all {_GONE}) x {_FIRST}),
later as materialized (
    select c.name, c.id, c.before
    from (select distinct f.seq from firsts f) s
        cross join lateral (
            select e.changes from events e where e.board_id = b.id and e.seq = s.seq offset 0) e
        cross join lateral (
            select r ->> 'table' as name, (r ->> 'id')::uuid as id, r -> 'before' as before
            from jsonb_array_elements(e.changes) r offset 0) c
    where ((s.seq, c.name, c.id) in (select f.seq, f.name, f.id from firsts f)) is true)"""


REACHED = f":at::bigint between {KEPT} and b.seq"  # whether the log holds it

_PAST = """past as materialized (
    select p.* from jsonb_populate_record(b, coalesce(
        (select l.before from later l where l.name = 'boards'), '{}')
        || jsonb_build_object('seq', :at::bigint)) p)"""


def _of_board(table: str) -> str:
    return f"(select x.* from {table} x where x.board_id = b.id) x"


def taken_back(table: str, rows: str) -> str:
    """Give a table's name to its rows as they were, for what is written after this.

    ``not in`` looks into a hash table; ``not exists`` was joined row by row when the planner
    expected few rows.
    """
    return f"""{table} as materialized (
        select x.* from {rows}
            where x.id not in (select l.id from later l where l.name = '{table}')
        union all
        select p.* from later l
            cross join lateral jsonb_populate_record(null::{table}, {_whole(kind_of(table))}) p
            where l.name = '{table}' and l.before <> 'null')"""


def _whole(kind: Kind) -> str:
    """Write the SQL of a row with all its columns, as an earlier release has logged it or not."""
    fresh = (
        f"case when coalesce(l.before -> '{name}', 'null') = 'null' "
        f"then '{_json(name, value)}' else '{{}}'::jsonb end"
        for name, value in kind.fresh.items()
    )
    return " || ".join(["l.before", *fresh, "jsonb_build_object('board_id', b.id)"])


def _json(name: str, value: object) -> str:
    return to_json({name: value}).decode().replace("'", "''")


@following()
def _body() -> str:
    steps = [_later(), *(taken_back(k.table, _of_board(k.table)) for k in on_board()), _PAST]
    return f"(with {', '.join(steps)} select {snapshot_of_past()} from past b)"


AS_IT_WAS = Judgement(BOARD, oldest=KEPT, body=lambda: f"case when {REACHED} then {_body()} end")


async def read_past(access: Access, at: int, per_column: int) -> Snapshot:
    """Give the board as it was after an event; Gone where the log does not reach it.

    This needs the right to the history, and is judged by it. The tag is weak as today's
    snapshot's, and made of the bytes: names are those of today.
    """
    access = replace(access, right=Right.VIEW_HISTORY)
    _, row = await AS_IT_WAS.ask(access, at=at, per_column=per_column)
    if at > row["seq"]:
        raise Gone(f"That event has not happened yet: the latest is {row['seq']}.", seq=row["seq"])
    if row["body"] is None:
        raise no_longer_kept(row["seq"], row["oldest"])
    body = row["body"].encode()
    return Snapshot(f'W/"{at}.{digest(body)}"', body, at)
