#!/usr/bin/env bash
# PyPI isodate 0.7.2 ("follows ISO8601:2004"): its formats for week dates (DATE_EXT_WEEK_COMPLETE and five more) write
# the number of the ISO week beside the year of the calendar. In the days around New Year these are of different years, and by
# ISO 8601 (week date: the year of the week) the year is that of the week: 1 January 2027 is 2026-W53-5. Its own parse_date()
# reads what it wrote as a day that is a year off, without an error. Python's date.isocalendar() and fromisoformat() agree.
# The docstring has a third count for %W: "All days in a new year preceding the first Monday are considered to be in week 0".
# Seen: 2027-W53-5, read as 7 January 2028; 2024-W01-1 for 30 December 2024, read as 1 January 2024; 14 such days in eight years.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install isodate==0.7.2
"$place/venv/bin/python" - <<'PYTHON'
from datetime import date, datetime, timedelta

from isodate import DATE_EXT_WEEK_COMPLETE, DT_EXT_WEEK_COMPLETE, date_isoformat, datetime_isoformat, parse_date


def there_and_back(day: date) -> tuple[str, date]:
    written = date_isoformat(day, DATE_EXT_WEEK_COMPLETE)
    return written, parse_date(written)


for day, right in (date(2027, 1, 1), "2026-W53-5"), (date(2024, 12, 30), "2025-W01-1"):
    year, week, weekday = day.isocalendar()
    assert f"{year}-W{week:02}-{weekday}" == right and parse_date(right) == date.fromisoformat(right) == day
    written, found = there_and_back(day)
    print(day, "is", right, "but written", written, "and read", found)
assert there_and_back(date(2027, 1, 1)) == ("2027-W53-5", date(2028, 1, 7))
assert there_and_back(date(2024, 12, 30)) == ("2024-W01-1", date(2024, 1, 1))
assert datetime_isoformat(datetime(2027, 1, 1, 9), DT_EXT_WEEK_COMPLETE) == "2027-W53-5T09:00:00"

days = [date(2020, 1, 1) + timedelta(count) for count in range(8 * 365 + 2)]
lost = [day for day in days if there_and_back(day)[1] != day]
print(len(lost), "of", len(days), "days come back as others:", *lost)
assert lost and all(day.isocalendar().year != day.year for day in lost)
PYTHON
