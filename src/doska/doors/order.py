"""Where things stand that are imported again: in the order of the source, as far as it has changed.

What somebody here has moved stays where it is, and nothing is put beside it. Who has moved a thing
follows from the places that all had in the source before: the fewest moves that explain an order.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from doska.doors.moving import moved
from doska.doors.state import Ref
from doska.ordering import between, spread
from doska.schemas import new_id


@dataclass(frozen=True, slots=True)
class Placed:
    """New ranks, by id; and what was moved there as well, but stays as it is here."""

    ranks: dict[str, str]
    kept: set[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one thing stands: which it is there, and its rank here if that is another one."""

    id: str
    n: int
    rank: str | None = None
    is_kept: bool = False


def placed(
    standing: Iterable[tuple[str, str]],
    source: Collection[str],
    before: Mapping[str, int],
    new: Collection[str],
) -> Placed:
    """Place things; ``standing`` are ranks and ids of all that stand here.

    ``source`` is the order there, ``before`` the places there as last imported, as far as they are
    known. What is ``new`` comes where it stands there.
    """
    here = sorted(standing)
    ours = _wandering([one for _, one in here], before)
    others = [one for one in source if one not in ours]
    there = _wandering(others, before)
    kept = _elsewhere(source, before, ours, before.keys() - ours - there)
    entering = {*new, *there}
    if not entering:
        return Placed({}, kept)
    order = [one for _, one in here if one not in entering]
    ranks = {one: rank for rank, one in here if one not in entering}
    _weave(order, others, entering)
    _rank(order, ranks)
    return Placed({one: ranks[one] for one in entering}, kept)


def spots(
    standing: Sequence[tuple[str, str]], refs: Sequence[Ref | None], stands: Sequence[bool]
) -> list[Spot]:
    """Give the spots of things in the order of the source; those without a ref are new.

    Only what ``stands`` there has a place among the others; archived columns have none.
    """
    found = [Spot(ref.object_id if ref else new_id(), n) for n, ref in enumerate(refs)]
    here = {one for _, one in standing}
    new = {spot.id for spot, ref in zip(found, refs, strict=True) if ref is None}
    order = [s.id for s, is_in in zip(found, stands, strict=True) if is_in and s.id in here | new]
    fields = {ref.object_id: ref.fields for ref in refs if ref}
    before = {one: fields[one]["n"] for one in order if "n" in fields.get(one, {})}
    places = placed(standing, order, before, [one for one in order if one in new])
    return [replace(s, rank=places.ranks.get(s.id), is_kept=s.id in places.kept) for s in found]


def _wandering(order: Iterable[str], before: Mapping[str, int]) -> set[str]:
    known = [one for one in order if one in before]
    return {known[n] for n in moved([before[one] for one in known])}


def _elsewhere(
    source: Collection[str], before: Mapping[str, int], ours: set[str], settled: AbstractSet[str]
) -> set[str]:
    """Tell which of ours stand on another side of something settled than they did in the source."""
    found, lowest, highest = set[str](), -1, len(before) + max(before.values(), default=0)
    for one in source:
        if one in settled:
            lowest = before[one]
        elif one in ours and before[one] < lowest:
            found.add(one)
    for one in reversed([*source]):
        if one in settled:
            highest = before[one]
        elif one in ours and before[one] > highest:
            found.add(one)
    return found


def _weave(order: list[str], source: list[str], entering: set[str]) -> None:
    """Put each that enters before the one after it in the source, the last ones at the bottom."""
    present = set(order)
    before: dict[str | None, list[str]] = defaultdict(list)
    following: str | None = None
    for one in reversed(source):
        if one in entering:
            before[following].append(one)
        elif one in present:
            following = one
    woven: list[str] = []
    for one in order:
        woven += [*reversed(before[one]), one]
    order[:] = [*woven, *reversed(before[None])]


def _rank(order: list[str], ranks: dict[str, str]) -> None:
    """Give ranks to those without one, between their neighbours."""
    low, place = None, 0
    while place < len(order):
        if order[place] in ranks:
            low, place = ranks[order[place]], place + 1
            continue
        end = place
        while end < len(order) and order[end] not in ranks:
            end += 1
        high = ranks[order[end]] if end < len(order) else None
        ranks |= zip(order[place:end], _dealt(end - place, low, high), strict=True)
        place = end


def _dealt(count: int, low: str | None, high: str | None) -> list[str]:
    """Give so many keys between two, none longer than it must be."""
    if high is None:
        return spread(count, low)
    if count == 0:
        return []
    middle = between(low, high)
    half = count // 2
    return [*_dealt(half, low, middle), middle, *_dealt(count - half - 1, middle, high)]
