"""Loose values of strangers: texts, ids, lists and objects that may be of any shape."""

import json
from base64 import b64decode
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from doska.doors.fates import Table
from doska.doors.model import Comment, Person

_NEVER = datetime.min.replace(tzinfo=UTC)
ID_CHARS_MAX = 200
Json = dict[str, Any]


def due(found: datetime | date | None) -> dict[str, Any]:
    """Return ``due_at`` or ``due_on``."""
    return {"due_at" if isinstance(found, datetime) else "due_on": found} if found else {}


def is_none(value: Any) -> bool:
    """Tell whether a value stands for none."""
    return value is None or (isinstance(value, str | int | float) and value in ("", "0", 0))


def text(value: Any) -> str:
    """Return a value as text: none is empty, what is no text is shown as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def name_of(value: Any) -> str | None:
    """Return a text, or None if it is empty."""
    return text(value) or None


def key_of(value: Any) -> str:
    """Return an id as text; "" for none."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def whole(value: Any) -> int | None:
    """Return a positive whole number, else None: a task's number, a limit."""
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31
    return value if is_one else None


def person_of(name: str, ident: str = "") -> Person:
    """Make a person of a name, or of an address, which is kept nowhere: its id is made of it."""
    if "@" not in name.strip("@"):
        return Person(id=ident or name, name=name)
    mark = sha256(name.encode()).hexdigest()[:8]
    return Person(id=ident or f"{name.partition('@')[0]}~{mark}", email=name)


def bytes_of(value: Any) -> bytes | None:
    """Decode base64; None if it is none."""
    try:
        return b64decode(value, validate=True) if isinstance(value, str) and value else None
    except ValueError:
        return None


def items(value: Any) -> list[Any]:
    """Return a list, else an empty one."""
    return value if isinstance(value, list) else []


def dicts(value: Any) -> list[Json]:
    """Return the objects of a list, or of an object's values."""
    found = list(value.values()) if isinstance(value, dict) else items(value)
    return [item for item in found if isinstance(item, dict)]


def inner(value: Any, *keys: str) -> Any:
    """Follow keys into an object; None where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def oldest_first(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """Sort comments by their time; without one, they stay before."""
    return tuple(sorted(comments, key=lambda comment: comment.created_at or _NEVER))


def short(name: str) -> str:
    """Return a name as an id: a long one as its hash."""
    return name if len(name) <= ID_CHARS_MAX else sha256(name.encode()).hexdigest()


def under(prefix: str, table: Table) -> Table:
    """Return a table below a path."""
    return {f"{prefix}.{path}".removeprefix("."): fate for path, fate in table.items()}


def digest_of(text: str) -> str:
    """Return a short id of what has none but its text."""
    return sha256(text.encode()).hexdigest()[:16]


class Ids:
    """Ids that are unique within a kind: what comes twice gets a number, in the file's order."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def one(self, *parts: str) -> str:
        """Return an id for what has these parts."""
        name = short("\x1f".join(parts))
        times = self._seen[name] = self._seen.get(name, 0) + 1
        return name if times == 1 else f"{name}\x1f{times}"
