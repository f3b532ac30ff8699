"""Rows for COPY, in its text format: a file a table, written as they are planned, one line a row.

PostgreSQL takes them in as they stand: nobody parses them before, or holds them whole.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from pydantic_core import to_json

from doska.doors.state import Row

LINES = 500
NULL, MARK = r"\N", "\0"  # the mark is in no text: PostgreSQL could not store it


@dataclass(slots=True)
class _Copy:
    """The rows of one table; some lines wait, so that many are written at once."""

    file: BinaryIO
    columns: tuple[str, ...]
    values: Callable[[Row], tuple[Any, ...]]
    count: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.lines.append(line)
        if len(self.lines) == LINES:
            self.write()

    def write(self) -> None:
        self.count += len(self.lines)
        self.file.write("".join(self.lines).encode())
        self.lines.clear()


class Copies:
    """The tables in the order in which they were met: parents first."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._path = f"{folder}/{prefix}-copy-"
        self._copies: dict[str, _Copy] = {}

    def add(self, table: str, row: Row) -> None:
        """Write a row; all of a table have the columns of the first one."""
        copy = self._copies.get(table)
        if copy is None:
            file = Path(self._path + table).open("wb")  # noqa: SIM115
            copy = self._copies[table] = _Copy(file, tuple(row), itemgetter(*row))
        copy.add(_line(copy.values(row)))

    def add_all(self, table: str, rows: Iterable[Row]) -> None:
        """Write several rows."""
        for row in rows:
            self.add(table, row)

    def closed(self) -> list[dict[str, Any]]:
        """Give what there is: ``table``, ``columns``, ``path`` and how many rows, ``count``."""
        for copy in self._copies.values():
            copy.write()
            copy.file.close()
        return [
            {"table": table, "columns": c.columns, "path": c.file.name, "count": c.count}
            for table, c in self._copies.items()
        ]


def _line(values: Iterable[Any]) -> str:
    cells = [
        v if v.__class__ is str else MARK if v is None else repr(v) if isinstance(v, int)
        else to_json(v).decode()
        for v in values
    ]  # fmt: skip
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(cells):
        line = "\t".join(map(_escaped, cells))
    return line.replace(MARK, NULL) + "\n"


def _escaped(cell: str) -> str:
    escaped = cell.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")
    return escaped.replace("\t", r"\t")
