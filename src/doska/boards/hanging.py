"""What hangs on a thing, kind by kind: it goes with it when that is deleted, and comes back with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pydantic_core import to_json

from doska.boards.kinds import LEAVES, Kind, Row, children_of, kind_of, kinds, on_board
from doska.boards.log import Change
from doska.errors import Conflict
from doska.postgres.database import among

Hanging = Mapping[str, Sequence[Row]]  # rows by their table


Conditions = dict[str, list[str]]  # SQL over the row ``x``, by its table


def hanging(table: str, ids: str) -> str:
    """Write the SQL of all rows that hang on some of a table, at whatever depth, as ``Hanging``.

    ``ids`` is the SQL of a query for the ids of these.
    """
    return _found(_below(table, ids))


def left_by(board: str, person: str, *, with_account: bool = False) -> str:
    """Write the SQL of all on a board that goes with somebody's place there, as ``Hanging``.

    Or ``with_account`` what goes with that, too; but for the place itself.
    """
    ending = {LEAVES, *(["goes"] if with_account else [])}
    found: Conditions = {}
    for kind in on_board():
        ways = [name for name, how in kind.people.items() if how in ending]
        if ways and kind.table != "board_users":
            named = " or ".join(f"x.{name} = {person}" for name in ways)
            _add(found, kind.table, f"x.board_id = {board} and ({named})")
    return _found(found)


def _found(conditions: Conditions) -> str:
    parts = (
        f"""'{kind.table}', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
            from {kind.table} x where {" or ".join(f"({c})" for c in conditions[kind.table])})"""
        for kind in kinds()
        if kind.table in conditions
    )
    return f"jsonb_build_object({', '.join(parts)})"


def _add(found: Conditions, table: str, condition: str) -> None:
    found.setdefault(table, []).append(condition)
    for below, more in _below(table, f"select x.id from {table} x where {condition}").items():
        found.setdefault(below, []).extend(more)


def _below(table: str, ids: str) -> Conditions:
    found: Conditions = {}
    for kind, parent in children_of(table):
        if parent.key == "id" and not parent.is_outlived:
            _add(found, kind.table, among(f"x.{parent.column}", ids))
    return found


def descendants(table: str) -> tuple[Kind, ...]:
    """Give the kinds of all that can hang on a row of a table by its id."""
    found = _below(table, "")
    return tuple(kind for kind in kinds() if kind.table in found)


HANGING_BYTES_MAX = 8 << 20  # the log keeps all of it, in one event


class TooMuchAtOnce(Conflict):
    """Too much would be deleted together with it: delete some of that first."""

    example: ClassVar[dict[str, Any]] = {
        "limit": HANGING_BYTES_MAX,
        "current": 9_000_000,
        "of": "subtasks",
    }


def take_away(opened: Change, table: str, rows: Iterable[Row], below: Hanging) -> None:
    """Delete rows with all that hangs on them."""
    _check_size(below)
    delete_all(opened, below)
    for row in rows:
        opened.delete(table, row)


def _check_size(below: Hanging) -> None:
    """Refuse more than an event should have, and name what most of it is."""
    sizes = {table: len(to_json(rows)) for table, rows in below.items()}
    if (size := sum(sizes.values())) > HANGING_BYTES_MAX:
        most = kind_of(max(sizes, key=lambda table: sizes[table])).plural
        words = f"Its {most} are most of that: delete some of them first."
        raise TooMuchAtOnce(words, limit=HANGING_BYTES_MAX, current=size, of=most)


def delete_all(opened: Change, found: Hanging) -> None:
    """Delete rows of several tables, whosever they are."""
    for table, rows in found.items():
        for row in rows:
            opened.delete(table, row, is_judged=True)
