"""An archive as parameters of statements: texts in a folder, none of which is too long for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from doska.attachments.models import BlobState
from doska.boards.kinds import kind_of
from doska.doors.archive.deciding import named_ids
from doska.doors.archive.members import EVENTS
from doska.doors.archive.opening import Archive, Row
from doska.schemas import new_id

PART_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Pack:
    """What is to be written; ``parts`` are tables, in their order, and texts of their rows."""

    board_id: str
    board: Row
    seq: int
    task_number: int
    is_ours: bool
    blobs: list[Row]
    named: list[tuple[str, str]]  # id and kind of all whose ids are never given twice
    refs: list[Row]
    extras: list[Row]
    readers: list[str]  # people who will see the board
    former: list[Row]  # places that have ended
    counts: dict[str, int]  # by table
    parts: list[tuple[str, str]]  # a table, and the path of a file

    @property
    def file_bytes(self) -> int:
        """Return how many bytes of files come with it."""
        return sum(row["size"] for row in self.blobs if row["state"] == BlobState.KEPT)


def packed(archive: Archive, folder: Path) -> Pack:
    """Write the texts, and say where."""
    tables = [*archive.rows.items(), (EVENTS, archive.events)]
    parts = [
        (table, _written(folder / f"{table}.{n}", text))
        for table, rows in tables
        for n, text in enumerate(_parts(rows))
    ]
    named = {(archive.board_id, "board")}
    named |= {(found, kind_of(table).noun) for table, found in named_ids(archive)}
    return Pack(
        board_id=archive.board_id,
        board=archive.board,
        seq=archive.seq,
        task_number=archive.task_number,
        is_ours=archive.is_ours,
        blobs=archive.blobs,
        named=sorted(named),
        refs=[{**row, "board_id": archive.board_id} for row in archive.refs],
        extras=[
            {"object_id": one, "board_id": archive.board_id, "extra": extra}
            for one, extra in archive.extras.items()
        ],
        readers=sorted(row["user_id"] for row in archive.rows["board_users"]),
        former=list(_former(archive)),
        counts={table: len(rows) for table, rows in archive.rows.items()},
        parts=parts,
    )


def _written(path: Path, text: bytes) -> str:
    path.write_bytes(text)
    return str(path)


def _parts(rows: list[Row]) -> Iterator[bytes]:
    part: list[bytes] = []
    size = 0
    for row in rows:
        text = to_json(row)
        if part and size + len(text) > PART_BYTES:
            yield b"[" + b",".join(part) + b"]"
            part, size = [], 0
        part.append(text)
        size += len(text)
    if part:
        yield b"[" + b",".join(part) + b"]"


def _former(made: Archive) -> Iterator[dict[str, Any]]:
    """Give each place that has ended, and when; undo gives none back that ends by the restoring."""
    for event in made.events:
        for change in event["changes"]:
            if change["table"] == "board_users" and change["after"] is None:
                place = new_id() if change["id"] in made.dropped else change["id"]
                user_id = change["before"]["user_id"]
                yield {"id": place, "user_id": user_id, "left_at": event["at"]}
