"""Packing what is planned for one board: parameters of statements, in files, none too large."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from doska.doors.desk import Desk
from doska.doors.state import TABLES, Row
from doska.schemas import new_id

EVENT_BYTES = 8 << 20  # of what one event of an import has of changes
NAMED = ("labels", "columns", "tasks", "subtasks", "comments", "attachments", "boards")

Change = tuple[str, str, Row | None, Row | None]


@dataclass(slots=True)
class _Part:
    """One event, and the rows that it tells of, as JSON."""

    rows: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    changes: list[bytes] = field(default_factory=list)
    size: int = 0
    board: bytes | None = None
    how: str = "count"

    def add(self, change: Change) -> None:
        table, row_id, before, after = change
        old, new = to_json(before), to_json(after)
        told = b'{"table":"%s","id":"%s","before":%s,"after":%s}' % (
            table.encode(), row_id.encode(), old, new,
        )  # fmt: skip
        self.changes.append(told)
        self.size += len(told)
        if table == "boards":
            self.board, self.how = new, "insert" if before is None else "update"
        elif after is None:
            self.ids.setdefault(f"delete {table}", []).append(row_id)
        else:
            operation = "insert" if before is None else "update"
            self.rows.setdefault((operation, table), []).append(new)
        if before is None and table in NAMED:
            self.ids.setdefault(f"use {table}", []).append(row_id)


def _parts(changes: list[Change]) -> Iterator[_Part]:
    place = {table: n for n, table in enumerate(TABLES)}
    order = sorted(changes, key=lambda c: (c[0] != "boards", c[3] is not None, place[c[0]]))
    part = _Part()
    for change in order:
        if part.size > EVENT_BYTES:
            yield part
            part = _Part()
        part.add(change)
    if part.changes:
        yield part


def packed(desk: Desk, folder: Path, prefix: str, task_number: int) -> dict[str, Any]:
    """Write the parameters to files; gives what there is, and where."""
    # What is aside is in archives, whose tag follows from the newest event: one that changes no row.
    parts = list(_parts(desk.changes)) or [_Part()] * bool(desk.extras)
    batch_id = new_id() if len(parts) > 1 else None
    return {
        "board_id": desk.state.board_id,
        "task_number": task_number,
        "parts": [
            _pack(desk, part, folder, f"{prefix}-{n}", batch_id, is_first=n == 0)
            for n, part in enumerate(parts)
        ],
        "refs": _file(folder, f"{prefix}-refs", _refs(desk)) if desk.refs else None,
        "extras": _file(folder, f"{prefix}-extras", _extras(desk)) if desk.extras else None,
        "blobs": [_blob(folder, row, content) for row, content in desk.blobs],
    }


def _pack(
    desk: Desk, part: _Part, folder: Path, prefix: str, batch_id: str | None, *, is_first: bool
) -> dict[str, Any]:
    payload = _payload(desk, is_first=is_first)
    event = {
        "type": "board.imported", "actor_id": desk.wish.me, "task_id": None, "batch_id": batch_id,
        "payload": payload, "at": desk.wish.at,
    }  # fmt: skip
    head = to_json(event)[:-1]
    events = b'[%s,"changes":[%s]}]' % (head, b",".join(part.changes))
    groups: list[list[Any]] = []
    for name, ids in part.ids.items():
        operation, table = name.split()
        groups.append([operation, table, ids])
    for (operation, table), rows in part.rows.items():
        text = b"[%s]" % b",".join(rows)
        path = _file(folder, f"{prefix}-{operation}-{table}", text)
        groups.append([operation, table, path])
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


def _refs(desk: Desk) -> bytes:
    return to_json(
        [
            {
                "board_id": desk.state.board_id, "source": desk.wish.format, "kind": ref.kind,
                "source_id": ref.source_id, "object_id": ref.object_id, "fields": ref.fields,
            }
            for ref in desk.refs
        ]
    )  # fmt: skip


def _extras(desk: Desk) -> bytes:
    return to_json(
        [
            {"object_id": object_id, "board_id": desk.state.board_id, "extra": extra}
            for object_id, extra in desk.extras.items()
        ]
    )


def _blob(folder: Path, row: Row, content: bytes) -> dict[str, Any]:
    return {"row": row, "path": _file(folder, f"blob-{row['id']}", content)}


def _file(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)
