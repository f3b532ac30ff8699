#!/usr/bin/env bash
# PyPI plexorank 0.0.9: create_mean_rank() is to give a rank between two ("performant enough to allow a user to drag and drop
# rapidly"). Where a card is dropped below the first again and again, the thirty-first rank is not between its neighbours but after
# both, without an error: nothing is between bbbbbb and bbbbbba (an "a" at the end is a zero), so that an "n" behind the mean, which
# the README says "sits squarely between", cannot be either. Just above the last card the fifty-fifth rank is beyond
# the last: the mean is a float, whose digits do not suffice for twelve letters. And create_bulk_ranks() is to be "from bbbbbb to
# ffffff".
# Seen: bbbbbban for bbbbbb and bbbbbba; ggggggaaaaaa for gggggfzzzzzw and gggggg; bulk ranks to gggggg. PyPI
# fractional-indexing 0.1.3 keeps the order in both.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install plexorank==0.0.9 fractional-indexing==0.1.3
"$place/venv/bin/python" - <<'PYTHON'
from fractional_indexing import generate_key_between
from plexorank.rank import create_bulk_ranks, create_mean_rank


def first_wrong(between, low: str, high: str, below_first: bool) -> tuple[int, str, str, str] | None:
    for count in range(1, 201):
        rank = between(low, high)
        if not low < rank < high:
            return count, low, high, rank
        low, high = (low, rank) if below_first else (rank, high)
    return None


low, high = create_bulk_ranks(2)
print("two ranks in bulk:", low, high)
assert (low, high) == ("bbbbbb", "gggggg")
below = first_wrong(create_mean_rank, low, high, True)
above = first_wrong(create_mean_rank, low, high, False)
print("below the first:", below)
print("above the last:", above)
assert below == (31, "bbbbbb", "bbbbbba", "bbbbbban")
assert above == (55, "gggggfzzzzzw", "gggggg", "ggggggaaaaaa")
assert create_mean_rank("abgkskjhg", "ajdhfjhrt") == "afevywvmm"
for where in True, False:
    assert first_wrong(generate_key_between, "a0", "a1", where) is None
PYTHON
