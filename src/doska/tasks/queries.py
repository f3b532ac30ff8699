"""How columns, tasks and subtasks are read, as SQL that builds their JSON."""

from collections.abc import Iterable

from doska.boards.access import BOARD, LISTED_BOARDS, ON_ALL_BOARDS, Judgement, Reading
from doska.boards.following import following
from doska.filters import Visibility
from doska.http.pagination import (
    KINDS_MAX,
    Order,
    Orders,
    alone,
    by_text,
    found_in,
    from_cursor,
    paged,
    with_reverse,
    within_each,
)
from doska.identity.access import Question
from doska.tasks.access import COLUMN, SUBTASK, TASK
from doska.tasks.cards import TaskFields
from doska.tasks.drawing import task_out


def _own(alias: str, names: str) -> str:
    return ", ".join(f"'{name}', {alias}.{name}" for name in names.split())


COLUMN_FIELDS = "id board_id title color status task_limit limit_is_hard rank"
SUBTASK_FIELDS = "id task_id title is_completed rank version"


def column_out(alias: str, *more: str) -> str:
    """Build a column, with more fields: names and SQL in turn."""
    beside = "".join(f", {part}" for part in more)
    return f"""json_build_object({_own(alias, COLUMN_FIELDS)}, 'is_archived',
        {alias}.archived_at is not null, 'version', {alias}.version{beside})"""


def subtask_out(alias: str) -> str:
    """Build a subtask."""
    return f"json_build_object({_own(alias, SUBTASK_FIELDS)})"


ONE_COLUMN = Reading(COLUMN, "c.version", column_out("c"))
ONE_TASK = Reading(TASK, "t.version", lambda: task_out("b.key"))
ONE_SUBTASK = Reading(SUBTASK, "i.version", subtask_out("i"))

# Counted by the index alone, for the columns of a page.
_STANDING = "(select count(*) from tasks n where n.column_id = q.id and n.rank is not null)"
COLUMN_LISTED = column_out("q", "'task_count'", _STANDING)
COLUMN_RANK = Order("coalesce(q.rank, '~')")
SUBTASK_RANK = Order("i2.rank")
SUBTASKS_OF_TASK = Judgement(
    TASK,
    body=paged(
        "from subtasks i2 where i2.task_id = t.id", subtask_out("i2"), SUBTASK_RANK, "i2.id"
    ),
)

# A day sorts at its end: a task due on it is overdue when the day is over. The last day of all ends
# beyond the years that a cursor can contain.
_DUE = """coalesce(t.due_at, case when t.due_on is not null then least(
        (t.due_on + time '23:59:59.999999') at time zone :time_zone::text,
        '9999-12-31 23:59:59.999999Z') end, '{}'::timestamptz)"""
CREATED = Order("t.created_at", "timestamptz")
TASK_ORDERS = with_reverse(
    created_at=CREATED,
    updated_at=Order("t.updated_at", "timestamptz"),
    due_at=Order(_DUE.format("infinity"), "timestamptz"),
    priority=Order(
        "coalesce(array_position(array['LOW', 'MEDIUM', 'HIGH'], t.priority), 0)", "integer"
    ),
    title=by_text("t.title"),
    rank=Order("coalesce(t.rank, '~')"),
)
TASK_ORDERS["-due_at"] = Order(  # tasks without a due date come last in this direction, too
    _DUE.format("-infinity"), "timestamptz", descending=True
)
RANK = Order("t.rank")  # for lists without archived tasks: served by the index
BY_BOARD = within_each("q.board_id", COLUMN_RANK.key) | alone(title=by_text("q.title"))
BY_BOARD_ACTIVE = BY_BOARD | within_each("q.board_id", "q.rank")
BY_TASK = within_each("i.task_id", "i.rank") | alone(title=by_text("i.title"))

_ASSIGNED = "exists (select from task_assignees f where f.task_id = t.id and f.user_id = {who})"
_FOUND = found_in("t.title", "t.description")
_KEY = "(select k.key || '-' || t.number from boards k where k.id = t.board_id)"

