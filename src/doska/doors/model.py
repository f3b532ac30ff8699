"""The neutral plan: what a reader makes of a file, before anything is written.

Readers give texts as the source has them: shortening, repairing and what may not be in a title is
for the writer, the same for all formats. All sequences are in their final order (see ``in_order``);
what is archived stands among the others, the writer sets it apart. Ids are the source's own, as
texts, unique within one kind and board; a reader for a source without ids makes stable ones up from
what it knows (list, title, n-th of equals). ``extra`` is what is kept aside: JSON as the source has
it, pruned to the leaves whose fate is aside (``Account.take`` gives it). Times are aware, in UTC.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

Extra = dict[str, Any]

KNOWN_STATUSES = ("TODO", "IN_PROGRESS", "DONE", "REJECTED")
PRIORITIES = ("LOW", "MEDIUM", "HIGH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the source names; ``email`` serves for matching only and is stored nowhere."""

    id: str
    username: str | None = None
    name: str | None = None
    email: str | None = None

    @property
    def shown(self) -> str:
        """Return what people call them: a name, else what stands before the ``@``."""
        return self.name or self.username or (self.email or "").partition("@")[0] or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label; ``color`` is the source's: a word, or ``#rrggbb``. A title may be empty."""

    id: str
    title: str = ""
    color: str | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A list of cards; ``status`` is what a task gets on entering, if the source says so."""

    id: str
    title: str
    is_archived: bool = False
    task_limit: int | None = None
    limit_is_hard: bool = False
    status: str | None = None
    color: str | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtask:
    """A step of a task; ``checklist`` is {"id", "name"} of the list it stood in."""

    id: str
    title: str
    is_completed: bool = False
    checklist: dict[str, Any] | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, the oldest first; ``author`` is a Person's id, ``author_name`` for who has none."""

    id: str
    text: str
    author: str | None = None
    author_name: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A link (``url``, only http and https become one) or a file (``content``)."""

    id: str
    title: str
    url: str | None = None
    content: bytes | None = None
    author: str | None = None
    created_at: datetime | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """A custom field's value: a text, a decimal as text, a bool, a time or a day as ISO text."""

    name: str
    value: Any
    kind: str = "text"  # text, number, checkbox, date, list, person, url
    field_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A card.

    ``column`` is a Column's id; None or an unknown one puts it into a last column ``(no list)``.
    ``status`` None: the column's, else TODO. Of ``due_at`` and ``due_on`` at most one is given.
    ``labels`` and ``assignees`` are ids of this board's labels and of people.
    """

    id: str
    column: str | None
    title: str
    description: str = ""
    is_archived: bool = False
    status: str | None = None
    priority: str | None = None
    color: str | None = None
    number: int | None = None
    due_at: datetime | None = None
    due_on: date | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    author: str | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    subtasks: tuple[Subtask, ...] = ()
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board; its people are those whom anything on it names."""

    id: str | None
    title: str
    description: str = ""
    is_archived: bool = False
    color: str | None = None
    created_at: datetime | None = None
    people: tuple[Person, ...] = ()
    labels: tuple[Label, ...] = ()
    columns: tuple[Column, ...] = ()
    tasks: tuple[Task, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """What somebody should know of: a code of doors.md, how often, and at most 5 places."""

    code: str
    count: int = 1
    at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a file has; ``account`` says what became of each of its values (see ``fates``)."""

    format: str
    boards: tuple[Board, ...]
    account: dict[str, Any]  # Account.report(): {"fields": […], "totals": {…}}
    warnings: tuple[Warned, ...] = ()


Thing = TypeVar("Thing")


def in_order(things: Iterable[Thing], position: Callable[[Thing], Any]) -> list[Thing]:
    """Sort by position, exactly, whatever its size; ties and missing ones by the place in the file.

    A position is a number, or a text that is one. If one is missing, none is used: between things
    with and without a position there is no order but the file's.
    """
    listed = list(things)
    if len(listed) < 2:  # noqa: PLR2004  # as most checklists of a card
        return listed
    places = [exact(position(thing)) for thing in listed]
    if any(place is None for place in places):
        return listed
    order = sorted(range(len(listed)), key=lambda n: (places[n], n))
    return [listed[n] for n in order]


def exact(value: Any) -> Decimal | int | None:
    """Read a position exactly; None for what is no finite number."""
    if value.__class__ is int:
        return value  # it compares with the others exactly
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None
