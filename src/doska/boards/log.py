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
from doska.boards.rows import BoardRow
from doska.boards.statements import COUNTERS, Row, RowChange, grouped, statement
from doska.database import Connection, transaction
from doska.errors import NotFound
from doska.identity.access import numbered
from doska.schemas import now

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
        rows = grouped([row for row in self.rows if row.table != "boards"])
        how = changed.operation if changed else "count"
        values: list[Any] = [self.board["id"], self.task_number, self._event_json()]
        values += [to_json(changed.after).decode()] if changed else []
        row = await self.connection.fetchrow(statement(how, tuple(rows)), *values, *rows.values())
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
