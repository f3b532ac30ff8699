"""What follows from the declarations of features is made when it is first asked for, and kept.

So SQL that is about all kinds can stand in a module that knows none of them.
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
    """Keep what follows from the declarations until there is another one."""

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
    """Let what followed from the declarations before be made again."""
    global _declared  # noqa: PLW0603  # a count that only rises
    _declared += 1
