"""The benchmarks follow the program: they are run by hand, so nothing else would tell that they broke."""

import subprocess
import sys
from pathlib import Path

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
