"""Packing what is planned for one board: rows to copy, and parameters of statements, in files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from doska.doors.copying import Copies
from doska.doors.desk import PLURALS, Desk
from doska.doors.state import TABLES, Row
from doska.schemas import new_id

EVENT_BYTES = 8 << 20  # of what one event of an import has of changes
NOUNS = {table: noun for noun, table in PLURALS.items()}  # of what keeps its id for ever

Change = tuple[str, str, Row | None, Row | None]


@dataclass(slots=True)
class _Part:
    """One event, and the rows that it changes or removes, as JSON; new ones are copied."""

    rows: dict[str, list[bytes]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    changes: list[bytes] = field(default_factory=list)
    size: int = 0
    board: bytes | None = None
    how: str = "count"

    def add(self, change: Change) -> None:
        table, row_id, before, after = change
        old, new = (b"null" if row is None else to_json(row) for row in (before, after))
        told = b'{"table":"%s","id":"%s","before":%s,"after":%s}' % (
            table.encode(), row_id.encode(), old, new,
        )  # fmt: skip
        self.changes.append(told)
        self.size += len(told)
        if table == "boards":
            self.board, self.how = new, "insert" if before is None else "update"
        elif after is None:
            self.ids.setdefault(table, []).append(row_id)
        elif before is not None:
            self.rows.setdefault(table, []).append(new)


def _parts(changes: list[Change]) -> Iterator[tuple[_Part, bool]]:
    """Give them one after the other, and whether another one follows."""
    part = _Part()
    for change in changes:
        if part.size > EVENT_BYTES:
            yield part, True
            part = _Part()
        part.add(change)
    if part.changes:
        yield part, False


def packed(desk: Desk, folder: Path, prefix: str, task_number: int) -> dict[str, Any]:
    """Write it all to files; gives what there is, and where."""
    place = {table: n for n, table in enumerate(TABLES)}
    desk.changes.sort(key=lambda c: (c[0] != "boards", c[3] is not None, place[c[0]]))
    refs, extras = _refs(desk), _extras(desk)
    copies = Copies(folder, prefix)
    _copy_new(desk, copies)
    if desk.state.is_new:
        copies.add_all("import_refs", refs)
        copies.add_all("extras", extras)
    return {
        "board_id": desk.state.board_id,
        "task_number": task_number,
        "parts": _packed_parts(desk, folder, prefix),
        "copies": copies.closed(),
        "refs": _rows_file(folder, f"{prefix}-refs", refs),
        "extras": _rows_file(folder, f"{prefix}-extras", extras),
        "blobs": [_blob(folder, row, content) for row, content in desk.blobs],
    }


def _copy_new(desk: Desk, copies: Copies) -> None:
    """Copy what is new, and that its ids are used; the board itself comes with its first event."""
    for table, row_id, before, after in desk.changes:
        if before is None and after is not None:
            if table != "boards":
                copies.add(table, after)
            if noun := NOUNS.get(table):
                used = {"id": row_id, "kind": noun, "board_id": desk.state.board_id}
                copies.add("used_ids", used)


def _packed_parts(desk: Desk, folder: Path, prefix: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    batch_id = None
    for part, goes_on in _parts(desk.changes):
        batch_id = batch_id or (new_id() if goes_on else None)
        name = f"{prefix}-{len(found)}"
        found.append(_pack(desk, part, folder, name, batch_id, is_first=not found))
    # What is aside is in archives, whose tag follows from the newest event: one that changes no row.
    if desk.extras and not found:
        found.append(_pack(desk, _Part(), folder, f"{prefix}-0", None, is_first=True))
    return found


def _pack(
    desk: Desk, part: _Part, folder: Path, prefix: str, batch_id: str | None, *, is_first: bool
) -> dict[str, Any]:
    event = {
        "type": "board.imported", "actor_id": desk.wish.me, "task_id": None, "batch_id": batch_id,
        "payload": _payload(desk, is_first=is_first), "at": desk.wish.at,
    }  # fmt: skip
    events = b'[%s,"changes":[%s]}]' % (to_json(event)[:-1], b",".join(part.changes))
    groups: list[list[Any]] = [["delete", table, ids] for table, ids in part.ids.items()]
    for table, rows in part.rows.items():
        path = _file(folder, f"{prefix}-update-{table}", b"[%s]" % b",".join(rows))
        groups.append(["update", table, path])
    return {
        "how": part.how,
        "events": _file(folder, f"{prefix}-events", events),
        "board": part.board.decode() if part.board else None,
        "groups": groups,
        "written": sum(map(len, part.rows.values())) + sum(map(len, part.ids.values())) + 1,
    }


def _payload(desk: Desk, *, is_first: bool) -> dict[str, Any]:
    counts = {
        name: {kind: n for kind, n in desk.counts[name].items() if n and kind != "boards"}
        for name in ("created", "updated")
    }
    payload: dict[str, Any] = {"board": {"id": desk.state.board_id}, "format": desk.wish.format}
    payload["counts"] = counts if is_first else {"created": {}, "updated": {}}
    return payload


def _refs(desk: Desk) -> Iterator[Row]:
    for ref in desk.refs:
        yield {
            "board_id": desk.state.board_id, "source": desk.wish.format, "kind": ref.kind,
            "source_id": ref.source_id, "object_id": ref.object_id, "fields": ref.fields,
        }  # fmt: skip


def _extras(desk: Desk) -> Iterator[Row]:
    for object_id, extra in desk.extras.items():
        yield {"object_id": object_id, "board_id": desk.state.board_id, "extra": extra}


def _rows_file(folder: Path, name: str, rows: Iterator[Row]) -> str | None:
    """Write what is left of rows: those of a board that there is already."""
    found = list(rows)
    return _file(folder, name, to_json(found)) if found else None


def _blob(folder: Path, row: Row, content: bytes) -> dict[str, Any]:
    return {"row": row, "path": _file(folder, f"blob-{row['id']}", content)}


def _file(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)
