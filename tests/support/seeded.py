"""The bugs that are planted to see proofs fail: data, in ``tests/bugs/*.toml``."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "bugs"
SOAK = "soak:"


@dataclass(frozen=True)
class Plant:
    """One text of a file that gives way to another."""

    file: str
    old: str
    new: str

    def count_in(self, root: Path) -> int:
        """Tell how often the old text stands there."""
        return (root / self.file).read_text().count(self.old)

    def put_in(self, root: Path) -> None:
        """Change a copy of the sources."""
        assert self.count_in(root) == 1, self
        path = root / self.file
        path.write_text(path.read_text().replace(self.old, self.new))


@dataclass(frozen=True)
class Bug:
    """A bug, and the proofs that each must fail where it is planted."""

    name: str
    plants: tuple[Plant, ...]
    proofs: tuple[str, ...]
    source: str

    def __str__(self) -> str:
        return self.name


def bugs() -> Iterator[Bug]:
    """Read all bugs; ``[[bug.also]]`` holds what must be planted beside for it to show."""
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text())["bug"]:
            yield _bug(entry, path.stem)


def _bug(entry: dict[str, Any], source: str) -> Bug:
    plants = [entry, *entry.get("also", [])]
    texts = tuple(Plant(plant["file"], plant["old"], plant["new"]) for plant in plants)
    return Bug(entry["name"], texts, tuple(entry["proofs"]), source)


def listing() -> str:
    """List all bugs with their proofs, as docs/trust.md shows them."""
    lines = ["| bug | noticed by |", "|---|---|"]
    lines += [f"| {bug} | {', '.join(map(_short, bug.proofs))} |" for bug in bugs()]
    return "\n".join(lines)


def _short(proof: str) -> str:
    return f"`{proof.removeprefix('tests/').partition('[')[0]}`".replace(".py::test_", ": ")


def exists(proof: str) -> bool:
    """Tell whether there is such a test, or such a proof of the soak."""
    if proof.startswith(SOAK):
        name = proof.removeprefix(SOAK)
        return f'"{name}": Proof(' in (ROOT / "tests/soak/run.py").read_text()
    file, *names = proof.partition("[")[0].split("::")
    path = ROOT / file
    text = path.read_text() if path.is_file() else ""
    return bool(text) and all(
        re.search(rf"^ *(async )?(def|class) {n}\b", text, re.MULTILINE) for n in names
    )
