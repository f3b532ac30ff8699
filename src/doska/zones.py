"""Time zones: their names in requests, and times in them."""

import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

ZONE_CHARS_MAX = 64
_PART = "[A-Za-z][A-Za-z0-9_+-]*"
_PATTERN = f"^{_PART}(/{_PART})*$"
_ZONE = re.compile(_PATTERN)


def _zone(name: str) -> str:
    """Accept the name of a time zone; it is looked up as a file and in the module tzdata."""
    try:
        return ZoneInfo(name if _ZONE.fullmatch(name) else "").key
    except (OSError, ValueError, KeyError):  # a folder, no time zone, nothing of this name
        raise ValueError("should be a time zone such as Europe/Moscow") from None


ZoneName = Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"pattern": _PATTERN})]


def local(moment: str, zone: ZoneInfo) -> datetime:
    """Convert a time to a zone; at the end of all time it may have no date elsewhere."""
    there = datetime.fromisoformat(moment)
    try:
        return there.astimezone(zone)
    except OverflowError:
        return there.astimezone(UTC)
