"""The benchmarks follow the program: they are run by hand, so nothing else would tell that they broke."""

import subprocess
import sys
from pathlib import Path

from report import HEAD, Row, Spread, Target, table

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
EACH = """
import importlib
from pathlib import Path
for path in sorted(Path.cwd().glob("*.py")):
    importlib.import_module(path.stem)
"""


def test_every_module_of_the_benchmarks_can_be_loaded() -> None:
    tried = subprocess.run(
        [sys.executable, "-c", EACH], cwd=BENCHMARKS, capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr


def test_a_row_has_as_many_cells_as_the_table_whatever_was_measured() -> None:
    """Of an upload there is a speed and nothing else."""
    sides = {"doska": {"rate": Spread.of([1.0])}}
    lines = table([Row("1", "an upload", Target("≥", 1, "MB"), [2.0], sides)]).splitlines()
    assert {line.count("|") for line in lines} == {len(HEAD) + 2}
