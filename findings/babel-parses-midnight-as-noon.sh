#!/usr/bin/env bash
# Babel 2.18.0: parse_time() adds 12 hours where it finds "pm", and does nothing for AM. So "12:05 AM",
# which is five past midnight and what its own format_time() writes for 00:05, is read as 12:05, and
# "12:30 PM" (half past noon) is no time at all: 12 + 12 hours is beyond a datetime.time, a ValueError
# of datetime's, not Babel's ParseError. All other hours are right.
# Seen: 12:05, and "hour must be in 0..23".
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install babel==2.18.0
"$place/venv/bin/python" - <<'PYTHON'
from datetime import time

from babel.dates import format_time, parse_time

written = format_time(time(0, 5), "short", locale="en_US").replace("\u202f", " ")
print(written, "is read as", parse_time(written, locale="en_US"))
assert written == "12:05 AM"
assert parse_time("12:05 AM", locale="en_US") == time(12, 5)
assert parse_time("3:54 PM", locale="en_US") == time(15, 54)
try:
    parse_time("12:30 PM", locale="en_US")
except ValueError as error:
    print("12:30 PM:", type(error).__name__, error)
    assert type(error) is ValueError
else:
    raise AssertionError("12:30 PM is read now")
PYTHON
