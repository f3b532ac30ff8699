"""Fates: what becomes of each value of a file, by the format's table.

A table is data: a path, and the fate of all that is at or below it, unless a longer path says
otherwise. In paths keys are joined by ``.``, the items of a list are ``[]``, and keys that are ids
``{}``: ``cards[].name``, ``stacks{}.cards[].title``. In tables of CSV and Markdown a path is a
header, or a kind of line. A path that no rule reaches is aside; a key named like a secret is
dropped, unless the table names exactly this path.

    TABLE = {"cards[].name": kept("tasks.title"), "cards[].cover": ASIDE, "cards[].email": SECRET}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

REASONS = (
    "secret", "derived", "source-log", "view-state", "service", "unreadable", "asked",
)  # fmt: skip
AT_MAX = 5


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """Kept (``to`` a place), aside (neither), or dropped (for a ``reason``)."""

    to: str | None = None
    reason: str | None = None

    @property
    def name(self) -> str:
        """Return how it is counted."""
        return "dropped" if self.reason else "kept" if self.to else "aside"


ASIDE = Fate()


@cache
def kept(to: str) -> Fate:
    """Say where a value is kept: ``tasks.title``."""
    return Fate(to=to)


@cache
def dropped(reason: str) -> Fate:
    """Say why a value is dropped: one of REASONS."""
    if reason not in REASONS:
        raise ValueError(reason)
    return Fate(reason=reason)


SECRET = dropped("secret")
Table = Mapping[str, Fate]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SECRET = {"token", "tokens", "secret", "secrets", "password", "passwords", "passwd", "key", "keys"}


def is_secret(key: str) -> bool:
    """Tell whether a key is named like what nobody should keep: ``shareToken``, ``api_key``."""
    return not _SECRET.isdisjoint(word.lower() for word in _WORDS.findall(key))
