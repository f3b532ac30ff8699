#!/usr/bin/env bash
# PyPI ics 0.7.3: a calendar that says nothing of its scale, as most do, is read as "georgian" and written with
# CALSCALE:GEORGIAN. By RFC 5545 (section 3.7.1) the default is GREGORIAN, and no calendar is called Georgian.
# A task that is due on a day (DUE;VALUE=DATE) is written back as due at midnight UTC, another value type and, west
# of Greenwich, the day before; icalendar 7.3.2 keeps both as they are. A calendar made from nothing has no CALSCALE.
# Seen: CALSCALE:GEORGIAN and DUE:20260301T000000Z.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install ics==0.7.3 icalendar==7.3.2
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import icalendar
import ics

LINES = (
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//board//EN", "BEGIN:VTODO", "UID:1@board",
    "DTSTAMP:20260101T000000Z", "SUMMARY:Ship", "DUE;VALUE=DATE:20260301", "END:VTODO", "END:VCALENDAR", "",
)
text = "\r\n".join(LINES)
found = [line for line in ics.Calendar(text).serialize().splitlines() if line.startswith(("CALSCALE", "DUE"))]
print(*found)
assert found == ["CALSCALE:GEORGIAN", "DUE:20260301T000000Z"]
assert "CALSCALE" not in ics.Calendar().serialize()
kept = icalendar.Calendar.from_ical(text).to_ical().decode()
assert "CALSCALE" not in kept and "DUE;VALUE=DATE:20260301" in kept
PYTHON
