"""What an event says, independent of language: keys of sentences and their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Someone:
    """A person, shown by their current name."""

    id: str


@dataclass(frozen=True, slots=True)
class People:
    """Several people, shown as a list."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, shown by the title that it had at the event with this number."""

    id: str
    seq: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Several labels, shown by the titles that they had at the event with this number."""

    ids: tuple[str, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term that each language translates: a status, a priority, a role."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, as the log writes it."""

    at: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day, which is the same one in every time zone."""

    on: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that has happened: the key of a sentence, and its values by name."""

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """What one event says: some facts; ``whole`` sums them up unless there is just one."""

    facts: tuple[Fact, ...]
    whole: Fact | None = None

    def values(self) -> Iterator["Value"]:
        """Return every value that needs words, including those within a description."""
        for fact in self.facts:
            for value in fact.values.values():
                yield value
                if isinstance(value, Description):
                    yield from value.values()


# A text is shown as it is (a title); a number chooses the plural form.
Value: TypeAlias = (
    str | int | Someone | People | Column | Labels | Term | Moment | Day | Description
)


def fact(key: str, **values: Value) -> Fact:
    """Describe one thing."""
    return Fact(key, values)


def only(key: str, **values: Value) -> Description:
    """Describe one thing, and nothing else."""
    return Description((Fact(key, values),))
