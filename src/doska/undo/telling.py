"""What an event tells of everything that a change touches: by kind, each thing once."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from doska.boards.changes import RowChange
from doska.boards.kinds import Kind, Row, Scene, View, kinds
from doska.boards.log import Change
from doska.boards.pieces import pieces_from, pieces_of
from doska.boards.schemas import differences
from doska.undo.state import State


def told(opened: Change, state: State) -> View:
    """Show each thing whole if it is new, else what is new of it, or that it is deleted."""
    rows, scene = opened.rows, Scene(opened.board, state.users, state.rows)
    before, after = _Views(scene, state, []), _Views(scene, state, rows)
    payload: View = {}
    for kind in (kind for kind in kinds() if kind.shown is not None):
        things = [_told(kind, row, before, after) for row in rows if row.table == kind.table]
        things += [
            differences(before.of(kind, row), after.of(kind, row))
            for row in _beside(kind, rows, state)
        ]
        if things and kind.is_on_board:
            payload[kind.plural] = things
        elif things:
            payload[kind.noun] = things[0]
    return payload


def _told(kind: Kind, change: RowChange, before: "_Views", after: "_Views") -> View:
    old, view = before.of(kind, change.before), after.of(kind, change.after)
    if kind.told:
        return kind.told(change.before, change.after, old, view, before.scene)
    if change.after is None:
        return {"id": change.id, "is_deleted": True}
    return view if change.before is None else differences(old, view)


def _beside(kind: Kind, rows: list[RowChange], state: State) -> Iterator[Row]:
    """List what only shows something else beside it: that of which a piece has changed."""
    seen = {row.id for row in rows if row.table == kind.table}
    for change in rows:
        for piece in pieces_from(change.table):
            for row in (change.before, change.after):
                owner = row[piece.key] if row and piece.of == kind.table else None
                found = state.get(kind.table, owner) if owner and owner not in seen else None
                if found:
                    seen.add(found["id"])
                    yield found


class _Views:
    """How things are shown, with these changes."""

    def __init__(self, scene: Scene, state: State, rows: list[RowChange]) -> None:
        self.scene, self._state = scene, state
        self._changed: dict[str, dict[str, Row | None]] = defaultdict(dict)
        for row in rows:
            self._changed[row.table][row.id] = row.after
        self._sources: dict[tuple[str, str], dict[str, list[Row]]] = {}

    def of(self, kind: Kind, row: Row | None) -> View:
        """Show a row; nothing for none."""
        if row is None:
            return {}
        beside = {
            piece.name: piece.drawn(
                self._source(piece.source, piece.key).get(row["id"], []), self.scene.users
            )
            for piece in pieces_of(kind.table)
        }
        return kind.show(row, beside, self.scene)

    def _source(self, table: str, key: str) -> dict[str, list[Row]]:
        """Give the rows of a table by what they name in a column, in the order of their ids."""
        if (table, key) not in self._sources:
            found: dict[str, list[Any]] = defaultdict(list)
            rows = {**self._state.around[table], **self._changed[table]}
            for _, row in sorted(rows.items()):
                if row is not None:
                    found[row[key]].append(row)
            self._sources[table, key] = found
        return self._sources[table, key]
