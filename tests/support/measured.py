"""Coverage is measured of a test's first cases only: it slows all that runs by half.

Of tests that generate their cases none is measured.

So what is reported is the least that the suite covers: the other cases can only add to it.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from doska.doors import process

CASES = 2
SERVERS = "COVERAGE_PROCESS_CONFIG"  # by which coverage has the servers measured that tests start


class Measured:
    """Takes the tracer away, as a plugin of pytest, where a case is one of many."""

    def __init__(self) -> None:
        self._others: set[str] = set()
        if SERVERS in os.environ:  # or of what reads imports nothing would be known
            process.ENVIRONMENT[SERVERS] = os.environ[SERVERS]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """By their place in the whole collection, so whichever worker has them."""
        cases: Counter[str] = Counter()
        for item in items:
            name = item.nodeid.partition("[")[0]
            cases[name] += 1
            if cases[name] > CASES or _is_many(item):
                self._others.add(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        tracer = sys.gettrace()
        if tracer is None or item.nodeid not in self._others:
            return (yield)
        servers = os.environ.pop(SERVERS, None)
        process.ENVIRONMENT.pop(SERVERS, None)
        sys.settrace(None)
        try:
            return (yield)
        finally:
            sys.settrace(tracer)
            if servers is not None:
                os.environ[SERVERS] = process.ENVIRONMENT[SERVERS] = servers


def _is_many(item: pytest.Item) -> bool:
    """Tell whether it tries generated examples: many cases under one name."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))
