"""Whether a key looks random."""

from itertools import pairwise

# What fingers run along, forwards and backwards.
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUNS = {row[::way][i : i + 3] for row in ROWS for way in (1, -1) for i in range(len(row) - 2)}

# Nearly all of the 30 groups of three in 32 hexadecimal digits differ, and nearly none is a run.
GROUPS_MIN = 20

# Pairs of letters that are frequent in English: 0.4 of its pairs, and 0.06 of random ones.
PAIRS_TEXT = """th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io
    le ve co me de hi ri ro ic ne ea ra ce"""
PAIRS = frozenset(PAIRS_TEXT.split())
PAIRS_MIN, SHARE_MIN = 12, 0.3
HEXADECIMAL = frozenset("0123456789abcdef-")  # too few letters for words


def is_guessable(key: str) -> bool:
    """Return whether a key repeats itself, runs along the alphabet or the keys, or has words."""
    key = key.casefold()
    groups = {key[i : i + 3] for i in range(len(key) - 2)}
    return len(groups - RUNS) < GROUPS_MIN or _is_words(key)


def _is_words(key: str) -> bool:
    """Distinguish text from random letters."""
    if HEXADECIMAL.issuperset(key):
        return False
    if not key.isascii():
        return True  # no generator uses such letters
    pairs = [a + b for a, b in pairwise(key) if a.isalpha() and b.isalpha()]
    common = sum(pair in PAIRS for pair in pairs)
    return len(pairs) >= PAIRS_MIN and common >= SHARE_MIN * len(pairs)
