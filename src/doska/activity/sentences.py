"""From facts to one sentence, whatever the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatchmethod
from zoneinfo import ZoneInfo

from doska.activity.languages import day_in_words, in_form, in_words, parts, sentences
from doska.activity.words import Words
from doska.boards.facts import (
    Column,
    Day,
    Description,
    Fact,
    Labels,
    Moment,
    People,
    Someone,
    Term,
)
from doska.boards.happenings import Template

BETWEEN_PARTS = "; "
Titles = Mapping[str, list[tuple[int, str]]]


@dataclass(frozen=True)
class Names:
    """Names of people by id; titles of things by id, each with the last event it is valid for."""

    people: Mapping[str, str]
    titles: Titles


@dataclass(frozen=True)
class Speaker:
    """Writes about a board in one language, for readers in one time zone."""

    words: Words
    zone: ZoneInfo
    names: Names

    def sentence(self, actor: str | None, description: Description) -> str:
        """Write who did what."""
        action = self.action(description)
        return self.words.sentence.format(actor=actor or self.words.nobody, action=action)

    def action(self, description: Description) -> str:
        """Write what was done: one thing by itself, or several with what they are part of."""
        facts, whole = description.facts, description.whole
        if whole is None or len(facts) == 1:
            first, rest = self._said(facts[0], sentences(self.words.language)), facts[1:]
            end = BETWEEN_PARTS
        else:
            first, rest = self._said(whole, sentences(self.words.language)), facts
            end = ": "
        among = BETWEEN_PARTS.join(self._said(fact, parts(self.words.language)) for fact in rest)
        return f"{first}{end}{among}" if among else first

    def when(self, moment: str) -> str:
        """Write when it was."""
        return in_words(moment, self.zone, self.words)

    def _said(self, fact: Fact, templates: Mapping[str, Template]) -> str:
        shown = {name: self._shown(value) for name, value in fact.values.items()}
        return in_form(templates[fact.key], _count(fact), self.words).format(**shown)

    @singledispatchmethod
    def _shown(self, value: object) -> str:
        return str(value)

    @_shown.register
    def _(self, value: Someone) -> str:
        return self.names.people.get(value.id, self.words.somebody)

    @_shown.register
    def _(self, value: People) -> str:
        return self._listed(sorted(self._shown(Someone(person)) for person in value.ids))

    @_shown.register
    def _(self, value: Column) -> str:
        found = self._title(value.id, value.seq)
        return self.words.no_column if found is None else found

    @_shown.register
    def _(self, value: Labels) -> str:
        titles = [self._title(label_id, value.seq) for label_id in value.ids]
        quoted = [self.words.quoted.format(title) for title in titles if title]
        return self._listed(quoted + [self.words.no_label] * (len(titles) - len(quoted)))

    def _title(self, thing_id: str, seq: int) -> str | None:
        held = self.names.titles.get(thing_id, [])
        return next((title for last, title in held if last >= seq), None)

    def _listed(self, shown: list[str]) -> str:
        *others, last = shown
        return f"{', '.join(others)}{self.words.list_end}{last}" if others else last

    @_shown.register
    def _(self, value: Term) -> str:
        terms = self.words.terms[value.kind]
        return terms.get(value.value, value.value)  # as it is, if a newer release has more

    @_shown.register
    def _(self, value: Moment) -> str:
        return self.when(value.at)

    @_shown.register
    def _(self, value: Day) -> str:
        return day_in_words(value.on, self.words)

    @_shown.register
    def _(self, value: Description) -> str:
        return self.action(value)


def _count(fact: Fact) -> int:
    """Return what determines the sentence's form: a number, or a count of people or labels."""
    for value in fact.values.values():
        if isinstance(value, People | Labels):
            return len(value.ids)
    count = fact.values.get("count", 0)
    return count if isinstance(count, int) else 0
