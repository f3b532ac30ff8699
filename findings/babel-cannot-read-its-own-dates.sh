#!/usr/bin/env bash
# Babel 2.18.0: parse_date() takes the digits of a text and nothing else, also for formats whose month
# is a word. What format_date(…, "medium") writes ("Jan 9, 2026") ends in an IndexError, not in
# Babel's ParseError; and day and month change places in silence where they do not fit, so
# that one column may be read in two orders: "3/4/2026" is 4 March, "13/4/2026" is 13 April.
# Seen: IndexError; 2026-03-04 and 2026-04-13.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install babel==2.18.0
"$place/venv/bin/python" - <<'PYTHON'
from datetime import date

from babel.dates import format_date, parse_date

written = format_date(date(2026, 1, 9), "medium", locale="en_US")
try:
    parse_date(written, locale="en_US", format="medium")
except IndexError as error:
    print(written, "->", type(error).__name__, error)
else:
    raise AssertionError("it reads its own dates now")
found = [parse_date(text, locale="en_US", format="short") for text in ("3/4/2026", "13/4/2026")]
print(*found)
assert found == [date(2026, 3, 4), date(2026, 4, 13)]
PYTHON
