"""How comments are read, as SQL that builds their JSON."""

from doska.boards.access import LISTED_BOARDS, Judgement, Reading
from doska.boards.following import following
from doska.comments.access import COMMENT
from doska.comments.drawing import comment_out
from doska.filters import Visibility
from doska.http.pagination import KINDS_MAX, Order, Orders, paged, with_reverse
from doska.identity.access import Question
from doska.tasks.access import TASK

ONE_COMMENT = Reading(COMMENT, "o.version", lambda: comment_out("o"))
OLDEST_FIRST = Order("k.created_at", "timestamptz")
ORDERS = with_reverse(created_at=OLDEST_FIRST)
COMMENTS_OF_TASK = Judgement(
    TASK,
    body=lambda: paged(
        "from comments k where k.task_id = t.id", comment_out("k"), OLDEST_FIRST, "k.id"
    ),
)
_FILTERS = {"task_id": "k.task_id = :task_id", "board_id": "k.board_id = :board_id"}


@following(KINDS_MAX)
def comments(orders: Orders, used: tuple[str, ...], visibility: Visibility | None) -> Question:
    """List comments of many boards; not those whose tasks are gone."""
    rows = f"""from comments k join tasks t on t.id = k.task_id
        where k.board_id in ({LISTED_BOARDS[visibility]})"""
    narrowed = rows + "".join(f" and {_FILTERS[name]}" for name in used)
    return Question(body=paged(narrowed, comment_out("k"), orders, "k.id"))
