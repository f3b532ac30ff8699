"""The doctor's findings."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters; `wrong` means that Doska does not work, or is not safe."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was checked, the result, and how to fix it."""

    level: Level
    check: str
    text: str
    fix: str = ""

    def __str__(self) -> str:
        fix = f" -> {self.fix}" if self.fix else ""
        return f"{self.level:<6} {self.check:<15} {self.text}{fix}"


def ok(check: str, text: str) -> Finding:
    """Report that something is right."""
    return Finding(Level.OK, check, text)


def warn(check: str, text: str, fix: str) -> Finding:
    """Report that something is worth a look."""
    return Finding(Level.WARN, check, text, fix)


def wrong(check: str, text: str, fix: str) -> Finding:
    """Report that something is wrong."""
    return Finding(Level.WRONG, check, text, fix)
