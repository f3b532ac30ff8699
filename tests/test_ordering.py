import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from doska.ordering import DIGITS, KEY_CHARS_MAX, between, spread

# Few digits, near the edges, so that keys are often close neighbours. The heads at the very ends,
# A and z, are left out: they take 62 to the 26th steps to reach.
DIGIT = st.sampled_from("012Vyz")
HEADS = "YZab"


@st.composite
def keys(draw: st.DrawFn) -> str:
    """Draw any key: a head, the digits that it tells, and a fraction that ends in no zero."""
    head = draw(st.sampled_from(HEADS))
    count = ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1
    whole = draw(st.text(DIGIT, min_size=count, max_size=count))
    fraction = draw(st.text(DIGIT, max_size=6)).rstrip(DIGITS[0])
    return head + whole + fraction


def chain(low: str | None, high: str | None, count: int, *, upwards: bool) -> list[str]:
    """Insert that often next to the last one inserted: above it, or below it."""
    made: list[str] = []
    for _ in range(count):
        key = between(low, high)
        made.append(key)
        low, high = (key, high) if upwards else (low, key)
    return made


def is_ordered(ranks: list[str]) -> bool:
    raw = [rank.encode() for rank in ranks]
    return all(first < second for first, second in itertools.pairwise(raw))


@given(keys(), keys())
def test_a_key_stands_strictly_between_any_two_and_leaves_room(one: str, other: str) -> None:
    """Seen to fail with ``_middle`` one digit too low, and with one that leaves a zero at the end."""
    assume(one != other)
    low, high = sorted([one, other])

    key = between(low, high)

    assert low.encode() < key.encode() < high.encode()
    assert low < between(low, key) < key < between(key, high) < high


@given(keys())
def test_there_is_room_at_both_ends_of_any_key(key: str) -> None:
    assert between(None, key).encode() < key.encode() < between(key, None).encode()


@given(keys(), keys())
def test_two_keys_in_the_wrong_order_are_refused(one: str, other: str) -> None:
    low, high = sorted([one, other])
    with pytest.raises(ValueError, match="is not below"):
        between(high, low)


@given(st.lists(st.floats(0, 1), max_size=120))
def test_any_inserts_give_the_order_that_a_list_gives(places: list[float]) -> None:
    """Seen to fail with ``_step`` that never borrows a longer head."""
    listed: list[int] = []
    ranks: dict[int, str] = {}
    for item, part in enumerate(places):
        place = round(part * len(listed))
        above = ranks[listed[place - 1]] if place else None
        below = ranks[listed[place]] if place < len(listed) else None
        ranks[item] = between(above, below)
        listed.insert(place, item)

    assert sorted(ranks, key=lambda item: ranks[item].encode()) == listed
    assert len(set(ranks.values())) == len(listed)


@given(st.lists(st.booleans(), max_size=200))
def test_adding_at_either_end_keeps_all_in_order(at_end: list[bool]) -> None:
    ranks: list[str] = []
    for is_end in at_end:
        if is_end:
            ranks.append(between(ranks[-1] if ranks else None, None))
        else:
            ranks.insert(0, between(None, ranks[0] if ranks else None))

    assert is_ordered(ranks)


@pytest.mark.parametrize("upwards", [True, False])
def test_two_thousand_at_one_end_have_short_keys(*, upwards: bool) -> None:
    ranks = chain(None, None, 2000, upwards=upwards)

    assert is_ordered(ranks if upwards else ranks[::-1])
    assert max(map(len, ranks)) <= 4


@pytest.mark.parametrize("upwards", [True, False])
def test_inserting_at_one_place_grows_a_key_by_a_character_in_five_inserts(
    *, upwards: bool
) -> None:
    """Seen to fail with ``_middle`` taking the lowest digit that fits instead of halving."""
    ranks = chain("a0", "a1", 2000, upwards=upwards)

    assert is_ordered(ranks if upwards else ranks[::-1])
    assert all(len(rank) <= 3 + (n + 1) / 5 for n, rank in enumerate(ranks))
    assert len(ranks[250]) < KEY_CHARS_MAX


@given(st.lists(st.booleans(), min_size=300, max_size=300))
def test_halving_a_gap_at_random_never_breaks(turns: list[bool]) -> None:
    low, high = "a0", "a1"
    for is_above in turns:
        key = between(low, high)
        assert low.encode() < key.encode() < high.encode()
        low, high = (key, high) if is_above else (low, key)


@given(st.integers(0, 300), st.none() | keys())
def test_spread_keys_are_in_order_and_all_above_the_low_one(count: int, low: str | None) -> None:
    ranks = spread(count, low)

    assert len(ranks) == count
    assert is_ordered(ranks if low is None else [low, *ranks])


def test_spread_keys_of_a_whole_column_are_short() -> None:
    assert max(map(len, spread(2000))) <= 4
