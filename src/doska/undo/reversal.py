"""How a change is taken back, row by row; nothing is read or written here.

What was made goes, what went comes back under its old id, and of what was changed only those
fields that were changed: whatever others have done meanwhile to other fields stays. Where somebody
has built upon it, it is a conflict.
"""

from dataclasses import dataclass, field
from typing import Any

from doska.boards.statements import Row, RowChange
from doska.tasks.deeds import DUE
from doska.tasks.places import GROUPS
from doska.undo.state import State

COUNTED = {"version", "updated_at"}  # they only count changes, this one too

# Which rows hang on a row: they would go with it.
CHILDREN = {
    "columns": (("tasks", "column_id", "id"),),
    "tasks": (("subtasks", "task_id", "id"), ("task_assignees", "task_id", "id")),
    "board_users": (("task_assignees", "user_id", "user_id"),),
}


@dataclass(frozen=True, slots=True)
class Clash:
    """Something that stands in the way: a row, and which of its fields (none: that it is there)."""

    table: str
    id: str
    fields: tuple[str, ...] = ()


@dataclass
class Reversal:
    """What taking these changes back would write, and what stands in the way."""

    state: State
    wanted: list[RowChange]
    planned: list[RowChange] = field(default_factory=list, init=False)
    clashes: list[Clash] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Work out both lists."""
        self._by_row = {(change.table, change.id): change for change in self.wanted}
        self._returning = {
            change.before["user_id"]
            for change in self.wanted
            if change.table == "board_users" and change.before and change.after is None
        }
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
        self.clashes += self._children(change.table, row)
        self._plan(change.table, row, None)

    def _children(self, table: str, row: Row) -> list[Clash]:
        """List what hangs on a row and would not be let go of with it."""
        return [
            Clash(inner, child)
            for inner, name, key in CHILDREN.get(table, ())
            for child in self._named(inner, name, row[key])
            if not self._lets_go(inner, child, name, row[key])
        ]

    def _lets_go(self, table: str, row_id: str, name: str, value: str) -> bool:
        change = self._by_row.get((table, row_id))
        return change is not None and (change.before is None or change.before[name] != value)

    def _named(self, table: str, name: str, value: str) -> list[str]:
        if table == "tasks":
            return [task for task, column, _ in self.state.places if column == value]
        return [row["id"] for row in self.state.find(table, **{name: value})]

    def _restore(self, change: RowChange, before: Row) -> None:
        if change.table == "task_assignees":
            self._assign_again(before)
            return
        rivals = [self.state.get(change.table, change.id), *self._same_person(change, before)]
        if found := next((row for row in rivals if row), None):
            self.clashes.append(Clash(change.table, found["id"]))
            return
        if clash := self._missing(before):
            self.clashes.append(clash)
        is_known = before.get("author_id") in self.state.users
        author = {} if is_known or "author_id" not in before else {"author_id": None}
        self._plan(change.table, None, {**before, **author})

    def _same_person(self, change: RowChange, before: Row) -> list[Row]:
        is_person = change.table == "board_users"
        return self.state.find("board_users", user_id=before["user_id"]) if is_person else []

    def _assign_again(self, before: Row) -> None:
        """Assign again whoever still can be: a person of the board, and a task that is there."""
        user, task = before["user_id"], before["task_id"]
        is_known = self.state.find("board_users", user_id=user)
        is_on_board = user in self.state.users and (is_known or user in self._returning)
        is_there = self.state.get("tasks", task) or self._returns("tasks", task)
        is_assigned = self.state.find("task_assignees", user_id=user, task_id=task)
        if is_on_board and is_there and not is_assigned:
            self._plan("task_assignees", None, before)

    def _returns(self, table: str, row_id: str) -> bool:
        change = self._by_row.get((table, row_id))
        return change is not None and change.after is None

    def _missing(self, row: Row) -> Clash | None:
        """Tell which column or task a row needs and has not got."""
        for table, name in (("columns", "column_id"), ("tasks", "task_id")):
            needed: Any = row.get(name)
            is_there = needed is None or self.state.get(table, needed)
            if not is_there and not self._returns(table, needed):
                return Clash(table, needed)
        return None

    def _change_back(self, change: RowChange, before: Row, after: Row) -> None:
        names = _changed_fields(change.table, before, after)
        row = self.state.get(change.table, change.id)
        if row is None:
            if names:  # else it was only touched with something else
                self._clash(change)
            return
        names = [name for name in names if name in row]  # not what only a newer release keeps
        if later := [name for name in names if row[name] != after[name]]:
            self._clash(change, *later)
            return
        values: dict[str, Any] = {name: before[name] for name in names}
        if clash := self._missing(values):
            self.clashes.append(clash)
        self._plan(change.table, row, {**row, **values})


def _changed_fields(table: str, before: Row, after: Row) -> list[str]:
    """List what was changed, and what says nothing without it.

    A rank is one in a column; and a task is due at a moment or on a day.
    """
    names = _uncounted(_differing(before, after))
    together = {"rank"} if GROUPS.get(table) in names else set()
    together |= DUE.keys() if DUE.keys() & names else set()
    return [*names, *sorted(together.difference(names))]


def _uncounted(names: list[str]) -> list[str]:
    return [name for name in names if name not in COUNTED]


def _differing(one: Row | None, other: Row | None) -> list[str]:
    if one is None or other is None:
        return []
    return [name for name in other if one.get(name) != other[name]]
