"""What a language must provide: sentences by key, words by kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from doska.boards.happenings import Template


@dataclass(frozen=True)
class Words:
    """A language: ``sentences`` are used alone, ``parts`` within others."""

    language: str
    sentence: str  # of the actor and the action
    nobody: str  # an actor with a deleted account
    somebody: str  # any other person with a deleted account
    no_column: str
    no_label: str  # without a title, or with one that is no longer known
    quoted: str
    list_end: str
    moment: str  # a CLDR pattern, like the next
    day: str
    terms: Mapping[str, Mapping[str, str]]
    sentences: Mapping[str, Template]
    parts: Mapping[str, Template]
