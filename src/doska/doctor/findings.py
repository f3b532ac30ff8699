"""What the doctor says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters; what is wrong keeps Doska from working, or from being safe."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was looked at, what is the case, and what to do about it."""

    level: Level
    check: str
    text: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f" -> {self.mend}" if self.mend else ""
        return f"{self.level:<6} {self.check:<15} {self.text}{mend}"


def ok(check: str, text: str) -> Finding:
    """Say that something is right."""
    return Finding(Level.OK, check, text)


def warn(check: str, text: str, mend: str) -> Finding:
    """Say that something is worth a look."""
    return Finding(Level.WARN, check, text, mend)


def wrong(check: str, text: str, mend: str) -> Finding:
    """Say that something is wrong."""
    return Finding(Level.WRONG, check, text, mend)
