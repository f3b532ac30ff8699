"""The board's log: every change of a board is one locked transaction that appends one event.

``change`` locks the board, judges the actor in the next statement, hands over what that statement
read, and when the block ends writes rows, counter, event and notification in one statement. The
rows that are written are the rows that are logged: there is no second list that could differ.

Rows are dicts as ``to_jsonb`` gives them (ids and times as strings) and are never changed in
place: ``update`` makes a new one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic_core import to_json

from doska.boards.access import Access, Judgement, Parts, Standing
from doska.boards.schemas import BoardRow, BoardUserRow
from doska.database import Connection, transaction
from doska.errors import NotFound
from doska.identity.access import numbered
from doska.schemas import now

CHANNEL = "doska"

Row = Any  # a TypedDict of the table's columns

COUNTERS = ("seq", "task_number")  # kept by the log itself: derived, so not logged

TABLES: dict[str, tuple[str, ...]] = {}  # what can be changed, with its columns; filled below


def register(**rows: type) -> None:
    """Let the log write these tables; each row's type names the columns."""
    TABLES.update({table: tuple(row.__annotations__) for table, row in rows.items()})


BOARD_PART = "to_jsonb(b)"

_LOCK = """
    select b.id from boards b
    where b.id = ({board_of})
      and (b.is_public
           or exists (select from board_users m where m.board_id = b.id and m.user_id = :user_id)
           or exists (select from users u where u.id = :user_id and u.is_admin))
    for no key update of b"""


class LogError(AssertionError):
    """A write did not do exactly what its event says; it is rolled back."""


@dataclass
class Change:
    """A board under its lock: what was read, and what is to be written."""

    board: BoardRow
    standing: Standing
    actor_id: str
    parts: Parts
    connection: Connection
    at: str = field(default_factory=now)
    seq: int = 0
    task_number: int = 0
    rows: list["RowChange"] = field(default_factory=list)
    event: dict[str, Any] | None = None

    def insert(self, table: str, row: Row) -> Row:
        """Add a row."""
        self.rows.append(RowChange(table, row["id"], None, row))
        return row

    def update(self, table: str, row: Row, **values: Any) -> Row:
        """Change a row and count its version; a row that stays the same is not touched."""
        changed = {name: value for name, value in values.items() if row[name] != value}
        if not changed:
            return row
        return self.touch(table, row, **changed)

    def touch(self, table: str, row: Row, **values: Any) -> Row:
        """Change a row and count its version, also when only what belongs to it has changed."""
        if "version" in row:
            values["version"] = row["version"] + 1
        if "updated_at" in row:
            values["updated_at"] = self.at
        after = {**row, **values}
        self.rows.append(RowChange(table, row["id"], row, after))
        return after

    def delete(self, table: str, row: Row) -> None:
        """Remove a row."""
        self.rows.append(RowChange(table, row["id"], row, None))

    def record(self, kind: str, payload: dict[str, Any], *, task_id: str | None = None) -> None:
        """Say what happened, in the past tense; without a changed row nothing has."""
        self.event = {
            "type": kind,
            "actor_id": self.actor_id,
            "task_id": task_id,
            "payload": payload,
            "at": self.at,
        }

    async def write(self) -> None:
        """Write rows, counter, event and notification in one statement."""
        if self.event is None:
            if self.rows:
                raise LogError("rows were changed but no event tells of it")
            return
        await self._write_all()

    async def _write_all(self) -> None:
        changed = {row.table: row for row in self.rows}.get("boards")
        rows = _grouped([row for row in self.rows if row.table != "boards"])
        how = changed.operation if changed else "count"
        values: list[Any] = [self.board["id"], self.task_number, self._event_json()]
        values += [to_json(changed.after).decode()] if changed else []
        row = await self.connection.fetchrow(_statement(how, tuple(rows)), *values, *rows.values())
        written = sum(1 for change in self.rows if change.table != "boards")
        if row is None or row["seq"] != self.seq + 1 or row["written"] != written:
            raise LogError(f"the write gave {row and dict(row)}, not {written} rows")
        self.seq += 1

    def _event_json(self) -> str:
        logged = [
            {"table": row.table, "id": row.id, "before": row.before, "after": row.after}
            for row in self.rows
        ]
        return to_json({**(self.event or {}), "changes": logged}).decode()


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after: the unit of the log."""

    table: str
    id: str
    before: Row | None
    after: Row | None

    @property
    def operation(self) -> str:
        """Name what it does."""
        if self.before is None:
            return "insert"
        return "delete" if self.after is None else "update"


@asynccontextmanager
async def change(access: Access, judgement: Judgement, **values: Any) -> AsyncIterator[Change]:
    """Open a board for one action: lock it, judge the actor, read; write and commit at the end.

    Locks the board's row until the end. Judging comes in the statement after the lock: a statement
    that has waited for a lock still sees other tables as they were before it waited.
    """
    async with transaction() as connection:
        yield (opened := await open_board(connection, access, judgement, **values))
        await opened.write()


async def open_board(
    connection: Connection, access: Access, judgement: Judgement, **values: Any
) -> Change:
    """Lock and judge inside a transaction that is open already."""
    sql, names = _lock_statement(access.anchor.board_of)
    known = {"anchor_id": access.anchor_id, "user_id": access.caller.user_id, **values}
    locked = await connection.fetchval(sql, *(known[name] for name in names))
    standing, parts = await judgement.load(access, connection.fetchrow, **values)
    if locked is None:
        raise NotFound  # it became visible only after we looked for it
    board = parts.pop("board")
    counters = {name: board.pop(name) for name in COUNTERS}
    return Change(board, standing, access.caller.user_id, parts, connection, **counters)


@cache
def _lock_statement(board_of: str) -> tuple[str, tuple[str, ...]]:
    return numbered(_LOCK.format(board_of=board_of))


def action(anchor: Any, **parts: str) -> Judgement:
    """Prepare what an action needs to know: the board, and these parts."""
    return Judgement(anchor, board=BOARD_PART, **parts)


Group = tuple[str, str]  # an operation and its table


def _grouped(rows: list[RowChange]) -> dict[Group, Any]:
    """Give each operation on each table its parameter; deletes first, inserts last."""
    groups: dict[Group, list[RowChange]] = {}
    for row in rows:
        groups.setdefault((row.operation, row.table), []).append(row)
    order = ["delete", "update", "insert"]
    return {
        group: [row.id for row in found]
        if group[0] == "delete"
        else to_json([row.after for row in found]).decode()
        for group, found in sorted(groups.items(), key=lambda item: order.index(item[0][0]))
    }


@cache
def _statement(how: str, groups: tuple[Group, ...]) -> str:
    """Write the one statement: $1 board, $2 task number, $3 event, $4 board's row if it changes."""
    first = 4 if how == "count" else 5
    steps = [
        f"step{n} as ({_STEPS[operation](table, f'${first + n}')} returning 1)"
        for n, (operation, table) in enumerate(groups)
    ]
    counts = " + ".join(f"(select count(*) from step{n})" for n in range(len(groups))) or "0"
    return f"""
        with {", ".join([*steps, f"b as ({_board_step(how)} returning x.id, x.seq)", _EVENT])}
        select b.seq, {counts} as written, pg_notify('{CHANNEL}', b.id || ':' || b.seq)
        from b, recorded"""


