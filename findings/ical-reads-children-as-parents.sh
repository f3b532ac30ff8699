#!/usr/bin/env bash
# PyPI ical 14.3.1 does not read what it writes. RELATED-TO;RELTYPE=CHILD (RFC 5545 section 3.8.4.5) is read as PARENT, the
# default, so that a task becomes the child of its own subtask; SIBLING too, which its enumeration spells SIBBLING.
# Seen: PARENT for a written CHILD and for SIBLING. What it writes is right: icalendar 7.3.2 reads CHILD.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install ical==14.3.1 icalendar==7.3.2
"$place/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone

import icalendar
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.todo import Todo
from ical.types import RelatedTo, RelationshipType

child = RelatedTo(uid="2@board", reltype=RelationshipType.CHILD)
task = Todo(
    uid="1@board", dtstamp=datetime(2026, 1, 1, tzinfo=timezone.utc), summary="Ship", related_to=[child],
)
written = IcsCalendarStream.calendar_to_ics(Calendar(todos=[task]))
assert "RELATED-TO;RELTYPE=CHILD:2@board" in written
back = IcsCalendarStream.calendar_from_ics(written).todos[0]

print("written CHILD, read", back.related_to[0].reltype.value)
assert back.related_to[0].reltype is RelationshipType.PARENT
again = IcsCalendarStream.calendar_from_ics(written.replace("=CHILD", "=SIBLING")).todos[0]
assert again.related_to[0].reltype is RelationshipType.PARENT
other = icalendar.Calendar.from_ical(written).walk("VTODO")[0]
assert other["RELATED-TO"].params["RELTYPE"] == "CHILD"
PYTHON
