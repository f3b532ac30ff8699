"""What a language has to give: sentences by key, words by kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from doska.boards.happenings import Template


@dataclass(frozen=True)
class Words:
    """A language: ``sentences`` stand alone, ``parts`` are what is said among other things."""

    language: str
    sentence: str  # of the actor and the action
    nobody: str  # an actor whose account is gone
    somebody: str  # any other person whose account is gone
    no_column: str
    no_label: str  # one without a title, or that nobody knows any more
    quoted: str
    list_end: str
    moment: str  # a CLDR pattern, as the next
    day: str
    terms: Mapping[str, Mapping[str, str]]
    sentences: Mapping[str, Template]
    parts: Mapping[str, Template]
