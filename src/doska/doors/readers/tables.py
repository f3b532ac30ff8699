"""Tables of cells: CSV and TSV of any make, as spreadsheets and programs write them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from doska.doors.errors import BrokenFile
from doska.doors.source import SourceFile
from doska.errors import TooLarge

DELIMITERS = ",;\t|"


Row = tuple[str, ...]


class Sheet:
    """A header, and the rows below it; a header may stand above several columns."""

    def __init__(self, headers: Row, rows: tuple[Row, ...]) -> None:
        self.headers = headers
        self.rows = rows
        self.places: dict[str, list[int]] = {}  # where each header stands
        for place, header in enumerate(headers):
            self.places.setdefault(header, []).append(place)

    def cells(self, row: Row, header: str) -> list[str]:
        """Return the filled cells of a row under a header."""
        places = self.places.get(header, ())
        return [row[place] for place in places if place < len(row) and row[place].strip()]

    def cell(self, row: Row, header: str) -> str:
        """Return the first filled cell of a row under a header, or ""."""
        return next(iter(self.cells(row, header)), "")

    def column(self, header: str) -> list[str]:
        """Return all filled cells under a header."""
        return [cell for row in self.rows for cell in self.cells(row, header)]


def sheet(file: SourceFile, *, has_backslashes: bool = False, header_at: int = 0) -> Sheet:
    """Read a table; BrokenFile, TooLarge. With backslashes, one before a quote escapes it."""
    text = file.text
    csv.field_size_limit(file.bounds.cell_bytes)  # of the process: a file is read in one of its own
    delimiter = _asked(file) or delimiter_of(text)
    if has_backslashes:
        text = re.sub(rf'\\"(?![{re.escape(delimiter)}\r\n]|$)', '""', text)
    rows = [tuple(row) for row in _rows(text, delimiter, file) if row]
    headers = tuple(name.strip() for name in rows[header_at]) if len(rows) > header_at else ()
    return Sheet(headers, tuple(rows[header_at + 1 :]))


def beginning(file: SourceFile, rows: int = 1) -> list[list[str]]:
    """Return the first rows that are not blank lines; [] for what is no table."""
    if file.is_archive or b"\0" in file.data[:1024]:
        return []
    text = file.text[: 1 << 18]
    csv.field_size_limit(file.bounds.cell_bytes)
    delimiter = _asked(file) or delimiter_of(text)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found += [[cell.strip() for cell in row]] if row else []
            if len(found) == rows:
                break
    except csv.Error:
        pass
    return found


def _asked(file: SourceFile) -> str | None:
    """Return the delimiter of the request; a tab may be called TAB."""
    named = file.options.delimiter or ""
    found = {"tab": "\t", "\\t": "\t"}.get(named.lower(), named)
    if len(found) > 1 or found in ('"', "\r", "\n"):
        raise BrokenFile("A delimiter is one character, or TAB.", at="delimiter")
    return found or None


def delimiter_of(text: str) -> str:
    """Find what separates cells: what makes most of them in the first line that is not blank."""
    head = text.lstrip("\r\n")[: 1 << 18]
    return max(DELIMITERS, key=lambda sign: len(_first(head, sign)))


def _first(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str, file: SourceFile) -> Iterator[list[str]]:
    bounds = file.bounds
    is_strict = not _is_loose(text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=is_strict)
    try:
        for number, row in enumerate(reader):
            if number > bounds.rows:
                raise TooLarge(f"A table has at most {bounds.rows} rows.", limit=bounds.rows)
            if len(row) > bounds.columns:
                raise TooLarge(f"A row has at most {bounds.columns} cells.", limit=bounds.columns)
            yield row
    except csv.Error as error:
        raise BrokenFile(f"{error}.", at=f"line {reader.line_num}") from None


def _is_loose(text: str, delimiter: str) -> bool:
    """Tell whether quotes stand where they should not; such cells are read as they look."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "expected after" in str(error)
    return False


def split(value: str, by: str) -> list[str]:
    """Split a cell into its texts."""
    return [part.strip() for part in value.split(by) if part.strip()]


def has(headers: Iterable[str], *names: str) -> bool:
    """Tell whether all names stand in a header."""
    return set(names) <= set(headers)
