"""Times of strangers: with an offset, or without, or none at all."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
