"""Callbacks for after the commit of a transaction, which are dropped if it does not commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Work = Callable[[], None]

_waiting: ContextVar[list[Work] | None] = ContextVar("waiting", default=None)


def after_commit(work: Work) -> None:
    """Run it when the open transaction has committed; at once if there is none."""
    waiting = _waiting.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


def is_in_transaction() -> bool:
    """Tell whether the block runs within a transaction."""
    return _waiting.get() is not None


@contextmanager
def held() -> Iterator[list[Work]]:
    """Hold callbacks back, for whoever knows when the transaction has committed."""
    waiting: list[Work] = []
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


@contextmanager
def held_until_commit() -> Iterator[None]:
    """Hold callbacks back: the transaction begins and ends inside."""
    with held() as waiting:
        yield
    for work in waiting:
        after_commit(work)  # of a nested transaction: the outer one may still be rolled back
