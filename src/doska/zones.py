"""Time zones: their names in requests, and what a moment is in one."""

import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

ZONE_CHARS_MAX = 64
_ZONE = re.compile(r"[A-Za-z][\w+-]*(/[A-Za-z][\w+-]*)*", re.ASCII)


def _zone(name: str) -> str:
    """Take the name of a time zone; a name is looked for as a file and as a module of tzdata."""
    try:
        return ZoneInfo(name if _ZONE.fullmatch(name) else "").key
    except (OSError, ValueError, KeyError):  # a folder, no time zone, nothing of this name
        raise ValueError("should be a time zone such as Europe/Moscow") from None


ZoneName = Annotated[str, AfterValidator(_zone)]


def local(moment: str, zone: ZoneInfo) -> datetime:
    """Read a moment in a zone; one at the end of all time may have no date elsewhere."""
    there = datetime.fromisoformat(moment)
    try:
        return there.astimezone(zone)
    except OverflowError:
        return there.astimezone(UTC)
