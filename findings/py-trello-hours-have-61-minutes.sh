#!/usr/bin/env bash
# py-trello 0.20.1: Card.get_stats_by_list(time_unit="hours") divides seconds by 3660, so that every time
# is 1.6 % short: a card that was ten hours in a list has 9.84 of them. Seconds and minutes are right.
# And the time in the list where a moved card is now is counted only where a `done_list` is given, which is said
# to be the one that stops the clock ("If present, time measurement will be stopped"): without it that list has 0.
# Seen: 36000 seconds, 600 minutes and 9.836 hours for the same card; 0 for the list it is in, and more
# than a day's seconds with a done_list that it is not in.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install py-trello==0.20.1
TZ=UTC "$place/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone
from types import SimpleNamespace as Named

from trello import Card

BEGAN = datetime(2026, 3, 1, tzinfo=timezone.utc)  # the first half of a card's id is its birth
MOVED = {
    "date": "2026-03-01T10:00:00.000Z",
    "data": {"listBefore": {"id": "todo", "name": "To do"}, "listAfter": {"id": "doing", "name": "Doing"}},
}
client = Named(fetch_json=lambda path, **more: [MOVED])
card = Card(Named(client=client, board=None), f"{int(BEGAN.timestamp()):08x}{'0' * 16}", "Paint")
card.idList = "doing"
todo, doing, done = lists = [Named(id=name) for name in ("todo", "doing", "done")]
units = "seconds", "minutes", "hours"
times = {unit: card.get_stats_by_list(lists, time_unit=unit)["todo"]["time"] for unit in units}
print(times)
assert times["seconds"] == 36000 and times["minutes"] == 600
assert times["hours"] == 36000 / 3660
now = card.get_stats_by_list(lists)["doing"]["time"], card.get_stats_by_list(lists, done_list=done)["doing"]["time"]
print("in the list where it is:", now[0], "and with a done_list", round(now[1]))
assert now[0] == 0 and now[1] > 86400
PYTHON
