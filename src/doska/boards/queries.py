"""How boards and their people are read, as SQL that builds their JSON."""

from functools import lru_cache

from doska.boards.access import (
    BOARD,
    LISTED_BOARDS,
    ON_ALL_BOARDS,
    VISIBLE_BOARDS,
    Judgement,
    Reading,
)
from doska.boards.models import role_sql
from doska.filters import Visibility
from doska.http.pagination import (
    KINDS_MAX,
    Order,
    Orders,
    by_text,
    found_in,
    paged,
    with_reverse,
)
from doska.identity.access import Question
from doska.identity.queries import is_there, user_view


def board_out(board: str, role: str, **more: str) -> str:
    """Build a board as one person sees it, plus more fields by name."""
    beside = "".join(f", '{name}', {sql}" for name, sql in more.items())
    plain = ", ".join(
        f"'{name}', {board}.{name}" for name in ("id", "key", "title", "description", "is_public")
    )
    return f"""json_build_object({plain}, 'color', {board}.color,
        'is_archived', {board}.archived_at is not null, 'version', {board}.version,
        'created_at', {board}.created_at, 'seq', {board}.seq, 'role', {role_sql(role)}{beside})"""


# Derived on reading; column by column, so that an index alone gives the number of tasks.
_UPDATED_AT = """coalesce((select e.at from events e where e.board_id = y.id and e.seq = y.seq),
    y.created_at)"""
_TASK_COUNT = """coalesce((select sum(n.count)::int from columns q cross join lateral (
    select count(*) from tasks t where t.column_id = q.id and t.rank is not null) n
    where q.board_id = y.id and q.archived_at is null), 0)"""
_PEOPLE_COUNT = f"""(select count(*) from board_users n join users x on x.id = n.user_id
    where n.board_id = y.id and {is_there("x")})"""
LISTED = board_out(
    "y", "own.role", updated_at=_UPDATED_AT, task_count=_TASK_COUNT, people_count=_PEOPLE_COUNT
)

PERSON_OUT = f"""json_build_object('user', {user_view("x")}, 'role', {role_sql("p.role")},
    'joined_at', p.joined_at)"""

ONE_BOARD = Reading(BOARD, "b.version", board_out("b", "m.role"))

ONE_PERSON = Reading(  # what can be changed about a person on a board is the role
    BOARD,
    version=f"""(select {role_sql("p.role")} from board_users p
        where p.board_id = b.id and p.user_id = :person_id)""",
    body=f"""(select {PERSON_OUT} from board_users p
        join users x on x.id = p.user_id and {is_there("x")}
        where p.board_id = b.id and p.user_id = :person_id)""",
)

PEOPLE_ORDER = Order("p.joined_at", "timestamptz")
PEOPLE = Judgement(
    BOARD,
    body=paged(
        f"""from board_users p join users x on x.id = p.user_id and {is_there("x")}
            where p.board_id = b.id""",
        PERSON_OUT,
        PEOPLE_ORDER,
        "p.id",
    ),
)

BOARD_ORDERS = with_reverse(
    created_at=Order("y.created_at", "timestamptz"), title=by_text("y.title")
)

ARCHIVED = "(:archived = 'all' or (y.archived_at is not null) = (:archived = 'true'))"
FOUND = f"""(:q::text is null or y.key = upper(btrim(:q))
    or {found_in("y.title", "y.description")})"""


@lru_cache(KINDS_MAX)
def boards(orders: Orders, visibility: Visibility) -> Question:
    """List boards."""
    is_all = visibility is Visibility.ALL
    listed = ON_ALL_BOARDS if is_all else f"y.id in ({LISTED_BOARDS[visibility]})"
    rows = f"""from boards y left join board_users own on own.board_id = y.id and own.user_id = u.id
        where {listed} and {ARCHIVED} and {FOUND}"""
    return Question(body=paged(rows, LISTED, orders, "y.id"))


@lru_cache(KINDS_MAX)
def boards_of(orders: Orders) -> Question:
    """List the boards that somebody is on, as far as the caller may see them."""
    rows = f"""from board_users p join boards y on y.id = p.board_id
        left join board_users own on own.board_id = y.id and own.user_id = u.id
        where p.user_id = :person_id and y.id in ({VISIBLE_BOARDS}) and {ARCHIVED} and {FOUND}"""
    return Question(
        exists=f"(select exists (select from users x where x.id = :person_id and {is_there('x')}))",
        body=paged(rows, LISTED, orders, "y.id"),
    )