# A filter by its name in requests. Only used ones become part of the statement, so that each
# combination gets its own plan.
TASK_FILTERS = {
    "board_id": "t.board_id = :board_id",
    "column_id": "t.column_id = :column_id",
    "status": "t.status = any(:status::text[])",
    "priority": "t.priority = any(:priority::text[])",
    "assignee_id": _ASSIGNED.format(who=":assignee_id"),
    "assignee_id=me": _ASSIGNED.format(who="u.id"),
    "assignee_id=none": "not exists (select from task_assignees f where f.task_id = t.id)",
    "label_id": """exists (select from task_labels f
        where f.task_id = t.id and f.label_id = any(:label_id::uuid[]))""",
    "author_id": "t.author_id = :author_id",
    "author_id=me": "t.author_id = u.id",
    "author_id=none": "t.author_id is null",
    "due_before": """(t.due_at < :due_before::text::timestamptz
        or t.due_on < :due_before_day::text::date)""",
    "due_after": """(t.due_at >= :due_after::text::timestamptz
        or t.due_on >= :due_after_day::text::date)""",
    "due=none": "t.due_at is null and t.due_on is null",
    "q": f"({_FOUND})",
    "q=key": f"(upper(btrim(:q)) = {_KEY} or {_FOUND})",
    "active": "t.archived_at is null",
    "on_active_board": "y.archived_at is null",
    "in_active_column": """not exists (select from columns k
        where k.id = t.column_id and k.archived_at is not null)""",
    "archived": "t.archived_at is not null",
}
COLUMN_FILTERS = {
    "board_id": "q.board_id = :board_id",
    "status": "q.status = any(:status::text[])",
    "q": found_in("q.title"),
    "active": "q.archived_at is null",
    "archived": "q.archived_at is not null",
}
SUBTASK_FILTERS = {
    "task_id": "i.task_id = :task_id",
    "is_completed": "i.is_completed = :is_completed",
    "q": found_in("i.title"),
}


# What says of which board a task is: to be asked before any board is looked at.
_BOARD_NAMED = {
    "board_id": "y.id = :board_id",
    "column_id": "y.id = (select k.board_id from columns k where k.id = :column_id)",
}


def _where(filters: dict[str, str], used: Iterable[str]) -> str:
    return "".join(f" and {filters[name]}" for name in used)


@following(KINDS_MAX)
def tasks_of_column(used: tuple[str, ...], fields: TaskFields) -> Judgement:
    """List the tasks of one column in order; archived ones come last."""
    order = RANK if "active" in used else TASK_ORDERS["rank"]
    rows = "from tasks t where t.column_id = c.id" + _where(TASK_FILTERS, used)
    return Judgement(COLUMN, body=paged(rows, task_out("b.key", fields), order, "t.id"))


@following(KINDS_MAX)
def tasks(
    orders: Orders, used: tuple[str, ...], visibility: Visibility | None, fields: TaskFields
) -> Question:
    """List tasks of many boards."""
    rows = f"""from boards y {_tasks_of_each(orders, used)}
        where y.id in ({LISTED_BOARDS[visibility]})"""
    rows += _where(_BOARD_NAMED, (name for name in used if name in _BOARD_NAMED))
    if visibility is Visibility.ALL:  # not board by board: by one index of all
        rows = f"""from tasks t join boards y on y.id = t.board_id
            where {ON_ALL_BOARDS}{_where(TASK_FILTERS, used)}"""
    return Question(body=paged(rows, task_out("y.key", fields), orders, "t.id"))


def _tasks_of_each(orders: Orders, used: tuple[str, ...]) -> str:
    """Write the join with the tasks of each board.

    By the time of creation, each board gives no more than a page by its index; by anything else all
    are sorted.
    """
    where = _where(TASK_FILTERS, used)
    if orders[0].key != CREATED.key or len(orders) > 1:
        return f"join tasks t on t.board_id = y.id{where}"
    way = "desc" if orders[0].descending else "asc"
    return f"""cross join lateral (
        select t.* from tasks t
        where t.board_id = y.id{where} and {from_cursor(orders, "t.id")}
        order by t.created_at {way}, t.id {way} limit :limit::int + 1) t"""


@following(KINDS_MAX)
def columns(orders: Orders, used: tuple[str, ...], visibility: Visibility | None) -> Question:
    """List columns of many boards."""
    rows = f"from columns q where q.board_id in ({LISTED_BOARDS[visibility]})"
    body = paged(rows + _where(COLUMN_FILTERS, used), COLUMN_LISTED, orders, "q.id")
    return Question(body=body)


@following(KINDS_MAX)
def columns_of_board(used: tuple[str, ...]) -> Judgement:
    """List the columns of one board from left to right; archived ones come last."""
    rows = "from columns q where q.board_id = b.id" + _where(COLUMN_FILTERS, used)
    return Judgement(BOARD, body=paged(rows, COLUMN_LISTED, COLUMN_RANK, "q.id"))


@following(KINDS_MAX)
def subtasks(orders: Orders, used: tuple[str, ...], visibility: Visibility | None) -> Question:
    """List subtasks of many boards."""
    rows = f"from subtasks i where i.board_id in ({LISTED_BOARDS[visibility]})"
    body = paged(rows + _where(SUBTASK_FILTERS, used), subtask_out("i"), orders, "i.id")
    return Question(body=body)
