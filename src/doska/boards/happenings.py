"""What can happen on a board: each type of event is declared once, with payload and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypeAlias, TypedDict

from pydantic import BaseModel

from doska.boards.facts import Description, only
from doska.boards.following import declared_anew
from doska.boards.kinds import Undeclared

# A sentence, or one for each plural form of ``count`` (for ``people``, their number): CLDR's names
# of forms, or "=1" for exactly one.
Template: TypeAlias = str | Mapping[str, str]
Phrases: TypeAlias = Mapping[str, Template]  # by the keys of facts

Payload: TypeAlias = type[BaseModel]

LANGUAGES = ("en", "ru")


class Logged(TypedDict):
    """An event as activity reads it: its own rows, or only counts for a large one.

    ``rows`` have ``table``, ``before`` and ``after``; long texts are shortened as the kind's
    ``brief`` says.
    """

    seq: int
    type: str
    actor_id: str | None
    rows: list[dict[str, Any]]
    user: dict[str, Any] | None
    people: list[dict[str, Any]] | None
    task_count: int
    to_column: str | None
    undone: dict[str, Any] | None
    task_title: NotRequired[str | None]  # today's, if no row of the task is in the event
    undone_event: NotRequired["Logged | None"]


Tell: TypeAlias = Callable[[Logged], Description]


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """A type of event; see ``happening`` for what the fields mean."""

    type: str
    payload: Payload
    about: str
    tell: Tell
    says: tuple[str, ...]
    words: Mapping[str, Phrases]
    parts: Mapping[str, Phrases]
    is_of_many: bool
    why_not: str | None

    @property
    def schema(self) -> str:
        """Return the name of its schema: ``ColumnCreated``."""
        return "".join(word.capitalize() for word in self.type.replace(".", "_").split("_"))


_HAPPENINGS: dict[str, Happening] = {}


def happening(  # noqa: PLR0913  # one parameter for each thing that an event decides
    type_: str,
    payload: Payload,
    *,
    about: str,
    tell: Tell,
    says: tuple[str, ...] = (),
    parts: Mapping[str, Phrases] | None = None,
    is_of_many: bool = False,
    why_not: str | None = None,
    **words: Template | Phrases,
) -> Happening:
    """Declare a type of event.

    ``payload`` is what clients get, ``about`` its line in the documentation. ``tell`` turns it into
    facts; each language has a sentence for their keys (``en=…``, ``ru=…``): one, if the only key is
    the type's own (``label_created``), or one for each key; ``parts`` are the same as parts of
    others. ``says`` are keys that the languages themselves have words for. An event with
    ``is_of_many`` can be about tasks without being of one. ``why_not`` says why it cannot be undone.
    """
    own = type_.replace(".", "_")
    phrases: dict[str, Any] = {
        name: {own: said} if isinstance(said, str) or "other" in said else said
        for name, said in words.items()
    }
    if not says and phrases.keys() != {*LANGUAGES}:
        missing = ", ".join(sorted({*LANGUAGES} - phrases.keys()))
        raise Undeclared(f"The event {type_}: it has no words in {missing}.")
    if len({frozenset(said) for said in phrases.values()}) > 1:
        raise Undeclared(f"The event {type_}: its languages do not say the same.")
    found = Happening(
        type_, payload, about, tell, says, phrases, parts or {}, is_of_many, why_not
    )  # fmt: skip
    _HAPPENINGS[type_] = found
    declared_anew()
    return found


def happenings() -> tuple[Happening, ...]:
    """Return all types of events, in the order of their declaration."""
    return tuple(_HAPPENINGS.values())


def describe(event: Logged) -> Description:
    """Describe what has happened; for a type without words, that something has."""
    known = _HAPPENINGS.get(event["type"])
    try:
        return known.tell(event) if known else _something()
    except (
        LookupError,
        StopIteration,
    ):  # a newer release uses other rows for it
        return _something()


def _something() -> Description:
    return only("something_changed")


def why_not(type_: str) -> str | None:
    """Say why an event of this type cannot be undone; None: it can."""
    known = _HAPPENINGS.get(type_)
    return known.why_not if known else None
