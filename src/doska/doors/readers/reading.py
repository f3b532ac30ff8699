"""What all readers do while they read: count values, warn, place times, read loose JSON."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from doska.doors.account import Account
from doska.doors.errors import AmbiguousDates
from doska.doors.fates import ASIDE, SECRET, Fate, Table, dropped
from doska.doors.model import (
    Board,
    Extra,
    Plan,
)
from doska.doors.noticing import Noticed
from doska.doors.readers.dates import dated, order_of
from doska.doors.readers.values import Json, is_none
from doska.doors.source import SourceFile

ASKED = dropped("asked")
COUNT_MAX = 1_000_000


_MAIL = re.compile(r"e-?mails?(_?address(es)?)?", re.IGNORECASE)


class _PeoplesAccount(Account):
    """An account that drops people's addresses wherever a program adds them, unless a rule says else."""

    def _child(self, parent: Any, key: str) -> Any:
        node = super()._child(parent, key)
        if node.fate == ASIDE and _MAIL.fullmatch(key) and node.path not in self._table:
            node.fate, node.is_secret = SECRET, True
        return node


class Reading:
    """One file being read by one format's table."""

    has_people = True  # its objects are people and what they did, not somebody's own table

    def __init__(self, file: SourceFile, table: Table) -> None:
        self.account = _PeoplesAccount(table) if self.has_people else Account(table)
        self.options = file.options
        self.zone = ZoneInfo(file.options.time_zone or "UTC")
        self.file = file
        self.noticed = Noticed()
        self._has_assumed_zone = False

    def warn(self, code: str, at: str = "", count: int = 1) -> None:
        """Warn of something, so many times."""
        if count > 0:
            self.noticed.add(code, at, min(count, COUNT_MAX))

    def plan(self, format_name: str, boards: Iterable[Board]) -> Plan:
        """Close the account."""
        for code, at in self.file.warnings:
            self.noticed.add(code, at)
        found = tuple(boards)
        if self.options.title and len(found) == 1:
            found = (replace(found[0], title=found[0].title or self.options.title),)
        return Plan(
            format=format_name,
            boards=found,
            account=self.account.report(),
            warnings=self.noticed.found(),
        )

    def members(self, holder: Any, key: str, path: str) -> list[tuple[Json, str]]:
        """Return the objects in a list, or in an object by ids, each with the path to take it at.

        What else stands in their place is counted and let go.
        """
        below = f"{path}.{key}".removeprefix(".")
        found = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(found, list | dict) or not found:
            if isinstance(holder, dict) and key in holder:
                self.account.take(found, below)
            return []
        below += "[]" if isinstance(found, list) else "{}"
        listed = found if isinstance(found, list) else list(found.values())
        for other in listed:
            if not isinstance(other, dict) or not other:
                self.account.take(other, below)
        return [(item, below) for item in listed if isinstance(item, dict) and item]

    def objects(self, holder: Any, key: str, path: str) -> list[Json]:
        """Return the objects in a list, to be taken at ``{path}.{key}[]``."""
        if isinstance(holder, dict) and isinstance(holder.get(key), dict):
            self.account.take(holder[key], f"{path}.{key}".removeprefix("."))
            return []
        return [item for item, _ in self.members(holder, key, path)]

    def aside(self, holder: Json, key: str, path: str, extra: Extra) -> None:
        """Put a value aside that the table would keep, because it turned out to be of no use."""
        value = holder.get(key)
        self.move(f"{path}.{key}".removeprefix("."), ASIDE)
        extra[key] = value

    def move(self, path: str, to: Fate, number: int = 1) -> None:
        """Change the fate of values; those of an unforeseen shape were counted elsewhere."""
        node = self.account.at(path)
        if node.counts[node.fate] >= number:
            self.account.move(path, to, number)

    def put_aside(self, holder: Json, keys: Iterable[str], path: str) -> Extra:
        """Put several values aside that the table would keep; give them."""
        extra: Extra = {}
        for key in keys:
            if key in holder:
                self.aside(holder, key, path, extra)
        return extra

    def dangling(self, path: str, at: str, fate: Fate = ASIDE) -> None:
        """Note a reference to what is not in the file; its value was taken at the path."""
        self.move(path, fate)
        self.warn("dangling-reference", at)

    def when(self, holder: Json, key: str, path: str, extra: Extra) -> datetime | date | None:
        """Read a time (in UTC) or a day; what cannot be read is put aside (with a path)."""
        value = holder.get(key)
        if is_none(value):
            return None
        found = dated(value) if isinstance(value, str) else None
        if found is None and path and not str(value).startswith("0001-01-01"):
            self.aside(holder, key, path, extra)
        return self.placed(found) if found else None

    def moment(self, holder: Json, key: str, path: str, extra: Extra) -> datetime | None:
        """Read a time; a day is its beginning."""
        return self.at_time(self.when(holder, key, path, extra))

    def placed(
        self, found: datetime | date | None, zone: ZoneInfo | None = None
    ) -> datetime | date | None:
        """Convert a time to UTC; what has no offset is in the zone that was asked for."""
        if found is None:
            return None
        has_zone = isinstance(found, datetime) and found.tzinfo
        if zone is None and not has_zone:
            self._assume_zone()
        return self._in_utc(found, zone or self.zone) if isinstance(found, datetime) else found

    def at_time(self, found: datetime | date | None) -> datetime | None:
        """Turn a day into the time at which it begins."""
        if found is None or isinstance(found, datetime):
            return found
        return self._in_utc(datetime(found.year, found.month, found.day), self.zone)  # noqa: DTZ001

    def _assume_zone(self) -> None:
        if self.options.time_zone is None and not self._has_assumed_zone:
            self._has_assumed_zone = True
            self.noticed.add("zone-assumed")

    @staticmethod
    def _in_utc(found: datetime, zone: ZoneInfo) -> datetime | None:
        try:
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except OverflowError:
            return None

    def order(self, texts: Iterable[str], at: str) -> str:
        """Find the order of day and month in a column's dates; AmbiguousDates."""
        found = self.options.date_order or order_of(texts)
        if found is None:
            raise AmbiguousDates(at=at)
        return found
