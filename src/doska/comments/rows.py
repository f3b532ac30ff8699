"""Rows of comments and reactions, as the log stores them: ids and times as texts."""

from typing import TypedDict


class Mentioned(TypedDict):
    """Somebody whom a comment mentions: as it was typed, and who that was when it was written."""

    handle: str
    user_id: str


class CommentRow(TypedDict):
    """A row of ``comments``; ``author_name`` is of an imported one, whose author has no account."""

    id: str
    board_id: str
    task_id: str
    author_id: str | None
    author_name: str | None
    body: str
    mentions: list[Mentioned]
    version: int
    created_at: str
    edited_at: str | None


class ReactionRow(TypedDict):
    """A row of ``comment_reactions``."""

    id: str
    board_id: str
    comment_id: str
    user_id: str
    emoji: str
