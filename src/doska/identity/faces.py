"""How people stand in what is kept: by their ids only.

Events are stored without faces, and read with those of today: what a person is called is no part
of a board's log, so that a new name and an erasure need nothing to be rewritten.
"""

from typing import Any

MARK = "username"  # no other object has one
LISTS = ("assignees",)  # in which nobody stands who is gone; elsewhere they are null, or an id


def with_faces(payload: str) -> str:
    """Write the SQL of a stored payload as it is read; of who is gone the id is left, or nothing."""
    return f"with_faces({payload})"


def without_faces(value: Any) -> Any:
    """Leave of each person the id."""
    if isinstance(value, dict):
        if MARK in value:
            return {"id": value["id"]}
        return {name: without_faces(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_faces(part) for part in value]
    return value


def without_person(value: Any, user_id: str) -> Any:
    """Take one person's face out of an answer that is kept; as events show who is gone."""
    if isinstance(value, dict):
        return {name: _without(name, part, user_id) for name, part in value.items()}
    if isinstance(value, list):
        return [without_person(part, user_id) for part in value]
    return value


def _without(name: str, value: Any, user_id: str) -> Any:
    if name in LISTS:
        return [person for person in value if person["id"] != user_id]
    if isinstance(value, dict) and value.get("id") == user_id and MARK in value:
        return {"id": user_id} if name == "user" else None
    return without_person(value, user_id)
