"""Whether events of a stranger's log can be told: activity takes a log for what it says it is."""

from typing import Any

from doska.boards.happenings import describe
from doska.boards.kinds import kind_of, on_board
from doska.doors.archive import members as names
from doska.doors.archive.opening import Archive, Row
from doska.doors.errors import ArchiveInconsistent

_ALWAYS = ("boards", "board_users")


def check_telling(archive: Archive) -> None:
    """Put every event into words, and throw them away; ArchiveInconsistent where that fails."""
    for event in archive.events:
        try:
            describe(_logged(event))
        except (TypeError, AttributeError, ValueError):
            raise ArchiveInconsistent(at=f"{names.EVENTS}#{event['seq']}") from None


def _logged(event: Row) -> Any:
    payload = event["payload"]
    tasks = payload.get("tasks")
    tasks = tasks if isinstance(tasks, list) else []
    return {
        "seq": event["seq"],
        "type": event["type"],
        "actor_id": event["actor_id"],
        "rows": [change for change in event["changes"] if _is_own(event, change)],
        "user": payload.get("user"),
        "people": payload.get("people"),
        "task_count": len(tasks),
        "to_column": tasks[0].get("column_id") if tasks else None,
        "undone": payload.get("undone"),
        "task_title": "",
    }


def _is_own(event: Row, change: Row) -> bool:
    """Return whether a row is what an event is about, as activity reads it."""
    nouns = [kind.noun for kind in on_board() if kind.is_named and kind.noun != "task"]
    found = [event["payload"].get(noun) for noun in nouns]
    things = [thing["id"] for thing in found if isinstance(thing, dict) and "id" in thing]
    is_link = event["task_id"] and event["type"] != "task.deleted"
    is_about = change["id"] in (event["task_id"], *things[:1])
    linked = bool(is_link) and kind_of(change["table"]).is_link
    return change["table"] in _ALWAYS or is_about or linked
