"""Jira's words for what is done, rejected or urgent."""

REJECTED = {"won't do", "won't fix", "duplicate", "cannot reproduce"}
HIGH = {"highest", "high", "blocker", "critical", "major"}
CATEGORIES = {
    "new": "TODO", "to do": "TODO", "todo": "TODO",
    "indeterminate": "IN_PROGRESS", "in progress": "IN_PROGRESS",
    "done": "DONE", "complete": "DONE",
}  # fmt: skip


def priority_of(name: str) -> str | None:
    """Return ours for Jira's, whose own name is kept aside."""
    word = name.strip().lower()
    if not word:
        return None
    return "HIGH" if word in HIGH else "MEDIUM" if word == "medium" else "LOW"


def status_of(category: str, resolution: str) -> str | None:
    """Return a task's status; None: its column's."""
    if resolution.strip().lower().replace("\u2019", "'") in REJECTED:
        return "REJECTED"
    status = CATEGORIES.get(category.strip().lower())
    is_resolved = resolution.strip().lower() not in ("", "unresolved")
    return status or ("DONE" if is_resolved else None)


def number_of(key: str) -> int | None:
    """Return the number in a key such as ABC-12."""
    number = key.rpartition("-")[2]
    return int(number) if number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004
