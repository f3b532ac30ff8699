"""How a change is undone, row by row; nothing is read or written here.

A created object is deleted, a deleted one comes back under its old id, and of a changed one only
the changed fields are restored: what others have done meanwhile to other fields stays. If later
changes depend on it, that is a conflict.
"""

from dataclasses import dataclass, field
from typing import Any

from doska.boards.changes import RowChange
from doska.boards.kinds import Kind, Parent, Row, children_of, kind_of
from doska.undo.state import UNIQUE, State

COUNTED = {"version", "updated_at"}  # they only count changes, including this one


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict: a row, and which of its fields (none: that it exists)."""

    table: str
    id: str
    fields: tuple[str, ...] = ()


@dataclass
class Reversal:
    """What undoing these changes would write, and what conflicts with it."""

    state: State
    wanted: list[RowChange]
    planned: list[RowChange] = field(default_factory=list, init=False)
    clashes: list[Clash] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Compute both lists."""
        self._returning: dict[tuple[str, str], set[str]] = {}  # by a table and a column
        self._by_row = {(change.table, change.id): change for change in self.wanted}
        for change in self.wanted:
            if change.before is None:
                self._remove(change)
            elif change.after is None:
                self._restore(change, change.before)
            else:
                self._change_back(change, change.before, change.after)

    def _plan(self, table: str, before: Row | None, after: Row | None) -> None:
        row_id = (before or after)["id"]  # type: ignore[index]  # there is one
        self.planned.append(RowChange(table, row_id, before, after))

    def _clash(self, change: RowChange, *fields: str) -> None:
        self.clashes.append(Clash(change.table, change.id, fields))

    def _remove(self, change: RowChange) -> None:
        row = self.state.get(change.table, change.id)
        later = _uncounted(_differing(row, change.after))
        if row is None or later:
            self._clash(change, *later)
            return
        self.clashes += self._missing(kind_of(change.table), row)
        self.clashes += self._children(change.table, row)
        self._plan(change.table, row, None)

    def _children(self, table: str, row: Row) -> list[Clash]:
        """List what depends on a row and would not be deleted with it.

        What outlives it does only if it came later: the rest was there unseen before the row was.
        """
        return [
            Clash(kind.table, child["id"])
            for kind, parent in children_of(table)
            for child in self.state.find(kind.table, parent.column, row[parent.key])
            if not (parent.is_outlived and child["id"] not in self.state.later)
            and not self._lets_go(kind.table, child["id"], parent.column, row[parent.key])
        ]

    def _lets_go(self, table: str, row_id: str, name: str, value: str) -> bool:
        change = self._by_row.get((table, row_id))
        return change is not None and (change.before is None or change.before[name] != value)

    def _restore(self, change: RowChange, before: Row) -> None:
        kind = kind_of(change.table)
        if kind.is_link:
            self._join_again(kind, before)
            return
        rivals = [self.state.get(change.table, change.id), *self._same(kind, before)]
        if found := next((row for row in rivals if row), None):
            self.clashes.append(Clash(change.table, found["id"]))
            return
        self.clashes += self._missing(kind, before)
        forgotten = {
            name: None
            for name, how in kind.people.items()
            if how == "forget" and before[name] not in self.state.users
        }
        self._plan(change.table, None, {**before, **forgotten})

    def _same(self, kind: Kind, row: Row) -> list[Row]:
        """List the rows that must be unique together with this one."""
        return self.state.find(kind.table, UNIQUE, kind.unique(row)) if kind.unique else []

    def _join_again(self, kind: Kind, before: Row) -> None:
        """Restore links that still can be: both ends exist, and no other row links them."""
        is_known = all(before[name] in self.state.users for name in kind.people)
        if is_known and not self._missing(kind, before) and not self._same(kind, before):
            self._plan(kind.table, None, before)

    def _missing(self, kind: Kind, row: Row) -> list[Clash]:
        """List the parents of a row that neither exist nor come back."""
        return [
            Clash(parent.table, row[parent.column])
            for parent in kind.parents
            if row.get(parent.column) and not self._is_there(parent, row[parent.column])
        ][:1]

    def _is_there(self, parent: Parent, value: str) -> bool:
        if found := self.state.find(parent.table, parent.key, value):
            return all(
                self._is_there(above, found[0][above.column])
                for above in kind_of(parent.table).parents
                if above.is_outlived
            )
        key = parent.table, parent.key
        if key not in self._returning:
            gone = (change for change in self.wanted if change.table == parent.table)
            self._returning[key] = {c.before[parent.key] for c in gone if c.before and not c.after}
        return value in self._returning[key]

    def _change_back(self, change: RowChange, before: Row, after: Row) -> None:
        names = _changed_fields(change.table, before, after)
        row = self.state.get(change.table, change.id)
        if row is None:
            if names:  # otherwise it was only touched together with something else
                self._clash(change)
            return
        names = [name for name in names if name in row]  # not what only a newer release stores
        if later := [name for name in names if row[name] != after[name]]:
            self._clash(change, *later)
            return
        values: dict[str, Any] = {name: before[name] for name in names}
        kind, back = kind_of(change.table), {**row, **values}
        self.clashes += self._missing(kind, back)
        if kind.unique and kind.unique(back) != kind.unique(row):
            self.clashes += [Clash(kind.table, rival["id"]) for rival in self._same(kind, back)]
        self._plan(change.table, row, back)


def _changed_fields(table: str, before: Row, after: Row) -> list[str]:
    """List the changed fields, and those that belong together: a rank and its column."""
    kind, names = kind_of(table), _uncounted(_differing(before, after))
    more = {"rank"} if kind.ranked_in in names else set[str]()
    more = more.union(*(fields for fields in kind.together if fields.intersection(names)))
    return [*names, *sorted(more.difference(names))]


def _uncounted(names: list[str]) -> list[str]:
    return [name for name in names if name not in COUNTED]


def _differing(one: Row | None, other: Row | None) -> list[str]:
    if one is None or other is None:
        return []
    return [name for name in other if one.get(name) != other[name]]
