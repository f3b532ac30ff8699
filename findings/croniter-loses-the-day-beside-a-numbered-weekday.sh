#!/usr/bin/env bash
# croniter 7.0.0: a day of the month beside a numbered or last weekday. By its README (and cron) the two
# fields are connected by OR unless day_or=False. With a plain weekday they are; with `5#2` (second Friday)
# or `L5` (last Friday) it looks for days that are both. So "0 9 1,15 * 5#2" has no date at all, a
# CroniterBadDateError, though is_valid() says yes, strictly too; and "0 9 30 * L5" loses the 30th in silence.
# Seen: the 1st, 3 April, 10 April for the plain Friday; the error; last Fridays alone. cronsim 2.8
# (whose last Friday is `5L`) has the 1st and the second Friday, and both 27 and 30 March.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install croniter==7.0.0 cronsim==2.8
"$place/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from itertools import islice

from croniter import CroniterBadDateError, croniter
from cronsim import CronSim

BEGIN = datetime(2026, 3, 20)


def dates(line: str) -> list[str]:
    found = croniter(line, BEGIN)
    return [f"{found.get_next(datetime):%m-%d}" for _ in range(3)]


def others(line: str) -> list[str]:
    return [f"{at:%m-%d}" for at in islice(CronSim(line, BEGIN), 3)]


plain = dates("0 9 1 4 5")
print("in April, the 1st or a Friday:", plain)
assert plain == ["04-01", "04-03", "04-10"]
assert croniter.is_valid("0 9 1,15 * 5#2", strict=True)
try:
    dates("0 9 1,15 * 5#2")
except CroniterBadDateError as error:
    print("the 1st, the 15th or the second Friday:", error)
else:
    raise AssertionError("it finds a date now")
last = dates("0 9 30 * L5")
print("the 30th or the last Friday:", last)
assert last == ["03-27", "04-24", "05-29"]
assert others("0 9 1,15 * 5#2") == ["04-01", "04-10", "04-15"]
assert others("0 9 30 * 5L") == ["03-27", "03-30", "04-24"]
PYTHON
