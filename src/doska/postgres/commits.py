"""What is to be done once a transaction has committed, and never if it has not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Work = Callable[[], None]

_waiting: ContextVar[list[Work] | None] = ContextVar("waiting", default=None)


def after_commit(work: Work) -> None:
    """Do it when the transaction that is open has committed; where none is open, at once."""
    waiting = _waiting.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


@contextmanager
def held_until_commit() -> Iterator[None]:
    """Hold back what is to be done: the transaction begins and ends inside."""
    waiting: list[Work] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for work in waiting:
        after_commit(work)  # of a transaction within another: that one may still be undone
