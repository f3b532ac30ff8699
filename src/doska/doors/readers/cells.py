"""Reading a table of cells: each cell counted under its header, dates in one order a column."""

from datetime import date, datetime
from typing import Any

from doska.doors.fates import ASIDE, Table
from doska.doors.model import Extra, FieldValue
from doska.doors.readers.dates import dated
from doska.doors.readers.reading import Reading
from doska.doors.readers.tables import Row, Sheet
from doska.doors.source import SourceFile

BEYOND = "(beyond the header)"


class TableReading(Reading):
    """A table being read; a header that the format's table says nothing of becomes a text field."""

    has_people = False

    def __init__(self, file: SourceFile, table: Table, sheet: Sheet) -> None:
        super().__init__(file, {"": ASIDE, **table})
        self.sheet = sheet
        self._orders: dict[str, str] = {}
        fates = {header: self.account.fate_of(header) for header in sheet.places}
        loose = [header for header, fate in fates.items() if fate == ASIDE]
        self._fields = [header for header in loose if header not in table]
        self._aside = [header for header in loose if header in table]
        self._count()

    def _count(self) -> None:
        lengths = [len(row) for row in self.sheet.rows]
        for place, header in enumerate(self.sheet.headers):
            self.account.count(header, sum(length > place for length in lengths))
        wide = len(self.sheet.headers)
        self.account.count(BEYOND, sum(max(0, length - wide) for length in lengths), ASIDE)

    def fields(self, row: Row) -> tuple[FieldValue, ...]:
        """Return the filled cells that have no other place, as texts."""
        found = [(header, self.sheet.cells(row, header)) for header in self._fields]
        return tuple(
            FieldValue(name=header or "(no title)", value="\n".join(cells), field_id=header)
            for header, cells in found
            if cells
        )

    def aside_of(self, row: Row) -> Extra:
        """Return the filled cells that are aside, by header; lists where a header repeats."""
        found: Extra = {}
        for header in self._aside:
            if cells := self.sheet.cells(row, header):
                found[header] = cells[0] if len(cells) == 1 else cells
        rest = list(row[len(self.sheet.headers) :])
        return found | ({BEYOND: rest} if any(rest) else {})

    def same_order(self, headers: list[str]) -> None:
        """Let the dates of all these columns tell their order together."""
        if not headers:
            return
        texts = [text for header in headers for text in self.sheet.column(header)]
        order = self.order(texts, headers[0])
        self._orders |= dict.fromkeys(headers, order)

    def cell_date(self, row: Row, header: str, extra: Extra) -> datetime | date | None:
        """Read a cell as a time (in UTC) or a day; what cannot be read is put aside."""
        cell = self.sheet.cell(row, header)
        if not cell:
            return None
        if header not in self._orders:
            self._orders[header] = self.order(self.sheet.column(header), header)
        found = dated(cell, self._orders[header])
        if found is None:
            self.cell_aside(header, cell, extra)
        return self.placed(found)

    def read_date(self, text: str, header: str) -> datetime | None:
        """Read a time that stands within a cell, in the order of a column's dates."""
        return self.at_time(self.placed(dated(text, self._orders.get(header, "mdy"))))

    def cell_time(self, row: Row, header: str, extra: Extra) -> datetime | None:
        """Read a cell as a time; a day is its beginning."""
        return self.at_time(self.cell_date(row, header, extra))

    def cell_aside(self, header: str, cell: Any, extra: Extra) -> None:
        """Put a cell aside that the table would keep."""
        self.move(header, ASIDE)
        extra[header] = cell
