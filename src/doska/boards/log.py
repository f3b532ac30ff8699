"""The board's log: every change of a board is one statement that appends its events.

``acting.act`` and ``opening.change`` authorize the actor and give a ``Change``, which collects
rows and an event (a batch: several) and writes them in one statement, with the board's counter and
the response for repeated requests; others are notified after the commit. The board is locked, or
is written only if it is as it was read. The rows that are written are the rows that are logged:
there is no second list that could differ.

Rows are dicts as ``to_jsonb`` gives them (ids and times as strings) and are never changed in place:
``update`` makes a new one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from pydantic_core import to_json

from doska.boards.access import Parts
from doska.boards.auditing import audit_entries
from doska.boards.changes import Entry, Group, RowChange, first_used, grouped, net
from doska.boards.claims import kept
from doska.boards.kinds import Row
from doska.boards.limits import USUAL, Limits
from doska.boards.owning import check_change, check_taking
from doska.boards.policy import Standing
from doska.boards.rehearsal import WRITTEN, report_of
from doska.boards.rows import BoardRow
from doska.boards.sending import send_guarded
from doska.boards.statements import CLAIM_ANSWER, KEEP_ALONE, KEEP_ANSWER, Still, statement
from doska.http.answers import NONE, Answer, Conditions, Rehearsed, answer_of
from doska.postgres.database import Connection, json_of
from doska.postgres.notifying import notify
from doska.schemas import now

# Returns rows of a table's group, by its id, as they are after a batch's previous changes.
Overlay = Callable[[str, str, list[Row]], list[Row]]


class LogError(AssertionError):
    """A write did not do exactly what its event says; it is rolled back."""


class NotLocked(Exception):  # the action is done again, under the lock
    """Of a board that is not locked only the judgement may be asked."""


class Outrun(Exception):  # the action is done again
    """The board, or the caller's sign-in, is no longer as it was read; nothing was written."""


INCOMPLETE = asyncpg.DivisionByZeroError  # what a statement of the log fails with then


def incomplete(written: int) -> LogError:
    """Say what it is if a statement of the log did not write so many rows."""
    return LogError(f"the write did not give {written} rows")


