"""The kinds of things that a board holds: each is declared once, by the feature that it belongs to.

Whatever has to do with all kinds reads the declarations: the statement that writes, dry runs, undo,
the board as it was, batches, what goes with what is deleted. A declaration that leaves out
something is refused where it stands, and one that does not fit the others by ``check_kinds``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel

from doska.boards.following import declared_anew, following
from doska.boards.limits import AtMost
from doska.boards.policy import Right

Row = Any  # a TypedDict of the table's columns
View = dict[str, Any]  # what clients get of a thing

# What becomes of somebody's rows: the name is taken out when the account is gone, the row goes with
# the account, or already with the person's place on the board.
LEAVES: Final = "leaves with the place"
Leaving = Literal["forget", "goes", "leaves with the place"]


class Parent(NamedTuple):
    """What a row belongs to: a row of this table; goes and comes back with it.

    Or it is outlived: such a row stays where it is, and nobody finds it until its parent is back.
    """

    table: str
    column: str  # of the child
    key: str = "id"  # of the parent
    is_outlived: bool = False


class Scene(NamedTuple):
    """Where something is shown: on which board, and how people are, by their ids."""

    board: Row
    users: Mapping[str, Any]
    rows: Mapping[str, Mapping[str, Row]] = {}  # what stands there, by table and id


class Measured(NamedTuple):
    """What is added up of all rows of a board: by SQL (``b`` is the board), and of one row."""

    sql: str
    of: Callable[[Row], int]


Drawn = Callable[[Row, View, Scene], View]  # of a row, and the pieces beside it
# Of a row before and after (null: it is new, or gone), of how it was shown and is, and before what.
Told = Callable[[Row | None, Row | None, View, View, Scene], View]


class Undeclared(TypeError):
    """A declaration leaves out something, or does not fit the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of thing, a row of one table; see ``declaring.kind`` for what the fields mean."""

    table: str
    columns: tuple[str, ...]
    noun: str
    plural: str
    right: Right
    parents: tuple[Parent, ...]
    shown: type[BaseModel] | None
    shown_in: str | None
    news: type[BaseModel] | None
    drawn: Drawn | None
    told: Told | None
    is_named: bool
    known_by: str
    ranked_in: str | None
    limit: AtMost | None
    is_link: bool
    is_apart: bool
    unique: Callable[[Row], object] | None
    together: tuple[frozenset[str], ...]
    owner: str | None
    owned_with: str | None
    taken_by: Right | None
    people: Mapping[str, Leaving]
    holds: Mapping[str, str]
    searched: Mapping[str, str]
    brief: Mapping[str, int]
    fresh: Mapping[str, object]
    naming: Mapping[str, str]
    measured: Measured | None

    @property
    def is_on_board(self) -> bool:
        """Whether its rows are on a board, and not the board itself."""
        return "board_id" in self.columns

    @property
    def group(self) -> str:
        """Name the column by which rows belong together."""
        return self.ranked_in or (self.parents[0].column if self.parents else "board_id")

    def show(self, row: Row, beside: View, scene: Scene) -> View:
        """Show a row with the pieces beside it."""
        if self.drawn:
            return self.drawn(row, beside, scene)
        names = self.shown.model_fields if self.shown else ()
        return {name: beside[name] if name in beside else row[name] for name in names}

    def owner_in(self, row: Row) -> str | None:
        """Return the id of whoever alone changes a row; None: whoever has the right."""
        is_owned = self.owner and (self.owned_with is None or row[self.owned_with])
        return row[self.owner] or "" if self.owner and is_owned else None

    def right_for(self, row: Row) -> Right:
        """Return the right that a change of a row needs; with what it is owned, that of this."""
        if self.owned_with is None or not row[self.owned_with]:
            return self.right
        return next(_KINDS[p.table].right for p in self.parents if p.column == self.owned_with)

    def people_in(self, row: Row) -> set[str]:
        """Return the ids of everybody whom a row names."""
        listed = (one[key] for name, key in self.naming.items() for one in row[name])
        return {*(row[name] for name in self.people if row[name]), *listed}

    def whole(self, row: Row, board_id: str) -> Row:
        """Give a row all its columns, as it stands in a log of an earlier release, or a later."""
        found = {**dict.fromkeys(self.columns), **row}
        own = {"board_id": board_id} if self.is_on_board else {}
        fresh = {name: value for name, value in self.fresh.items() if found[name] is None}
        return {**found, **fresh, **own}


_KINDS: dict[str, Kind] = {}
_COMPLETE: list[bool] = []  # once all features are imported


def register(found: Kind) -> None:
    """Add a kind; ``declaring.kind`` checks it before."""
    _KINDS[found.table] = found
    declared_anew()


def all_are_declared() -> None:
    """Let it be known that all features are imported."""
    _COMPLETE.append(True)


def check_kinds() -> None:
    """Refuse kinds that do not fit each other; to be asked when all are declared."""
    for kind in kinds():
        tables = [parent.table for parent in kind.parents]
        for table in [*tables, *([kind.shown_in] if kind.shown_in else [])]:
            if table not in _KINDS:
                raise Undeclared(f"The kind {kind.table}: no {table} are declared.")


def kinds() -> tuple[Kind, ...]:
    """Give all kinds: parents come first, others as they were declared.

    Who asks must have all features declared, or what is left out is left behind in silence.
    """
    if not _COMPLETE:
        raise Undeclared("Nobody has imported doska.features, which declares all kinds.")
    return _ordered()


@following()
def _ordered() -> tuple[Kind, ...]:
    waiting, found = list(_KINDS.values()), dict[str, Kind]()
    while waiting:
        ready = next((k for k in waiting if all(p.table in found for p in k.parents)), waiting[0])
        waiting.remove(ready)
        found[ready.table] = ready
    return tuple(found.values())


def on_board() -> tuple[Kind, ...]:
    """Give the kinds of what is on a board."""
    return tuple(kind for kind in kinds() if kind.is_on_board)


def is_known(table: str) -> bool:
    """Tell whether this release knows a kind that stands in a log."""
    return table in _KINDS


def kind_of(table: str) -> Kind:
    """Give the kind whose rows are in a table."""
    return _KINDS[table]


def children_of(table: str) -> Iterator[tuple[Kind, Parent]]:
    """List what hangs on rows of a table, and how."""
    for kind in kinds():
        for parent in kind.parents:
            if parent.table == table:
                yield kind, parent
