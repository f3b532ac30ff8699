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


Drawn = Callable[[Row, View, Scene], View]  # of a row, and the pieces beside it
# Of a row before and after (null: it is new, or gone), of how it was shown and is, and before what.
Told = Callable[[Row | None, Row | None, View, View, Scene], View]


class Undeclared(TypeError):
    """A declaration leaves out something, or does not fit the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of thing, a row of one table; see ``kind`` for what the fields mean."""

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


def kind(  # noqa: PLR0913  # one parameter for each thing that a kind decides
    table: str,
    row: type,
    *,
    noun: str,
    plural: str,
    right: Right,
    parents: tuple[Parent, ...],
    shown: type[BaseModel] | None = None,
    shown_in: str | None = None,
    news: type[BaseModel] | None = None,
    drawn: Drawn | None = None,
    told: Told | None = None,
    is_named: bool = False,
    known_by: str = "id",
    ranked_in: str | None = None,
    limit: AtMost | None = None,
    is_link: bool = False,
    is_apart: bool = False,
    unique: Callable[[Row], object] | None = None,
    together: tuple[frozenset[str], ...] = (),
    owner: str | None = None,
    owned_with: str | None = None,
    taken_by: Right | None = None,
    people: Mapping[str, Leaving] | None = None,
    holds: Mapping[str, str] | None = None,
    searched: Mapping[str, str] | None = None,
    brief: Mapping[str, int] | None = None,
    fresh: Mapping[str, object] | None = None,
    naming: Mapping[str, str] | None = None,
) -> Kind:
    """Declare a kind of thing.

    ``row`` is a TypedDict of the table's columns. ``noun`` is what clients call one of them, and
    ``plural`` where they are counted. ``right`` is what a change of one needs. ``shown`` is how
    events and undo show one by itself, ``drawn`` from its row and what is beside it, if not simply
    by its fields; ``told`` is what undo tells of a change of it, by the schema ``news``, if not its
    id with the fields that are new. What is only seen within another kind names its table in
    ``shown_in``. Clients can make ids of what ``is_named``, and such an id is never given twice;
    they know a row by its ``known_by``. A link (``is_link``) comes back where all that it joins is
    there, and is else left out without a word. A change of what is ``is_apart`` leaves the versions
    of its parents as they are. Of all with the same ``unique`` there is one.
    ``together`` are fields that say nothing without each other. Only the person in ``owner``
    changes such a row; taking one away is theirs, and of whoever has the right ``taken_by``. With
    ``owned_with``, a parent's column, this is so where a row names one, and needs the right of that.
    What it ``holds`` are rows of tables that no log has, by the column that names them: they have a
    ``state``, and what holds one that is not KEPT any more cannot come back.
    ``searched`` are columns to find it by, ``brief`` those of which activity shows so many
    characters, ``fresh`` the values for rows that were logged before a column was there. ``naming``
    are columns with a list of objects, each of which names a person in this field.
    """
    found = Kind(
        table, tuple(row.__annotations__), noun, plural, right, parents, shown, shown_in,
        news, drawn, told,
        is_named, known_by, ranked_in, limit, is_link, is_apart, unique, together, owner,
        owned_with, taken_by,
        people or {}, holds or {}, searched or {}, brief or {}, fresh or {}, naming or {},
    )  # fmt: skip
    if complaint := _complaint(found):
        raise Undeclared(f"The kind {table}: {complaint}.")
    _KINDS[table] = found
    declared_anew()
    return found


def _complaint(kind: Kind) -> str | None:
    """Say what is wrong with a declaration by itself."""
    if (kind.shown is None) == (kind.shown_in is None):
        return "say how it is shown, or within what"
    if kind.owner and kind.taken_by is None:
        return "say who else takes it away"
    for name, how in kind.people.items():
        if how == LEAVES and Parent("board_users", name, "user_id") not in kind.parents:
            return f"let it hang on board_users by {name}"
    named = {p.column for p in kind.parents} | {*kind.people, *kind.holds, "id", "board_id"}
    loose = [c for c in kind.columns if c.endswith("_id") and c not in named]
    if loose:
        return f"say whose {', '.join(loose)} is: a parent's, a person's, or what it holds"
    known = [*named, kind.ranked_in, kind.owner, kind.limit and kind.limit.of]
    known += [
        *kind.searched,
        *kind.brief,
        *kind.fresh,
        *kind.naming,
        kind.owned_with,
        *(n for names in kind.together for n in names),
    ]
    missing = sorted({name for name in known if name} - {*kind.columns, "board_id"})
    return f"its rows have no {', '.join(missing)}" if missing else None


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


def by(*names: str) -> Callable[[Row], object]:
    """Make a key of a row's columns."""
    return lambda row: tuple(row[name] for name in names)
