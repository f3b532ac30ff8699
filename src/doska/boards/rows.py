"""Rows of boards, people and columns as the log stores them: ids and times as texts."""

from typing import TypedDict

from doska.boards.models import Role, Status


class BoardRow(TypedDict):
    """A row of ``boards`` without the counters that the log keeps."""

    id: str
    title: str
    description: str
    is_public: bool
    color: str | None
    key: str
    version: int
    created_at: str
    archived_at: str | None


class BoardUserRow(TypedDict):
    """A row of ``board_users``."""

    id: str
    board_id: str
    user_id: str
    role: Role
    joined_at: str


class ColumnRow(TypedDict):
    """A row of ``columns``."""

    id: str
    board_id: str
    title: str
    rank: str | None
    color: str | None
    task_limit: int | None
    limit_is_hard: bool
    status: Status | None
    version: int
    archived_at: str | None
