"""What was found: rows of a table, printed, and kept as JSON and Markdown under ``results/``."""

import math
import operator
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import to_json

RESULTS = Path(__file__).parent / "results"
SIGNS: dict[str, Callable[[float, float], bool]] = {
    "≥": operator.ge,
    "≤": operator.le,
    "<": operator.lt,
}
HEAD = ("", "work", "target", "found", "who", "requests/s", "app µs", "db µs", "p50 ms", "p99 ms")


@dataclass(frozen=True)
class Target:
    """What a figure must reach."""

    sign: str
    bound: float
    of: str  # a unit, or what it is a multiple of

    def is_reached_by(self, value: float) -> bool:
        """Judge a figure."""
        return SIGNS[self.sign](value, self.bound)

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g} {self.of}"


@dataclass(frozen=True)
class Spread:
    """A figure over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up the rounds."""
        return cls(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        shown = f"{_short(self.median)}"
        if self.least == self.most:
            return shown
        return f"{shown} [{_short(self.least)}–{_short(self.most)}]"  # noqa: RUF001  # a range


@dataclass(frozen=True)
class Row:
    """One figure, its target, and what was measured for it."""

    number: str
    work: str
    target: Target
    values: list[float]  # one a round; their median is judged
    sides: dict[str, dict[str, Spread]] = field(default_factory=dict)
    faults: int = 0
    note: str = ""  # why there is no figure, or what else to know

    @property
    def found(self) -> Spread | None:
        """The figure over the rounds."""
        return Spread.of(self.values) if self.values else None

    @property
    def verdict(self) -> str:
        """Tell whether the target is reached; a faulty answer is none."""
        if not self.found:
            return "none"
        if self.faults:
            return f"FAIL ({self.faults} faults)"
        return "pass" if self.target.is_reached_by(self.found.median) else "FAIL"


def share(values: Sequence[float], part: float) -> float:
    """Give the value that this part of all does not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(part * len(values)) - 1)]


def _short(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def table(rows: Sequence[Row], head: Sequence[str] = HEAD) -> str:
    """Write the rows as a Markdown table, padded so that it can be read as it is."""
    lines = [(*head, ""), *(line for row in rows for line in _lines(row, len(head)))]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    rule = tuple("-" * width for width in widths)
    padded = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {line} |" for line in padded)


def _lines(row: Row, width: int) -> list[tuple[str, ...]]:
    head = (row.number, row.work, str(row.target), str(row.found or row.note))
    blank, left = ("",) * len(head), width - len(head)
    sides = [
        (who, *(str(spread) for spread in side.values()), *[""] * (left - len(side) - 1))
        for who, side in row.sides.items()
    ] or [("",) * left]
    verdicts = [row.verdict, *[""] * (len(sides) - 1)]
    starts = [head, *[blank] * (len(sides) - 1)]
    return [(*a, *b[:left], c) for a, b, c in zip(starts, sides, verdicts, strict=True)]


def keep(
    rows: Sequence[Row], about: dict[str, Any], name: str, head: Sequence[str] = HEAD
) -> list[Path]:
    """Save the rows with what is known of the machine and the run."""
    RESULTS.mkdir(exist_ok=True)
    found = [{**asdict(row), "verdict": row.verdict, "found": row.found} for row in rows]
    data, page = RESULTS / f"{name}.json", RESULTS / f"{name}.md"
    data.write_bytes(to_json({**about, "rows": found}, indent=2) + b"\n")
    page.write_text(f"# {name}\n\n{facts(about)}\n\n{table(rows, head)}\n")
    return [data, page]


def facts(about: dict[str, Any]) -> str:
    """List what is known, a line each."""
    return "\n".join(f"- {name}: {_in_words(value)}" for name, value in about.items())


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_in_words(more)}" for name, more in value.items())
    return _short(value) if isinstance(value, float) else str(value)
