#!/usr/bin/env bash
# pyrate-limiter 4.5.1: FixedWindow "counts within a wall-clock-aligned window", to mirror "a quota that refreshes on the
# hour, or at midnight UTC" (its docstring; README, Algorithms). The README's own example gives it to an InMemoryBucket,
# whose clock is time.monotonic(): its hours begin when the machine (or what else that clock counts from) did, at any minute
# of the hour. Who is told to wait is told another moment than the hour.
# SQLiteBucket, with the same rate and algorithm, has the hours of the wall clock.
# Seen: the in-memory wait ends at a whole hour of the monotonic clock, that of SQLite at a whole hour of the day.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install pyrate-limiter==4.5.1
cd "$place"
venv/bin/python - <<'PYTHON'
import time

from pyrate_limiter import Duration, FixedWindow, InMemoryBucket, Rate, RateItem, SQLiteBucket

HOUR = int(Duration.HOUR)


def wait(bucket) -> int:
    assert bucket.put(RateItem("first", bucket.now()))
    return bucket.put_decision(RateItem("second", bucket.now())).retry_after_ms


def near(first: float, second: float) -> bool:
    apart = abs(first - second) % HOUR
    return min(apart, HOUR - apart) < 5000


rates = [Rate(1, Duration.HOUR)]
memory = wait(InMemoryBucket(rates, algorithm=FixedWindow()))
file = wait(SQLiteBucket.init_from_file(rates, db_path="rates.sqlite", algorithm=FixedWindow()))
by_the_day = HOUR - time.time() * 1000 % HOUR
by_the_machine = HOUR - time.monotonic() * 1000 % HOUR
print(f"the next hour is in {by_the_day / 60000:.1f} minutes; in memory: {memory / 60000:.1f}, SQLite: {file / 60000:.1f}")
assert near(file, by_the_day)
assert near(memory, by_the_machine)
PYTHON
