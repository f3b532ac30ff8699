"""What an action writes: rows before and after, the events that tell of them, and what is to be done."""

from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from doska.boards.kinds import Row, kind_of
from doska.identity.faces import without_faces


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after: the unit of the log."""

    table: str
    id: str
    before: Row | None
    after: Row | None
    is_returning: bool = False  # under the id that it had before

    @property
    def operation(self) -> str:
        """Name what it does."""
        if self.before is None:
            return "insert"
        return "delete" if self.after is None else "update"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, and the rows that it tells of."""

    event: dict[str, Any]
    rows: list[RowChange]

    def stored(self) -> dict[str, Any]:
        """Give it as a row of ``events``, but for its board and number."""
        changes = [
            {"table": row.table, "id": row.id, "before": row.before, "after": row.after}
            for row in self.rows
        ]
        payload = without_faces(self.event["payload"])
        return {**self.event, "payload": payload, "changes": changes}


def net(entries: list[Entry]) -> list[RowChange]:
    """Give what several events change taken together: each row once, from the first to the last."""
    if len(entries) == 1:
        return entries[0].rows
    found: dict[tuple[str, str], RowChange] = {}
    for row in (row for entry in entries for row in entry.rows):
        earlier = found.get((row.table, row.id), row)
        found[row.table, row.id] = RowChange(row.table, row.id, earlier.before, row.after)
    return [row for row in found.values() if row.before is not row.after]


Group = tuple[str, str]  # an operation and its table


def grouped(rows: list[RowChange]) -> dict[Group, Any]:
    """Give each operation on each table its parameter; deletes first, inserts last.

    A single row has an operation of its own: PostgreSQL expects a hundred of a set, and then reads
    a whole table of some thousand rows to find one.
    """
    groups: dict[Group, list[RowChange]] = {}
    for row in rows:
        groups.setdefault((row.operation, row.table), []).append(row)
    order = ["delete", "update", "insert"]
    found: dict[Group, Any] = {}
    for operation, table in sorted(groups, key=lambda group: order.index(group[0])):
        changes = groups[operation, table]
        if operation == "delete":
            found[operation, table] = [row.id for row in changes]
        elif len(changes) == 1:
            found[f"{operation} one", table] = to_json(changes[0].after).decode()
        else:
            found[operation, table] = to_json([row.after for row in changes]).decode()
    return found


def first_used(entries: list[Entry]) -> dict[Group, list[str]]:
    """Give the ids that are used for the first time, by the table that they are used in.

    Not of what is left: what a batch makes and deletes again has had an id, too.
    """
    groups: dict[Group, list[str]] = {}
    for row in (row for entry in entries for row in entry.rows):
        if row.before is None and kind_of(row.table).is_named and not row.is_returning:
            groups.setdefault(("use", row.table), []).append(row.id)
    return groups
