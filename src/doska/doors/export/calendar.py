"""iCalendar (RFC 5545): what is due, as to-dos or as events."""

import re
from datetime import UTC, datetime
from typing import Any

LINE_BYTES_MAX = 75
BEGINNING = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Doska//Doska//EN", "CALSCALE:GREGORIAN")
END = ("END:VCALENDAR",)

_PRIORITIES = {"HIGH": 1, "MEDIUM": 5, "LOW": 9}
_STATUSES = {
    "TODO": "NEEDS-ACTION", "IN_PROGRESS": "IN-PROCESS", "DONE": "COMPLETED",
    "REJECTED": "CANCELLED",
}  # fmt: skip
_OPEN = ("TODO", "IN_PROGRESS")
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


def is_shown(task: dict[str, Any], *, is_all: bool) -> bool:
    """Return whether a task has its place in a calendar: due, and open unless all are wanted."""
    is_due = bool(task["due_at"] or task["due_on"])
    return is_due and (is_all or (task["status"] in _OPEN and not task["archived_at"]))


def entry(task: dict[str, Any], labels: dict[str, str], *, is_event: bool) -> list[str]:
    """Write a task as a component; ``labels`` are titles by id."""
    kind = "VEVENT" if is_event else "VTODO"
    titles = [labels[label_id] for label_id in task["label_ids"] if labels[label_id]]
    return [
        f"BEGIN:{kind}",
        f"UID:{task['id']}@doska",
        f"DTSTAMP:{_moment(task['updated_at'])}",
        f"CREATED:{_moment(task['created_at'])}",
        f"LAST-MODIFIED:{_moment(task['updated_at'])}",
        f"SEQUENCE:{task['version']}",
        f"SUMMARY:{_text(task['title'])}",
        *([f"DESCRIPTION:{_text(task['description'])}"] if task["description"] else []),
        _due(task, "DTSTART" if is_event else "DUE"),
        f"PRIORITY:{_PRIORITIES[task['priority']]}",
        *_status(task, is_event=is_event),
        *([f"CATEGORIES:{','.join(map(_text, titles))}"] if titles else []),
        f"END:{kind}",
    ]


def _due(task: dict[str, Any], name: str) -> str:
    if task["due_on"]:
        return f"{name};VALUE=DATE:{task['due_on'].replace('-', '')}"
    return f"{name}:{_moment(task['due_at'])}"


def _status(task: dict[str, Any], *, is_event: bool) -> list[str]:
    if is_event:  # which has no other words for it
        return [f"STATUS:{'CANCELLED' if task['status'] == 'REJECTED' else 'CONFIRMED'}"]
    completed = task["completed_at"]
    return [
        f"STATUS:{_STATUSES[task['status']]}",
        *([f"COMPLETED:{_moment(completed)}"] if completed else []),
    ]


def _moment(at: str) -> str:
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return f"{moment.year:04}{moment:%m%dT%H%M%S}Z"


def _text(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\\;,\n]", lambda match: _ESCAPED[match[0]], value)


def folded(lines: list[str]) -> bytes:
    """Write lines, folded at 75 bytes; no character is cut."""
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    parts, part, room = [], b"", LINE_BYTES_MAX
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > room:
            parts.append(part)
            part, room = b"", LINE_BYTES_MAX - 1  # the space that continues it counts, too
        part += encoded
    return b"\r\n ".join([*parts, part]) + b"\r\n"
