"""The soak's table: what was promised, what was tried, what was lost."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from proof import Finding

HERE = Path(__file__).parent
HEAD = ("proof", "promise", "tried", "times", "lost", "seconds", "notes")


@dataclass(frozen=True)
class Row:
    """A proof that was run; without a finding it could not be."""

    name: str
    finding: Finding | None
    seconds: float
    error: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether it found the promise broken."""
        return self.finding is not None and self.finding.lost > 0

    @property
    def cells(self) -> tuple[str, ...]:
        """Show it as a row."""
        seconds = f"{self.seconds:.0f}"
        if not self.finding:
            return (self.name, "", "", "", "COULD NOT BE RUN", seconds, self.error)
        found = self.finding
        lost = f"**{found.lost:,}**" if found.lost else "0"
        times = f"{found.times:,}"
        return (self.name, found.promise, found.tried, times, lost, seconds, found.notes)


def markdown(rows: Sequence[Row]) -> str:
    """Show all rows as a Markdown table."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD)), *(_line(row.cells) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def keep(rows: Sequence[Row], about: str) -> Path:
    """Write the table beside the earlier ones."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = "-changed" if _git("status", "--porcelain", "--untracked-files=no") else ""
    today = datetime.now(UTC).date()
    path = HERE / "results" / f"{today}-{commit}{changed}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"# Soak of {today}, commit {commit}{changed}\n\n{about}\n\n{markdown(rows)}\n")
    return path


def _git(*arguments: str) -> str:
    told = subprocess.run(
        ["git", *arguments],  # noqa: S607 - the developer's own git
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()
