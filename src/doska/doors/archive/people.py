"""Whom the rows and events of a board name."""

from collections.abc import Iterator
from typing import Any

from doska.boards.kinds import Kind, is_known, kind_of

# Where a payload names people: by an object with their id, or a list of such.
ONE = ("user", "person", "author", "actor")
SEVERAL = ("people", "assignees", "mentions")


def in_row(kind: Kind, row: dict[str, Any]) -> Iterator[str]:
    """Give the ids of everybody whom a row names; it may lack what is new since it was logged."""
    for name in kind.people:
        if found := row.get(name):
            yield found
    for name, key in kind.naming.items():
        yield from (one[key] for one in row.get(name) or () if one.get(key))


def in_change(change: dict[str, Any]) -> Iterator[str]:
    """Give the ids of everybody whom a change of an event names."""
    if is_known(change["table"]):
        kind = kind_of(change["table"])
        for row in (change["before"], change["after"]):
            if row:
                yield from in_row(kind, row)


def in_payload(value: Any) -> Iterator[str]:
    """Give the ids of people that a payload names."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ONE and isinstance(part, dict) and isinstance(part.get("id"), str):
                yield part["id"]
            elif name in SEVERAL and isinstance(part, list):
                yield from (one["id"] for one in part if _has_id(one))
            yield from in_payload(part)
    elif isinstance(value, list):
        for part in value:
            yield from in_payload(part)


def _has_id(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)
