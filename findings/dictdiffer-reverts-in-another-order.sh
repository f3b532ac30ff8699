#!/usr/bin/env bash
# dictdiffer 0.10.0: revert(diff(first, second), second) is to give the first back, and does so for dictionaries.
# Where three or more values went from the end of a list they come back in another order, in silence: diff() names
# the removed ones from the last to the first, and swap(), which turns its pairs round where values were added,
# leaves them so where they were removed; each is then inserted at an index that the list does not have yet.
# Seen: [1, 3, 2] for [1, 2, 3]; two removed values come back right, and so does patch().
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install dictdiffer==0.10.0
"$place/venv/bin/python" - <<'PYTHON'
from dictdiffer import diff, patch, revert


def reverted(first: list, second: list) -> list:
    changes = list(diff({"cards": first}, {"cards": second}))
    assert patch(changes, {"cards": first}) == {"cards": second}
    return revert(changes, {"cards": second})["cards"]


print(reverted([1, 2, 3], []), reverted([1, 2, 3, 4, 5], [1]))
assert reverted([1, 2], []) == [1, 2]
assert reverted([1, 2, 3], []) == [1, 3, 2]
assert sorted(reverted([1, 2, 3, 4, 5], [1])) == [1, 2, 3, 4, 5] != reverted([1, 2, 3, 4, 5], [1])
assert reverted([], [1, 2, 3]) == []
PYTHON