_EVENT = """recorded as (
    insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
    select b.id, b.seq, e.type, e.actor_id, e.task_id, e.payload, e.changes, e.at
    from b, jsonb_populate_record(null::events, $3::jsonb) e returning seq)"""


def _board_step(how: str) -> str:
    columns = TABLES["boards"]
    if how == "count":
        return "update boards x set seq = seq + 1, task_number = $2 where id = $1"
    source = "from jsonb_populate_record(null::boards, $4::jsonb) r"
    if how == "insert":
        names = ", ".join(columns)
        return f"""insert into boards as x ({names}, seq, task_number)
            select {names}, 1, $2::int {source} where id = $1::uuid"""
    return f"""update boards x set {_assignments(columns)}, seq = x.seq + 1, task_number = $2
        {source} where x.id = $1"""


def _assignments(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = r.{name}" for name in columns if name != "id")


def _insert(table: str, parameter: str) -> str:
    names = ", ".join(TABLES[table])
    return f"""insert into {table} ({names})
        select {names} from jsonb_populate_recordset(null::{table}, {parameter}::jsonb)"""


def _update(table: str, parameter: str) -> str:
    return f"""update {table} x set {_assignments(TABLES[table])}
        from jsonb_populate_recordset(null::{table}, {parameter}::jsonb) r where x.id = r.id"""


def _delete(table: str, parameter: str) -> str:
    return f"delete from {table} where id = any({parameter}::uuid[])"


_STEPS = {"insert": _insert, "update": _update, "delete": _delete}

register(boards=BoardRow, board_users=BoardUserRow)
