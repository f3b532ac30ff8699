"""How events are described by their rows before and after, and what those of boards say."""

from collections.abc import Callable, Mapping
from typing import Any

from doska.boards.facts import Description, Fact, Someone, Term, Value, fact, only
from doska.boards.happenings import Logged, describe
from doska.boards.models import known_role

Row = Mapping[str, Any]
Told = Callable[[Any, Any, int], Fact]  # from the values before and after, and the event's number


def pair(event: Logged, table: str) -> tuple[Row, Row]:
    """Return a table's row before and after; a missing one is empty."""
    row = next((row for row in event["rows"] if row["table"] == table), None)
    return (row["before"] or {}, row["after"] or {}) if row else ({}, {})


def title_of(event: Logged, table: str) -> str:
    """Return the title of a row: the old one, if it has changed."""
    before, after = pair(event, table)
    title = event.get("task_title") if table == "tasks" else None
    return str((before or after).get("title", title or ""))


def simply(key: str, table: str) -> Callable[[Logged], Description]:
    """Describe a thing as a whole."""
    return lambda event: only(key, title=title_of(event, table))


def of_task(key: str, table: str) -> Callable[[Logged], Description]:
    """Describe something that belongs to a task."""
    return lambda event: only(key, title=title_of(event, table), task=title_of(event, "tasks"))


def changes_of(
    told: Mapping[str, Told], before: Row, after: Row, seq: int, **names: Value
) -> tuple[Fact, ...]:
    """Describe what has changed, in the table's order; each fact also has the object's names."""
    changed = [name for name in told if before.get(name) != after.get(name)]
    found = [told[name](before.get(name), after.get(name), seq) for name in changed]
    return tuple(Fact(fact.key, {**names, **fact.values}) for fact in found)


def replaced(key: str) -> Told:
    """Describe the old and the new value."""
    return lambda before, after, _: Fact(key, {"before": before, "after": after})


def changed(key: str) -> Told:
    """Describe that it has changed."""
    return lambda _before, _after, _seq: Fact(key)


def either(is_set: str, is_cleared: str) -> Told:
    """Describe it one way if a field has a value now, and another way if not."""
    return lambda _before, after, _: Fact(is_set, {"after": after}) if after else Fact(is_cleared)


def terms(key: str, kind: str) -> Told:
    """Describe the old and the new value, in a language's own words."""
    return lambda before, after, _: Fact(
        key, {"before": Term(kind, before), "after": Term(kind, after)}
    )


BOARD_DETAILS: dict[str, Told] = {
    "title": replaced("board_renamed"),
    "description": changed("board_described"),
    "is_public": either("board_public", "board_private"),
    "color": either("board_colored", "board_color_cleared"),
    "archived_at": either("board_archived", "board_restored"),
}


def board_updated(event: Logged) -> Description:
    """Describe what has changed of the board."""
    before, after = pair(event, "boards")
    title = before["title"]
    found = changes_of(BOARD_DETAILS, before, after, event["seq"], title=title)
    return Description(found, fact("board_changed", title=title))


def handed_over(event: Logged) -> Description:
    """Describe who owns the board now."""
    heir = next(r["after"] for r in event["rows"] if r["after"]["role"] == "CREATOR")
    return only("board_handed_over", person=Someone(heir["user_id"]))


def person_added(event: Logged) -> Description:
    """Describe who joined, by themselves or not."""
    _, row = pair(event, "board_users")
    role = Term("added_role", known_role(row["role"]))
    if row["user_id"] == event["actor_id"]:
        return only("person_joined", role=role)
    return only("person_added", person=Someone(row["user_id"]), role=role)


def person_updated(event: Logged) -> Description:
    """Describe whose role has changed."""
    before, after = pair(event, "board_users")
    return only(
        "person_role",
        person=Someone(after["user_id"]),
        before=Term("role", known_role(before["role"])),
        after=Term("role", known_role(after["role"])),
    )


def person_removed(event: Logged) -> Description:
    """Describe who left, by themselves or not, and how many tasks they were assigned to."""
    row, _ = pair(event, "board_users")
    count = event["task_count"]
    if row["user_id"] == event["actor_id"]:
        return only("person_left_with_tasks", count=count) if count else only("person_left")
    person, role = Someone(row["user_id"]), Term("role", known_role(row["role"]))
    if not count:
        return only("person_removed", person=person, role=role)
    return only("person_removed_with_tasks", person=person, role=role, count=count)


def user_updated(event: Logged) -> Description:
    """Describe whose profile has changed."""
    user = event["user"] or {}
    if user["id"] != event["actor_id"]:
        return only("profile_changed_by", person=Someone(user["id"]))
    return only("profile_changed")


def user_deleted(event: Logged) -> Description:
    """Describe that an account was deleted, and who owns the board now."""
    user = event["user"] or {}
    is_own = user["id"] == event["actor_id"]
    gone = fact("account_deleted" if is_own else "account_deleted_by")
    heirs = [person["user"]["id"] for person in event["people"] or []]
    return Description((gone, *(fact("board_inherited", person=Someone(heir)) for heir in heirs)))


def undone(event: Logged) -> Description:
    """Describe what was undone, in the words of its event; of a batch, its first change."""
    taken, told = event["undone"] or {}, event.get("undone_event")
    if taken.get("type") == "change.undone":
        return only("undo_undone")
    if told is None:
        return only("undone_unknown")
    action = describe(told)
    if taken["count"] > 1:
        return only("batch_undone", action=action, count=taken["count"])
    if told["actor_id"] == event["actor_id"]:
        return only("own_undone", action=action)
    return only("others_undone", action=action, person=Someone(told["actor_id"] or ""))
