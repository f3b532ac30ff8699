"""Coverage is measured of a test's first cases, whoever runs them."""

import sys
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from measured import CASES, Measured


def is_traced(plugin: Measured, item: Any) -> bool:
    """Tell whether what runs in a test's place is traced; all is as before afterwards."""
    usual = sys.gettrace()

    def tracer(*_: Any) -> None:
        """Look at nothing."""

    sys.settrace(tracer)
    running = plugin.pytest_runtest_protocol(item)
    next(running)
    found = sys.gettrace() is tracer
    next(running, None)
    is_back = sys.gettrace() is tracer
    sys.settrace(usual)
    assert is_back
    return found


def test_the_first_cases_of_each_test_are_measured() -> None:
    names = [f"a.py::test_{word}[{n}]" for word in "xy" for n in range(CASES + 2)]
    items: list[Any] = [SimpleNamespace(nodeid=name) for name in names]
    plugin = Measured()
    plugin.pytest_collection_modifyitems(items)
    one = [True] * CASES + [False] * 2
    assert [is_traced(plugin, item) for item in items] == [*one, *one]


@given(st.integers())
@settings(max_examples=1)
def a_story(_: int) -> None:
    """Try generated examples."""


def test_what_tries_generated_examples_is_not_measured() -> None:
    functions = {"a.py::test_x": a_story, "a.py::test_y": is_traced}
    items: list[Any] = [SimpleNamespace(nodeid=name, obj=obj) for name, obj in functions.items()]
    plugin = Measured()
    plugin.pytest_collection_modifyitems(items)
    assert [is_traced(plugin, item) for item in items] == [False, True]
