"""A board in memory, as it is at some point of a batch: what was read, and changed since."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from doska.boards.changes import RowChange
from doska.boards.following import following
from doska.boards.hanging import Hanging
from doska.boards.kinds import Row, children_of, kind_of
from doska.boards.pieces import pieces_of
from doska.errors import NotFound

Place = tuple[str, str]  # a table, and an id in it or that of what its things stand in
Owner = tuple[str, str, str]  # a table, a column, and the id that it names there
Ladder = list[tuple[str, str]]  # ranks with ids, in order
Stand = tuple[str, str]  # the id of a column, board or task, and a rank in it


class NotRead(Exception):
    """What is asked was not read of the board, though it may be there."""


class World:
    """The rows that are known, and the places of all columns, tasks and subtasks in question.

    Rows are never changed in place: they are what the log has of them.
    """

    def __init__(self, read: dict[str, Any], board_id: str, caller_id: str) -> None:
        self._board_id = board_id
        self._rows: dict[Place, Row] = {}
        self._groups: defaultdict[Owner, dict[str, Row]] = defaultdict(dict)
        self._ladders: defaultdict[Place, Ladder] = defaultdict(list)
        self._gone: set[Place] = set()
        self._taken = set(read["taken"])  # ids that something has, or has had
        self._counts: dict[str, int] = read["counts"]
        self.texts: dict[str, int] = read["texts"]  # of columns that are deleted, in bytes
        self.total: int | None = read["total"]  # tasks of the board; None: far fewer than allowed
        self.changes = 0  # how many rows were changed, each time counted
        self.measured: dict[str, int] = read["measured"]  # of the whole board, by table
        self._hidden: dict[str, int] = read["hidden"]
        # The columns of which these were read, and all that are new; None: of all it is known.
        self._ended: set[str] | None = read.get("ended")
        self._counted: set[str] | None = read.get("counted")
        # Of tasks, by their names and the tasks' ids: those whose rows were not read.
        self._pieces: dict[str, dict[str, Any]] = read.get("pieces", {})
        self.people: list[Any] = read["people"]
        self.authors = {person["id"]: person for person in read["authors"]}
        self.caller = self.authors.get(caller_id)
        self._fill(read)

    def _fill(self, read: dict[str, Any]) -> None:
        for rows in (read["around"], read["rows"]):
            for table in rows:
                for row in rows[table]:
                    self._know(table, row)
        for table, listed in read["rows"].items():
            ranked_in = kind_of(table).ranked_in
            if ranked_in and table != "tasks":  # of tasks, those in between count too
                for row in (row for row in listed if row["rank"] is not None):
                    self._ladders[table, row[ranked_in]].append((row["rank"], row["id"]))
        for column_id, rank, task_id in read["places"]:
            self._ladders["tasks", column_id].append((rank, task_id))
        for ladder in self._ladders.values():
            ladder.sort()

    def find(self, table: str, row_id: str | None) -> Row | None:
        """Give a row, if there is one that is known."""
        return self._rows.get((table, row_id or ""))

    def need(self, table: str, row_id: str) -> Row:
        """Give a row; NotFound when there is none."""
        row = self.find(table, row_id)
        if row is None:
            raise NotFound
        return row

    def of(self, table: str, owner_id: str) -> list[Row]:
        """Give the known rows that belong to something, by their ids."""
        return self.named(table, kind_of(table).group, owner_id)

    def named(self, table: str, column: str, owner_id: str) -> list[Row]:
        """Give the known rows that name something in a column, by their ids."""
        found = self._groups[table, column, owner_id]
        return [found[row_id] for row_id in sorted(found)]

    def whole(self, table: str) -> list[Row]:
        """Give all there are of a kind that hangs on nothing else on the board."""
        return self.of(table, self._board_id)

    def beside(self, table: str, row_id: str) -> dict[str, Any]:
        """Draw the pieces that are shown beside a row."""
        faces = {person["id"]: person for person in self.people}
        return {
            piece.name: piece.drawn(self.named(piece.source, piece.key, row_id), faces)
            if piece.name not in self._pieces
            else self._pieces[piece.name].get(row_id, piece.empty)
            for piece in pieces_of(table)
        }

    def hanging(self, table: str, rows: Sequence[Row]) -> Hanging:
        """Give all that hangs on these rows, at whatever depth."""
        found: dict[str, list[Row]] = {}
        for kind, parent in children_of(table):
            if parent.key != "id" or parent.is_outlived:
                continue
            below = [r for row in rows for r in self.named(kind.table, parent.column, row["id"])]
            found.setdefault(kind.table, []).extend(below)
            for inner, listed in self.hanging(kind.table, below).items():
                found.setdefault(inner, []).extend(listed)
        return found

    def ladder(self, table: str, owner_id: str) -> Ladder:
        """Give the ranks in a column, board or task, with what is known to stand there."""
        return self._ladders[table, owner_id]

    def ended(self, column_id: str) -> Ladder:
        """Give the ranks in a column, whose ends are right; NotRead if they are not known."""
        _need(self._ended, column_id)
        return self.ladder("tasks", column_id)

    @property
    def columns(self) -> list[Row]:
        """Give the columns of the board from left to right, without archived ones."""
        return [self.need("columns", column_id) for _, column_id in self.column_ladder]

    @property
    def column_ladder(self) -> Ladder:
        """Give the ranks of the columns."""
        return self._ladders["columns", self._board_id]

    def standing(self, column_id: str) -> int:
        """Count the tasks that stand in a column, read or not; NotRead if it is not known."""
        _need(self._counted, column_id)
        return len(self._ladders["tasks", column_id]) + self._hidden.get(column_id, 0)

    def count(self, column_id: str) -> int:
        """Count a column's tasks, archived ones too; known of columns that are deleted."""
        return self._counts.get(column_id, len(self._groups["tasks", "column_id", column_id]))

    def is_taken(self, row_id: str) -> bool:
        """Tell whether something has this id, or has had it, on whichever board."""
        return row_id in self._taken

    def take_over(self, rows: Sequence[RowChange]) -> None:
        """Follow what an operation has changed."""
        self.changes += len(rows)
        for row in rows:
            if row.before is not None:
                self._forget(row.table, row.before)
            else:
                self._taken.add(row.id)
            if row.after is not None:
                self._know(row.table, row.after)
            self._move(
                row.table, row.id, _stand(row.table, row.before), _stand(row.table, row.after)
            )
            self._recount(row)

    def overlaid(self, table: str, owner_id: str, rows: list[Row]) -> list[Row]:
        """Give rows that were read just now as they are after what has changed already."""
        unknown = [row for row in rows if not self._is_known((table, row["id"]))]
        known = self._groups[table, kind_of(table).group, owner_id].values()
        return [*unknown, *(row for row in known if row["rank"] is not None)]

    def _is_known(self, place: Place) -> bool:
        return place in self._rows or place in self._gone

    def _know(self, table: str, row: Row) -> None:
        self._rows[table, row["id"]] = row
        for column in _owners(table):
            self._groups[table, column, row[column]][row["id"]] = row
        self._gone.discard((table, row["id"]))

    def _forget(self, table: str, row: Row) -> None:
        self._rows.pop((table, row["id"]), None)
        for column in _owners(table):
            self._groups[table, column, row[column]].pop(row["id"], None)
        self._gone.add((table, row["id"]))

    def _move(self, table: str, row_id: str, before: Stand | None, after: Stand | None) -> None:
        if before == after:
            return
        if before:
            ladder = self._ladders[table, before[0]]
            del ladder[bisect_left(ladder, (before[1], row_id))]
        if after:
            insort(self._ladders[table, after[0]], (after[1], row_id))

    def _recount(self, row: RowChange) -> None:
        measured = kind_of(row.table).measured
        if measured and row.table in self.measured:
            before, after = (measured.of(side) if side else 0 for side in (row.before, row.after))
            self.measured[row.table] += after - before
        if row.table == "columns" and row.before is None:  # nothing stands there yet
            for known in (self._ended, self._counted):
                if known is not None:
                    known.add(row.id)
        if row.table == "tasks":
            if self.total is not None:
                self.total += (row.before is None) - (row.after is None)
            for side, by in ((row.before, -1), (row.after, 1)):
                if side is not None and side["column_id"] in self._counts:
                    self._counts[side["column_id"]] += by


def _need(known: set[str] | None, column_id: str) -> None:
    """Refuse to tell of a column what was not read of it."""
    if known is not None and column_id not in known:
        raise NotRead


@following()
def _owners(table: str) -> tuple[str, ...]:
    """Name the columns by which rows are looked for."""
    kind = kind_of(table)
    return tuple(dict.fromkeys([kind.group, *(parent.column for parent in kind.parents)]))


def _stand(table: str, row: Row | None) -> Stand | None:
    """Tell where a row stands, and at which rank; what is archived stands nowhere."""
    if row is None or row.get("rank") is None:
        return None
    return row[kind_of(table).group], row["rank"]
