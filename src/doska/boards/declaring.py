"""How a feature declares a kind of thing; what a declaration leaves out is refused here."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from doska.boards.kinds import (
    LEAVES,
    Drawn,
    Kind,
    Leaving,
    Measured,
    Parent,
    Row,
    Told,
    Undeclared,
    register,
)
from doska.boards.limits import AtMost
from doska.boards.policy import Right


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
    measured: Measured | None = None,
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
    are columns with a list of objects, each of which names a person in this field. ``measured`` is
    what a batch has to know the sum of, since it is limited for the board as a whole.
    """
    found = Kind(
        table, tuple(row.__annotations__), noun, plural, right, parents, shown, shown_in,
        news, drawn, told,
        is_named, known_by, ranked_in, limit, is_link, is_apart, unique, together, owner,
        owned_with, taken_by,
        people or {}, holds or {}, searched or {}, brief or {}, fresh or {}, naming or {}, measured,
    )  # fmt: skip
    if complaint := _complaint(found):
        raise Undeclared(f"The kind {table}: {complaint}.")
    register(found)
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


def by(*names: str) -> Callable[[Row], object]:
    """Make a key of a row's columns."""
    return lambda row: tuple(row[name] for name in names)
