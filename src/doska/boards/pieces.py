"""What is shown with a thing, from rows of another kind: each piece is declared once.

It is drawn in three ways: row by row in SQL (one task, lists), set by set in SQL (a whole board,
where this takes a fraction of the time), and from rows in memory, as they are after unwritten
changes of a batch or an undo. Tests compare the three.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, create_model
from pydantic_core import to_json

from doska.boards.following import declared_anew
from doska.boards.kinds import Row, Undeclared, kind_of
from doska.identity.queries import is_there, user_view

M = TypeVar("M", bound=BaseModel)
Faces = Mapping[str, Any]  # people as they are shown, by id


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One piece; see ``piece`` for what the fields mean."""

    name: str
    of: str
    source: str
    key: str
    agg: str
    drawn: Callable[[Sequence[Row], Faces], Any]
    empty: Any
    field: Any
    uses: tuple[str, ...]
    face_of: str | None

    def of_rows(self, rows: Iterable[Row], faces: Faces) -> Any:
        """Draw the piece from rows in memory: all those of one thing."""
        return self.drawn(sorted(rows, key=lambda row: str(row["id"])), faces)

    @property
    def nothing(self) -> str:
        """Write the SQL of what is shown if there are no rows."""
        return f"'{to_json(self.empty).decode()}'"

    def of_row(self, row_id: str) -> str:
        """Write the SQL of the piece for one row, whose id is this SQL."""
        face = user_view("f") if self.face_of else ""
        people = f"join users f on f.id = x.{self.face_of} and {is_there('f')}"
        return f"""coalesce((select {self.agg.format(face=face)}
            from {self.source} x {people if self.face_of else ""}
            where x.{self.key} = {row_id}), {self.nothing})"""

    def of_all(self, condition: str) -> str:
        """Write the SQL of the piece for many rows: ``drawn`` by ``id``.

        The faces are those of a step with that name.
        """
        people = f"join faces f on f.id = x.{self.face_of}" if self.face_of else ""
        return f"""select x.{self.key} as id, {self.agg.format(face="f.face")} as drawn
            from {self.source} x {people}
            where {condition.format(key=f"x.{self.key}")} group by x.{self.key}"""


_PIECES: dict[tuple[str, str], Piece] = {}


def piece(  # noqa: PLR0913  # one parameter for each thing that a piece decides
    name: str,
    *,
    of: str,
    source: str,
    key: str,
    agg: str,
    drawn: Callable[[Sequence[Row], Faces], Any],
    empty: Any,
    field: Any,
    uses: tuple[str, ...] = (),
    face_of: str | None = None,
) -> Piece:
    """Declare what is shown under a name with rows of the table ``of``.

    It is drawn from those rows ``x`` of the table ``source`` whose ``key`` is the row's id: by the
    SQL aggregate ``agg``, which gives JSON or, made and joined in less time, its text, and by
    ``drawn`` from rows in memory in the order of their ids, of which it reads the columns ``uses``.
    Without rows it is ``empty``. ``field`` is the annotation for the documentation. With
    ``face_of``, a column with somebody's id, only rows of existing people are used, and ``{face}``
    in ``agg`` is how they are shown, as either.
    """
    found = Piece(name, of, source, key, agg, drawn, empty, field, uses, face_of)
    _PIECES[of, name] = found
    declared_anew()
    return found


def pieces_of(table: str) -> tuple[Piece, ...]:
    """Return the pieces that are shown with rows of a table, in the order of declaration."""
    return tuple(piece for piece in _PIECES.values() if piece.of == table)


def pieces_from(table: str) -> tuple[Piece, ...]:
    """Return the pieces that are drawn from rows of a table."""
    return tuple(piece for piece in _PIECES.values() if piece.source == table)


def with_pieces(of: str) -> Callable[[type[M]], type[M]]:
    """Add to a model the pieces that it does not name itself, after its own fields."""

    def add(model: type[M]) -> type[M]:
        more: dict[str, Any] = {
            p.name: (p.field, ...) for p in pieces_of(of) if p.name not in model.model_fields
        }
        if not more:
            return model
        doc, module = model.__doc__, model.__module__
        return create_model(model.__name__, __base__=model, __doc__=doc, __module__=module, **more)

    return add


def beside_row(table: str, row_id: str, *, but: Sequence[str] = ()) -> str:
    """Write the SQL of all pieces for one row, as an object; ``but`` are left out."""
    named = (f"'{p.name}', {p.of_row(row_id)}::json" for p in pieces_of(table) if p.name not in but)
    return f"json_build_object({', '.join(named)})"


def beside_all(table: str, row_id: str, condition: str) -> str:
    """Write the joins of all pieces for many rows, whose id is this SQL; ``beside_joined`` names them.

    ``condition`` selects what they are drawn from, over ``{key}``, the SQL of the rows' ids, and
    ``x``. What it selects for others than these rows comes without such a row.
    """
    # Full joins, though left ones would do: they are never executed as nested loops, however few
    # rows are expected.
    return " ".join(
        f"full join ({piece.of_all(condition)}) beside{n} on beside{n}.id = {row_id}"
        for n, piece in enumerate(pieces_of(table))
    )


def beside_joined(table: str) -> dict[str, str]:
    """Return the SQL of each piece after the joins of ``beside_all``."""
    return {
        piece.name: f"coalesce(beside{n}.drawn, {piece.nothing})"
        for n, piece in enumerate(pieces_of(table))
    }


def nothing_beside(table: str) -> dict[str, Any]:
    """Return the pieces of what is being created."""
    return {piece.name: piece.empty for piece in pieces_of(table)}


def slim_columns(table: str) -> tuple[str, ...]:
    """Name the columns by which others refer to a row, without its long texts."""
    kind = kind_of(table)
    names = ["id", *(parent.column for parent in kind.parents), *kind.people]
    names += [kind.ranked_in, "rank"] if kind.ranked_in else []
    names += [name for piece in pieces_from(table) for name in (piece.key, *piece.uses)]
    return tuple(dict.fromkeys(name for name in names if name))


def check_pieces() -> None:
    """Refuse a piece of something undeclared, or one that its owner does not show."""
    for found in _PIECES.values():
        source, shown = kind_of(found.source), kind_of(found.of).shown
        if missing := sorted({found.key, *found.uses} - {*source.columns}):
            words = ", ".join(missing)
            raise Undeclared(f"The piece {found.name}: {found.source} have no {words}.")
        if shown is None or found.name not in shown.model_fields:
            raise Undeclared(f"The piece {found.name}: it is not shown of {found.of}.")
