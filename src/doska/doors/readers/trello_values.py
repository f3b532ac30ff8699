"""Values as Trello writes them, whatever stands in their place."""

from datetime import UTC, datetime
from typing import Any

from doska.doors.model import Subtask, exact

HEX_ID_CHARS = 24


def subtask_of(item: Any, named: dict[str, Any], aside: Any, known: str) -> Subtask:
    """Read an item of a checklist; by hand it may be a plain text."""
    if not isinstance(item, dict):
        return Subtask(id=known, title=str(item), checklist=named)
    return Subtask(
        id=text_of(item.get("id")) or known, title=text_of(item.get("name")) or "",
        is_completed=item.get("state") == "complete", checklist=named,
        extra=aside if isinstance(aside, dict) else {},
    )  # fmt: skip


def option_of(known: dict[str, Any], option_id: Any) -> Any:
    """Give the value of a custom field's option."""
    for option in known.get("options") or []:
        if isinstance(option, dict) and option.get("id") == option_id:
            return plain_of(option.get("value"))
    return None


def plain_of(value: Any) -> Any:
    """Read ``{"text": …}``, ``{"number": "100.32"}``, ``{"checked": "true"}``, ``{"date": …}``."""
    if not isinstance(value, dict) or not value:
        return value
    kind, found = next(iter(value.items()))
    return found == "true" if kind == "checked" else found


def objects_in(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Give the objects in a list, if there is one."""
    found = given.get(name)
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def object_in(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Give an object, or an empty one."""
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def numbered(things: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Put the place in the file beside each."""
    return list(enumerate(things))


def is_filled(value: Any) -> bool:
    """Return whether it is a list with something in it."""
    return isinstance(value, list) and bool(value)


def position_of(item: Any) -> Any:
    """Give a position, whatever it is."""
    return item.get("pos") if isinstance(item, dict) else None


def text_of(value: Any) -> str | None:
    """Read a text; a number is one, too."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def number_of(value: Any) -> int | None:
    """Read a card's number."""
    found = exact(value) if not isinstance(value, str) else None
    return int(found) if found is not None and found == int(found) and 0 < found < 2**31 else None


def born_at(given: Any) -> datetime | None:
    """Read the time in an id: eight hex digits of seconds since 1970, of 24 hex digits."""
    if not isinstance(given, str) or len(given) != HEX_ID_CHARS:
        return None
    try:
        int(given, 16)
        return datetime.fromtimestamp(int(given[:8], 16), UTC)
    except ValueError:
        return None
