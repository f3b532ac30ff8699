"""How labels are read, as SQL that builds their JSON."""

from doska.boards.access import BOARD, LISTED_BOARDS, Judgement, Reading
from doska.boards.following import following
from doska.filters import Visibility
from doska.http.pagination import (
    KINDS_MAX,
    Order,
    Orders,
    alone,
    by_text,
    found_in,
    paged,
    within_each,
)
from doska.identity.access import Question
from doska.tasks.access import LABEL

_FIELDS = "id board_id title color rank version"


def label_out(alias: str) -> str:
    """Build a label."""
    named = ", ".join(f"'{name}', {alias}.{name}" for name in _FIELDS.split())
    return f"json_build_object({named})"


ONE_LABEL = Reading(LABEL, "l.version", label_out("l"))
LABEL_RANK = Order("l.rank")
LABELS_BY_BOARD = within_each("l.board_id", "l.rank") | alone(title=by_text("l.title"))
LABELS_OF_BOARD = Judgement(
    BOARD,
    body=paged("from labels l where l.board_id = b.id", label_out("l"), LABEL_RANK, "l.id"),
)
_FILTERS = {"board_id": "l.board_id = :board_id", "q": found_in("l.title")}


@following(KINDS_MAX)
def labels(orders: Orders, used: tuple[str, ...], visibility: Visibility | None) -> Question:
    """List labels of many boards."""
    rows = f"from labels l where l.board_id in ({LISTED_BOARDS[visibility]})"
    narrowed = rows + "".join(f" and {_FILTERS[name]}" for name in used)
    return Question(body=paged(narrowed, label_out("l"), orders, "l.id"))