@dataclass
class Change:
    """An open board: what was read, and what is to be written.

    It is locked until the end, or else ``guard`` has what must still be true when it is written.
    """

    board: BoardRow
    standing: Standing
    actor_id: str
    parts: Parts
    database: Connection
    conditions: Conditions = NONE
    at: str = field(default_factory=now)
    seq: int = 0
    task_number: int = 0
    rows: list[RowChange] = field(default_factory=list)  # those of the next event
    entries: list[Entry] = field(default_factory=list)
    batch_id: str | None = None
    overlay: Overlay | None = None
    result: Answer[Any] = field(default_factory=Answer)
    limits: Limits = USUAL
    unlogged: dict[Group, str] = field(default_factory=dict)
    guard: Still | None = None

    @property
    def connection(self) -> Connection:
        """Ask the database more than the judgement did: only under the lock."""
        if self.guard is not None:
            raise NotLocked
        return self.database

    def insert(self, table: str, row: Row) -> Row:
        """Add a row."""
        self.rows.append(RowChange(table, row["id"], None, row))
        return row

    def beside(self, table: str, row: Row) -> None:
        """Insert a row of a table that no log has, by the statement that writes the rest."""
        self.unlogged["put", table] = to_json([row]).decode()

    def restore(self, table: str, row: Row) -> Row:
        """Restore a row that existed before: under its old id, which nothing else has."""
        self.rows.append(RowChange(table, row["id"], None, row, is_returning=True))
        return row

    def update(self, table: str, row: Row, **values: Any) -> Row:
        """Change a row and increase its version; an unchanged row is not touched."""
        changed = {name: value for name, value in values.items() if row[name] != value}
        if not changed:
            return row
        check_change(table, row, self.actor_id, self.standing)
        return self.touch(table, row, **changed)

    def touch(self, table: str, row: Row, **values: Any) -> Row:
        """Change a row and increase its version, also if only what belongs to it has changed."""
        if "version" in row:
            values["version"] = row["version"] + 1
        if "updated_at" in row:
            values["updated_at"] = self.at
        after = {**row, **values}
        self.rows.append(RowChange(table, row["id"], row, after))
        return after

    def delete(self, table: str, row: Row, *, is_judged: bool = False) -> None:
        """Delete a row; one that is deleted together with another is checked by that one."""
        if not is_judged:
            check_taking(table, row, self.actor_id, self.standing)
        self.rows.append(RowChange(table, row["id"], row, None))

    def record(self, kind: str, payload: dict[str, Any], *, task_id: str | None = None) -> None:
        """Describe what happened to the rows so far, in the past tense; otherwise nothing has."""
        event = {
            "type": kind,
            "actor_id": self.actor_id,
            "task_id": task_id,
            "batch_id": self.batch_id,
            "payload": payload,
            "at": self.at,
        }
        self.entries.append(Entry(event, self.rows))
        self.rows = []

    def show(self, view: dict[str, Any], version: object = None) -> Answer[Any]:
        """Respond with an object; its version is part of it, unless given."""
        self.result = answer_of(view, view["version"] if version is None else version)
        return self.result

    def show_new(self, view: dict[str, Any], object_id: str, version: object = None) -> Answer[Any]:
        """Respond with a new object, whose address is the request's own plus its id."""
        location = f"{self.conditions.path}/{object_id}"
        self.result = answer_of(view, view["version"] if version is None else version, location)
        return self.result

    def nothing(self) -> Answer[None]:
        """Respond that it is done."""
        self.result = Answer()
        return self.result

    async def standing_in(self, table: str, group: str, group_id: str) -> list[Row]:
        """Read everything in one column, board or task, in order."""
        sql = f"select to_jsonb(x) from {table} x where x.{group} = $1 and x.rank is not null"
        rows = [json_of(found[0]) for found in await self.connection.fetch(sql, group_id)]
        if self.overlay:
            rows = self.overlay(table, group_id, rows)
        return sorted(rows, key=lambda row: row["rank"])

    async def write(self) -> None:
        """Write rows, counter, events and stored response in one statement."""
        self.settle()
        if self.entries:
            await self._write_all()
        else:
            await self._keep_answer()
        await self.finish()

    def settle(self) -> None:
        """Let the answer tell its number."""
        if self.rows:
            raise LogError("rows were changed but no event tells of it")
        self.result.seq = self.seq + len(self.entries)
        self.result.event = self.result.seq if self.entries else None

    async def finish(self) -> None:
        """End a dry run by rolling everything back."""
        if self.conditions.is_rehearsal:
            await self.connection.execute("set constraints all immediate")
            before = self.seq - len(self.entries)
            written = await self.connection.fetch(WRITTEN, self.board["id"], before)
            raise Rehearsed(report_of(self.entries, [json_of(event[0]) for event in written]))

    async def _keep_answer(self) -> None:
        """Store the response for repeated requests, if nothing else is written."""
        if answer := self._kept():
            await self.connection.execute(KEEP_ALONE, answer)

    def _kept(self) -> str | None:
        claim = self.conditions.claim
        return kept(self.actor_id, claim, self.board["id"], self.result) if claim else None

    async def _write_all(self) -> None:
        before = self.seq
        await self.store()
        audit_entries(self.board["id"], self.standing, self.entries, before)

    async def store(self) -> None:
        """Write all in one statement; whoever calls it audits it."""
        rows = net(self.entries)
        changed = {row.table: row for row in rows}.get("boards")
        others = [row for row in rows if row.table != "boards"]
        ids = first_used(self.entries)
        groups: dict[Group, Any] = {**self.unlogged, **grouped(others), **ids}
        written = len(self.unlogged) + len(others) + sum(map(len, ids.values()))
        written += len(self.entries)
        if answer := self._kept():
            groups[CLAIM_ANSWER if self.guard else KEEP_ANSWER] = answer
            written += 1
        values: list[Any] = [self.board["id"], self.task_number, self._events_json(), written]
        values += [to_json(changed.after).decode()] if changed else []
        await self._run(changed.operation if changed else "count", values, groups)
        self.seq += len(self.entries)
        await notify(self.database, f"{self.board['id']}:{self.seq}")

    async def _run(self, how: str, values: list[Any], groups: dict[Group, Any]) -> None:
        """Write; Outrun if the guard no longer holds."""
        try:
            if self.guard is None:
                sql = statement(how, tuple(groups))
                row = await self.database.fetchrow(sql, *values, *groups.values())
            elif (row := await send_guarded(how, values, groups, self.guard)) is None:
                raise Outrun
        except INCOMPLETE as error:
            raise incomplete(values[3]) from error
        if row is None or row["seq"] != self.seq + len(self.entries):
            raise LogError(f"the write gave {row and dict(row)}")

    def _events_json(self) -> str:
        return to_json([entry.stored() for entry in self.entries]).decode()
