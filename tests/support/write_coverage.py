"""Every writing operation is seen to succeed in two tests, and to be refused in two others.

Judged when the whole suite has passed, by what its clients have got through HTTP (api.Contract).
Workers hand over what each has seen; who leads them judges.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from api import Contract, Json, Seen

TESTS_MIN = 2
WRITING = {"post", "put", "patch", "delete"}
MATRIX = "test_access_matrix.py"  # it asks everything of everybody, so it counts as one test


def writing_operations(document: Json) -> set[str]:
    """Name the operations that change something."""
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


class WriteCoverage:
    """The judgement, as a plugin of pytest; it says nothing of a run that is not whole.

    Seen to fail a run, in one process and in two, from which tests of writes were left out.
    """

    def __init__(self, document: Callable[[], Json]) -> None:
        self._document = document
        self.seen = Contract.seen
        self.is_whole = False
        self.lacking: list[str] = []
        self._left_out = False

    def pytest_deselected(self) -> None:
        self._left_out = True

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        files = set(Path(__file__).parents[1].rglob("test_*.py"))
        self.is_whole = files <= {item.path for item in session.items} and not self._left_out

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker has seen; one that was killed hands over nothing."""
        told = getattr(node, "workeroutput", {})
        self.seen |= told.get("seen", set())
        self.is_whole |= told.get("is_whole", False)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told |= {"seen": self.seen, "is_whole": self.is_whole}
        elif self.is_whole and exitstatus == pytest.ExitCode.OK:
            self.lacking = lacking(writing_operations(self._document()), self.seen)
            if self.lacking:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.lacking:
            terminalreporter.section("FAILED: writes with too few tests", red=True)
            terminalreporter.line(f"Each needs {TESTS_MIN} of success and {TESTS_MIN} of refusal.")
            for line in self.lacking:
                terminalreporter.line(line, red=True)
