"""How people appear in stored data: only by their ids.

Events are stored without faces (names and pictures), and read with today's: what a person is called
is not part of a board's log, so a new name or an erasure needs no rewriting.
"""

from typing import Any

MARK = "username"  # no other object has one
NAMED = "mentions"  # a list of those who are named, with their names as they were typed
LISTS = ("assignees",)  # which never contain deleted people; elsewhere they are null, or an id


def with_faces(payload: str) -> str:
    """Write the SQL of a payload as it is read; of deleted people the id is left, or nothing."""
    return f"with_faces({payload})"


def without_faces(value: Any) -> Any:
    """Reduce each person to the id."""
    if isinstance(value, dict):
        if MARK in value:
            return {"id": value["id"]}
        return {name: without_faces(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_faces(part) for part in value]
    return value


def without_person(value: Any, user_id: str) -> Any:
    """Remove one person's face from a stored response, as events show deleted people."""
    if isinstance(value, dict):
        return {name: _without(name, part, user_id) for name, part in value.items()}
    if isinstance(value, list):
        return [without_person(part, user_id) for part in value]
    return value


def _without(name: str, value: Any, user_id: str) -> Any:
    if name in LISTS:
        return [person for person in value if person["id"] != user_id]
    if name == NAMED:
        return [{n: _without("", part, user_id) for n, part in one.items()} for one in value]
    if isinstance(value, dict) and value.get("id") == user_id and MARK in value:
        return {"id": user_id} if name == "user" else None
    return without_person(value, user_id)
