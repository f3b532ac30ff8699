"""What a board has now, and what was imported into it before: as the planning process gets it."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

Row = dict[str, Any]
TABLES = (
    "boards", "board_users", "labels", "columns", "tasks", "task_assignees", "task_labels",
    "subtasks", "comments", "attachments",
)  # fmt: skip  # parents first


@dataclass(slots=True)
class Ref:
    """What became of a thing of the source: an object here, and its fields as last imported."""

    kind: str
    source_id: str
    object_id: str
    fields: dict[str, Any]


@dataclass(slots=True)
class State:
    """Rows by table and id; refs by kind and the source's id; extras by object."""

    board_id: str
    rows: dict[str, dict[str, Row]]
    refs: dict[tuple[str, str], Ref] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    task_number: int = 0
    file_bytes: int = 0  # deleted ones too, until they are gone
    is_new: bool = False

    @classmethod
    def empty(cls, board_id: str) -> "State":
        """Give that of a board that is to be made."""
        return cls(board_id, {table: {} for table in TABLES}, is_new=True)

    @classmethod
    def read(cls, given: dict[str, Any]) -> "State":
        """Read it as the database gives it."""
        rows = {table: {row["id"]: row for row in given[table] or []} for table in TABLES}
        refs = [Ref(*ref) for ref in given["refs"] or []]
        return cls(
            given["board_id"], rows, {(ref.kind, ref.source_id): ref for ref in refs},
            dict(given["extras"] or []), given["task_number"], given["file_bytes"],
        )  # fmt: skip


def digest(value: Any) -> str:
    """Digest a field, to tell whether it has changed."""
    if value is None or value is False or value is True:
        return _SINGLE[value]
    text = _written(value)
    return _known(text) if len(text) < SHORT else _digest(text)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_known = lru_cache(4096)(_digest)  # most are false, a status, or nothing
SHORT = 100
_SINGLE = {value: _digest(_written(value)) for value in (None, False, True)}
