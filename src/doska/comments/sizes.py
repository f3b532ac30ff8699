"""How much text the comments of a board have; those of tasks that are gone, too."""

from doska.boards.limits import Limits
from doska.errors import LimitReached

# Kept by a trigger: to add it all up again would take longer with each comment.
BYTES = """to_jsonb(coalesce(
    (select s.bytes from comment_sizes s where s.board_id = b.id), 0))"""
WORDS = "MB of comments of a board"


def check_bytes(limits: Limits, there: int, body: str, instead_of: str = "") -> None:
    """Refuse more text than a board may have; less of it is always allowed."""
    check_growth(limits, there, size_of(body) - size_of(instead_of))


def check_growth(limits: Limits, there: int, more: int) -> None:
    """Refuse that there are so many bytes more."""
    megabytes = limits.settings.comments_per_board_mb_max
    if more > 0 and there + more > megabytes << 20:
        raise LimitReached.at(megabytes, WORDS)


def size_of(body: str) -> int:
    """Return a text's bytes."""
    return len(body.encode())
