"""Every writing operation is seen to succeed in two tests, and to be refused in two others.

Judged when the whole suite has run, by what its clients have got through HTTP (api.Contract).
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api import Contract

Seen = set[tuple[str, int, str]]  # operation, status, test

TESTS_MIN = 2
WRITING = {"post", "put", "patch", "delete"}
MATRIX = "test_access_matrix.py"  # it asks everything of everybody, so it counts as one test


def writing_operations(document: dict[str, Any]) -> set[str]:
    return {
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in WRITING
    }


def lacking(operations: Iterable[str], seen: Seen) -> list[str]:
    """Tell which operations have too few tests, and how many they have."""
    tests: dict[tuple[str, int], set[str]] = defaultdict(set)
    for operation, status, test in seen:
        tests[operation, status // 100].add(MATRIX if MATRIX in test else test)
    return [
        f"{operation} {kind} in {len(tests[operation, hundred])}"
        for operation in sorted(operations)
        for hundred, kind in ((2, "succeeds"), (4, "is refused"))
        if len(tests[operation, hundred]) < TESTS_MIN
    ]


def is_whole_suite(request: pytest.FixtureRequest) -> bool:
    """Tell whether every file of tests takes part, and no test was left out by name."""
    files = set(Path(__file__).parent.glob("test_*.py"))
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    left_out = reporter is None or reporter.stats.get("deselected")
    return files <= {item.path for item in request.session.items} and not left_out


def test_a_test_counts_once_for_each_operation_and_kind_of_answer() -> None:
    twice = {("move", 200, "a"), ("move", 200, "b"), ("move", 403, "a"), ("move", 404, "b")}
    assert lacking(["move"], twice) == []
    assert lacking(["move"], twice - {("move", 200, "b")}) == ["move succeeds in 1"]
    assert lacking(["move"], twice - {("move", 404, "b")} | {("move", 409, "a")}) == [
        "move is refused in 1"
    ]
    assert lacking(["drop"], twice) == ["drop succeeds in 0", "drop is refused in 0"]


def test_the_matrix_counts_as_one_test_and_a_failure_of_ours_as_none() -> None:
    cells = {("move", 404, f"tests/{MATRIX}::cell[{number}]") for number in range(9)}
    others = {("move", 200, "a"), ("move", 200, "b"), ("move", 503, "c")}
    assert lacking(["move"], cells | others) == ["move is refused in 1"]
    assert lacking(["move"], cells | others | {("move", 422, "c")}) == []


def test_every_write_succeeds_in_two_tests_and_is_refused_in_two(
    app: FastAPI, request: pytest.FixtureRequest
) -> None:
    """Seen to fail when it was made to judge after some of the files only."""
    if not is_whole_suite(request):
        pytest.skip("judged when the whole suite runs")
    seen = Contract.seen
    operations = writing_operations(app.openapi())
    assert operations
    assert lacking(operations, seen) == []
