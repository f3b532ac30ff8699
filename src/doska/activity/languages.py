"""The languages, which one a reader wants, and their rules for numbers and times."""

from datetime import date
from zoneinfo import ZoneInfo

from doska.activity.words import Words
from doska.activity.words_english import ENGLISH
from doska.activity.words_russian import RUSSIAN
from doska.boards.following import following
from doska.boards.happenings import Phrases, Template, happenings
from doska.boards.kinds import Undeclared
from doska.zones import local

LANGUAGES = {words.language: words for words in (ENGLISH, RUSSIAN)}


@following()
def sentences(language: str) -> Phrases:
    """Return all sentences of a language: its own, and those declared with types of events."""
    found = dict(LANGUAGES[language].sentences)
    for happening in happenings():
        found |= happening.words.get(language, {})
    return found


@following()
def parts(language: str) -> Phrases:
    """Return all texts that are used as parts of others."""
    found = dict(LANGUAGES[language].parts)
    for happening in happenings():
        found |= happening.parts.get(language, {})
    return found


def check_words() -> None:
    """Refuse a type of event that a language has no words for."""
    for happening in happenings():
        for language in LANGUAGES:
            if missing := set(happening.says) - sentences(language).keys():
                words = ", ".join(sorted(missing))
                raise Undeclared(f"The event {happening.type}: {language} has no words {words}.")


def wanted(accept_language: str | None) -> Words:
    """Choose by an Accept-Language header (RFC 9110); English if none of ours is wanted."""
    ranges = _ranges(accept_language or "")
    anything = ranges.get("*", 0.0)
    weights = {name: ranges.get(name, anything) for name in LANGUAGES}
    # Among equals the one named first; named ones come before others.
    order = [*(name for name in ranges if name in LANGUAGES), *LANGUAGES]
    best = max(LANGUAGES, key=lambda name: (weights[name], -order.index(name)))
    return LANGUAGES[best] if weights[best] else ENGLISH


def _ranges(header: str) -> dict[str, float]:
    """Read how much each language is wanted; of ``ru-RU`` and ``ru`` the higher value."""
    found: dict[str, float] = {}
    for part in header.split(","):
        name, _, weight = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        found[language] = max(found.get(language, 0.0), _weight(weight))
    return found


def _weight(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def in_form(template: Template, count: int, words: Words) -> str:
    """Choose the form of a sentence for a number."""
    if isinstance(template, str):
        return template
    if count == 1 and "=1" in template:
        return template["=1"]
    return template.get(_plural(count, words.language)) or template["other"]


def _plural(count: int, language: str) -> str:
    from babel.core import Locale  # noqa: PLC0415  # 3 MB that few processes ever need

    return str(Locale(language).plural_form(count))


def in_words(moment: str, zone: ZoneInfo, words: Words) -> str:
    """Write a time in a language and a time zone, to the minute."""
    from babel.dates import format_datetime  # noqa: PLC0415  # the same

    return format_datetime(local(moment, zone), words.moment, locale=words.language)


def day_in_words(day: str, words: Words) -> str:
    """Write a day in a language."""
    from babel.dates import format_date  # noqa: PLC0415  # the same

    return format_date(date.fromisoformat(day), words.day, locale=words.language)
