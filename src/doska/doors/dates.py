"""Dates of strangers: with an offset, or without; a day, a moment, or none at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from doska.doors.errors import AmbiguousDates

NONE = ("", "0", "0001-01-01T00:00:00Z", "0000-00-00", "0000-00-00 00:00:00")


def moment(value: Any, time_zone: str = "UTC") -> datetime | None:
    """Read a time in ISO 8601, in UTC; one without an offset is in the zone. None: it is none."""
    if not isinstance(value, str) or value.strip() in NONE:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year > 1 else None


def from_seconds(value: Any, *, a_second: int = 1) -> datetime | None:
    """Read a time since 1970, in seconds or (``a_second`` 1000) milliseconds; 0 is none."""
    try:
        number = float(value)
        return datetime.fromtimestamp(number / a_second, UTC) if number > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def day_order(texts: Iterable[str], where: str, told: str | None = None) -> str:
    """Find the order of day and month (``dmy``, ``mdy``) that fits all of ``3/4/2026``.

    AmbiguousDates if both do, and nobody has told.
    """
    firsts, seconds = [], []
    for text in texts:
        parts = text.replace(".", "/").replace("-", "/").split("/")
        firsts.append(int(parts[0]))
        seconds.append(int(parts[1]))
    months = 12
    fits = [o for o, m in (("dmy", seconds), ("mdy", firsts)) if all(n <= months for n in m)]
    if told in fits or not fits:
        return told or "dmy"
    if len(fits) > 1 and firsts != seconds:
        raise AmbiguousDates(at=where)
    return fits[0]


def day(value: Any) -> date | None:
    """Read a day as ``2026-05-03``."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
