"""What the columns of an archive's rows may hold: the rules of requests, by the column's name.

An archive can be made by anybody, and its log is read by much that trusts a log. What the database
checks by itself (uniqueness, what belongs together) is left to it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from doska.boards.kinds import Kind
from doska.boards.models import Role, Status
from doska.comments.schemas import COMMENT_CHARS_MAX
from doska.doors.archive.canonical import is_time
from doska.files.signatures import MEDIA_TYPES
from doska.ordering import DIGITS
from doska.schemas import stamp
from doska.tasks.models import Priority
from doska.texts import TASK_TITLE_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, line, text

INT_MAX, BIGINT_MAX = 2**31 - 1, 2**63 - 1
COUNT_MAX = 10**9  # of what goes on being counted here
KEY_CHARS_MAX = 255  # of a rank

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COLOR, _KEY = re.compile(r"#[0-9a-f]{6}"), re.compile(r"[A-Z][A-Z0-9]{0,9}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

Check = Callable[[Any], bool]


def is_id(value: Any) -> bool:
    """Return whether a value is an id as they are stored."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def _fits(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_line(chars_max: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= chars_max and _holds(line, value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_CHARS_MAX and _holds(text, value)


def _is_comment(value: Any) -> bool:
    return _is_text(value) and len(value) <= COMMENT_CHARS_MAX


def _holds(rule: Callable[[str], str], value: str) -> bool:
    try:
        rule(value)
    except ValueError:
        return False
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= INT_MAX


def _is_count(value: Any) -> bool:
    return _is_number(value) and value <= COUNT_MAX


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BIGINT_MAX


def _is_rank(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= KEY_CHARS_MAX and {*value} <= {*DIGITS}


def _is_moment(value: Any) -> bool:
    try:
        return bool(stamp_of(value) == value)
    except ValueError:
        return False


def stamp_of(value: Any) -> str:
    """Read a time as it is stored, and write it again; ValueError."""
    if not isinstance(value, str):
        raise ValueError("should be a time")  # noqa: TRY004  # one kind of error for all
    return stamp(datetime.fromisoformat(value).astimezone(UTC))


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_address(value: Any) -> bool:
    if not _is_line(2000)(value):
        return False
    try:
        found = urlsplit(value)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(found.hostname)


def _are_mentions(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and one.keys() == {"handle", "user_id"}
        and _is_line(TITLE_CHARS_MAX)(one["handle"])
        and is_id(one["user_id"])
        for one in value
    )


RULES: dict[str, Check] = {
    "title": _is_line(TITLE_CHARS_MAX), "description": _is_text, "body": _is_comment,
    "color": _fits(_COLOR), "key": _fits(_KEY), "rank": _is_rank, "due_on": _is_day,
    "number": _is_count, "version": _is_count, "task_limit": _is_number,
    "status": lambda value: value in {*Status}, "priority": lambda value: value in {*Priority},
    "role": lambda value: value in {*Role}, "emoji": _is_line(8), "url": _is_address,
    "media_type": lambda value: value in MEDIA_TYPES, "size": _is_size,
    "width": _is_number, "height": _is_number, "mentions": _are_mentions,
    "author_name": _is_line(TITLE_CHARS_MAX), "sha256": _fits(_SHA256),
    "state": lambda value: value in ("KEPT", "GONE"),
    "extra": lambda value: isinstance(value, dict),
}  # fmt: skip
LONG_TITLES = {"tasks": TASK_TITLE_CHARS_MAX, "subtasks": TASK_TITLE_CHARS_MAX, "attachments": 255}


def complaint(table: str, row: dict[str, Any]) -> str | None:
    """Name a column whose value breaks a rule; whether it may be null the database knows."""
    for name, value in row.items():
        if value is not None and not _check(table, name)(value):
            return name
    return None


def _check(table: str, name: str) -> Check:
    if name == "title" and table in LONG_TITLES:
        return _is_line(LONG_TITLES[table])
    if name in RULES:
        return RULES[name]
    if name == "id" or name.endswith("_id") or name == "created_by":
        return is_id
    if is_time(name):
        return _is_moment
    return lambda value: isinstance(value, bool)


def whole(kind: Kind, row: Any, board_id: str, *, is_ours: bool) -> dict[str, Any]:
    """Give a row all its columns and no other; ValueError, with the column that is wrong.

    What this server has written itself is not measured again: rules may have changed since.
    """
    if not isinstance(row, dict) or not is_id(row.get("id")):
        raise ValueError("id")
    if unknown := row.keys() - {*kind.columns, "board_id"}:
        raise ValueError(min(unknown))
    found: dict[str, Any] = kind.whole(row, board_id)
    if not is_ours and (wrong := complaint(kind.table, found)):
        raise ValueError(wrong)
    return found
