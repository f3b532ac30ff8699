"""Which things have moved where they came from: the fewest that explain the new order."""

from bisect import bisect_left
from collections.abc import Sequence


def moved(places: Sequence[int | None]) -> set[int]:
    """Give the indexes of those that have moved, by the places that all had before.

    What keeps its order is a longest increasing run of the old places; None was not there.
    """
    ends: list[int] = []  # the place with which a run of each length can end
    at: list[int] = []  # and who stands there
    before: dict[int, int | None] = {}
    for index, place in enumerate(places):
        if place is None:
            continue
        length = bisect_left(ends, place)
        before[index] = at[length - 1] if length else None
        ends[length : length + 1] = [place]
        at[length : length + 1] = [index]
    keeps, last = set(), at[-1] if at else None
    while last is not None:
        keeps.add(last)
        last = before[last]
    return {index for index, place in enumerate(places) if place is not None} - keeps
