"""Order keys: texts that sort bytewise, with room for another between any two.

A key is an integer and a fraction, both in base 62. The integer's first letter gives its length and
sign (``a`` one digit, ``b`` two, … ``Z`` one digit below zero, ``Y`` two, …), so that adding at
either end lengthens a key only with the logarithm of the count; the fraction is what halving
leaves. After David Greenspan's "Implementing Fractional Indexing" (2020).
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST = "a0"
KEY_CHARS_MAX = 64  # beyond it, the whole group is rebalanced


def between(low: str | None, high: str | None) -> str:
    """Return a key above ``low`` and below ``high``; None stands for the end on that side."""
    if low is not None and high is not None and low >= high:
        raise ValueError(f"{low!r} is not below {high!r}")
    if low is None and high is None:
        return FIRST
    if low is None:
        return _below(high or "")
    if high is None:
        return _above(low)
    whole, fraction = _parts(low)
    high_whole, high_fraction = _parts(high)
    if whole == high_whole:
        return whole + _middle(fraction, high_fraction)
    following = _step(whole, up=True)
    if following is not None and following < high:
        return following
    return whole + _middle(fraction, None)


def spread(count: int, low: str | None = None) -> list[str]:
    """Return that many keys in order, short ones, all above ``low``."""
    keys: list[str] = []
    for _ in range(count):
        low = between(low, None)
        keys.append(low)
    return keys


def _above(low: str) -> str:
    whole, fraction = _parts(low)
    return _step(whole, up=True) or whole + _middle(fraction, None)


def _below(high: str) -> str:
    whole, fraction = _parts(high)
    if fraction:
        return whole
    return _step(whole, up=False) or whole + _middle("", fraction)


def _length(head: str) -> int:
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def _parts(key: str) -> tuple[str, str]:
    length = _length(key[0])
    return key[:length], key[length:]


def _step(whole: str, *, up: bool) -> str | None:
    """Count one up or down, borrowing a longer or shorter head; None at the very end."""
    head, digits = whole[0], list(whole[1:])
    edge, other = (DIGITS[-1], DIGITS[0]) if up else (DIGITS[0], DIGITS[-1])
    for place in reversed(range(len(digits))):
        if digits[place] != edge:
            digits[place] = DIGITS[DIGITS.index(digits[place]) + (1 if up else -1)]
            return head + "".join(digits)
        digits[place] = other
    return _next_head(head, other, up=up)


def _next_head(head: str, digit: str, *, up: bool) -> str | None:
    if head == ("z" if up else "A"):
        return None
    if head == ("Z" if up else "a"):
        return ("a" if up else "Z") + digit
    head = chr(ord(head) + (1 if up else -1))
    return head + digit * (_length(head) - 1)


def _middle(low: str, high: str | None) -> str:
    """Halve the room between two fractions; neither ends in the lowest digit."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same : same + 1] or DIGITS[0]) == high[same]:
            same += 1
        if same:
            return high[:same] + _middle(low[same:], high[same:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high and len(high) > 1:
        return high[0]
    return DIGITS[first] + _middle(low[1:], None)
