"""Rows for COPY, in its text format: a file a table, written as they are planned, one line a row.

PostgreSQL takes them in as they stand: nobody parses them before, or holds them whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pydantic_core import to_json

from doska.doors.state import Row

NULL, MARK = r"\N", "\0"  # the mark is in no text: PostgreSQL could not store it


@dataclass(slots=True)
class _Copy:
    """The rows of one table."""

    file: TextIO
    columns: tuple[str, ...]
    count: int = 0


class Copies:
    """The tables in the order in which they were met: parents first."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._path = f"{folder}/{prefix}-copy-"
        self._copies: dict[str, _Copy] = {}

    def add(self, table: str, row: Row) -> None:
        """Write a row; all of a table have the columns of the first one."""
        copy = self._copies.get(table)
        if copy is None:
            file = Path(self._path + table).open("w", encoding="utf-8", newline="")  # noqa: SIM115
            copy = self._copies[table] = _Copy(file, tuple(row))
        copy.count += 1
        copy.file.write(_line([row[name] for name in copy.columns]))

    def add_all(self, table: str, rows: Iterable[Row]) -> None:
        """Write several rows."""
        for row in rows:
            self.add(table, row)

    def closed(self) -> list[dict[str, Any]]:
        """Give what there is: ``table``, ``columns``, ``path`` and how many rows, ``count``."""
        for copy in self._copies.values():
            copy.file.close()
        return [
            {"table": table, "columns": c.columns, "path": c.file.name, "count": c.count}
            for table, c in self._copies.items()
        ]


def _line(values: Iterable[Any]) -> str:
    cells = [v if v.__class__ is str else MARK if v is None else _plain(v) for v in values]
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(cells):
        line = "\t".join(map(_escaped, cells))
    return line.replace(MARK, NULL) + "\n"


def _plain(value: Any) -> str:
    """Write what is no text: a number, a bool, or JSON."""
    return str(value) if isinstance(value, int) else to_json(value).decode()


def _escaped(cell: str) -> str:
    escaped = cell.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")
    return escaped.replace("\t", r"\t")
