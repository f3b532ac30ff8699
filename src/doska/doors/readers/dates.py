"""Dates as people and programs write them; what has no offset comes back without one.

``dated("2026-03-01")`` is a day, ``dated("09/Jan/26 3:54 PM")`` a time without a zone. Day and month
of ``3/4/2026`` follow from an order, which ``order_of`` finds in all dates of a column.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from babel.dates import get_month_names

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CENTURY = 2000
CHARS_MAX = 60
_TIME = r"(?:[ ,T]+(?P<time>\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)\s*(?P<half>[AaPp])?\.?(?:[Mm]\.?)?)?"
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:?\d\d.*)?")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})" + _TIME)
_NUMBERS = re.compile(r"(?P<a>\d{1,2})(?P<sign>[/.-])(?P<b>\d{1,2})[/.-](?P<y>\d{4}|\d\d)" + _TIME)
_DAY_MONTH = re.compile(
    r"(?P<d>\d{1,2})[/ .-]+(?P<name>[^\W\d]+)\.?[/ ,-]+(?P<y>\d{4}|\d\d)" + _TIME
)
_MONTH_DAY = re.compile(r"(?P<name>[^\W\d]+)\.? (?P<d>\d{1,2}),? (?P<y>\d{4})" + _TIME)
_LANGUAGES = ("en", "en_GB", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "pl")


def dated(text: str, order: str = "mdy") -> datetime | date | None:
    """Read a date or a time; None if it is none. ``order`` is that of 3/4/2026: dmy or mdy."""
    text = text.strip()
    if len(text) > CHARS_MAX:
        return None
    try:
        if _ISO.fullmatch(text):
            return _iso(text)
        return _written(text, order)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | date | None:
    if len(text) == len("2026-01-01"):
        return date.fromisoformat(text)
    found = datetime.fromisoformat(text)
    return None if found.year == 1 else found


def _written(text: str, order: str) -> datetime | date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    elif match := _NUMBERS.fullmatch(text):
        is_day_first = match["sign"] == "." or order == "dmy"
        first, second = int(match["a"]), int(match["b"])
        day = date(_year(match["y"]), *((second, first) if is_day_first else (first, second)))
    elif match := _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        day = date(_year(match["y"]), _months()[match["name"].lower()], int(match["d"]))
    else:
        return None
    return datetime.combine(day, _clock(match)) if match["time"] else day


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == len("26") else 0)


def _clock(match: re.Match[str]) -> time:
    hour, minute, second = (int(float(part)) for part in (match["time"] + ":0").split(":")[:3])
    if not match["half"]:
        return time(hour, minute, second)
    noon = 12
    return time(hour % noon + (noon if match["half"] in "Pp" else 0), minute, second)


@cache
def _months() -> dict[str, int]:
    """Return the months by their names, in the languages that exports are seen in."""
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        for names in (
            get_month_names("abbreviated", "format", language),
            get_month_names("abbreviated", "stand-alone", language),
            get_month_names("wide", "format", language),
            get_month_names("wide", "stand-alone", language),
        ):
            for number, name in names.items():
                found.setdefault(name.lower().rstrip("."), number)
    return _Months(found)


class _Months(dict[str, int]):
    def __missing__(self, name: str) -> int:
        raise ValueError(name)


def order_of(texts: Iterable[str]) -> str | None:
    """Find in which order day and month stand: dmy, mdy, or None if both fit."""
    pairs = [
        (int(match["a"]), int(match["b"]))
        for text in texts
        if (match := _NUMBERS.fullmatch(text.strip())) and match["sign"] != "."
    ]
    months = 12
    fits = {
        "dmy": all(second <= months for _, second in pairs),
        "mdy": all(first <= months for first, _ in pairs),
    }
    possible = [order for order, does in fits.items() if does]
    is_open = len(possible) > 1 and any(first != second for first, second in pairs)
    return None if is_open else (possible or ["mdy"])[0]


def of_unix(value: Any, unit: str = "seconds") -> datetime | None:
    """Read seconds or milliseconds since 1970, a number or a text; none are 0, "0", "" and null."""
    try:
        number = int(float(value)) if isinstance(value, float) else int(value)
        return _EPOCH + timedelta(**{unit: number}) if number else None
    except (TypeError, ValueError, OverflowError):
        return None
