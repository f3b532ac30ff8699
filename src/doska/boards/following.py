"""What is derived from the declarations of features is computed at first use, and cached.

So SQL about all kinds can be in a module that knows none of them.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_declared = 0  # how many times


def following(
    maxsize: int | None = None,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Cache what is derived from the declarations until there is a new one."""

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        kept, seen = lru_cache(maxsize)(function), _declared

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            nonlocal seen
            if seen != _declared:
                kept.cache_clear()
                seen = _declared
            return kept(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return keep


def declared_anew() -> None:
    """Drop what was derived from the declarations before."""
    global _declared  # noqa: PLW0603  # a count that only rises
    _declared += 1
