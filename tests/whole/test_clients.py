"""A Python client generated from the document: its types hold, and it works. (TypeScript's: ui/tests/clients.ts.)"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import documentation
from programs import a_data_folder, serving

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-clients.lock"
FLOW = ROOT / "tests" / "clients" / "flow.py"
# Where the generator is installed already, as in the image of the tests.
PLACE = os.environ.get("DOSKA_CLIENTS_FOLDER")


@dataclass(frozen=True)
class Generated:
    """A client, in an environment that has what it imports."""

    python: Path
    folder: Path


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """Generate it; nothing of the document may be left out with a warning."""
    python = Path(PLACE or installed(tmp_path_factory.mktemp("generator"))) / "bin" / "python"
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(json.dumps(documentation()))
    command = [str(python), "-m", "openapi_python_client", "generate", "--path", str(document)]
    where = ["--meta", "none", "--output-path", str(folder / "doska_client"), "--fail-on-warning"]
    run(*command, *where, path=python.parent)
    return Generated(python, folder)


def installed(folder: Path) -> Path:
    """Install the generator beside us: it takes an older typer than Doska does."""
    venv.create(folder, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    python = str(folder / "bin" / "python")
    run(*pip, "--python", python, "install", "--no-compile", "--require-hashes", "-r", str(LOCK))
    return folder


def run(*command: str, path: Path | None = None, **more: str) -> str:
    """Run a program; what it has said is told if it fails."""
    paths = os.pathsep.join(filter(None, [str(path or ""), os.environ["PATH"]]))
    environment = {**os.environ, "PATH": paths, **more}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with a_data_folder() as folder, serving(folder) as served:
        yield served.url


def test_a_generated_client_has_each_answers_own_type(generated: Generated) -> None:
    """Seen to fail when a dry run's report was another form of a write's answer."""
    options = ["--strict", "--follow-imports=silent", "--config-file=", "--no-incremental"]
    python = f"--python-executable={generated.python}"
    mypy = [sys.executable, "-m", "mypy", *options, python, str(FLOW)]
    run(*mypy, MYPYPATH=str(generated.folder))


def test_a_generated_client_works(generated: Generated, url: str) -> None:
    said = run(str(generated.python), str(FLOW), url, PYTHONPATH=str(generated.folder))
    assert said == "2 tasks\n"
