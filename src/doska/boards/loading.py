"""The SQL that reads a World: all that operations on a board name, and what is around it.

``b`` is the board, the ids are in values such as ``:task_ids``. Only rows of this board are read,
so that what else there is does not exist for it.
"""

from doska.boards.hanging import descendants
from doska.boards.kinds import Kind, Parent, children_of, kind_of, on_board
from doska.boards.pieces import slim_columns
from doska.boards.references import OPERATIONS_MAX
from doska.identity.queries import KEY_OF_NAME, is_there, user_view
from doska.postgres.database import among

PLACE = "json_build_array(x.column_id, x.rank, x.id)"
_ASSIGNED = f"""
    select a.user_id from task_assignees a where {among("a.task_id", "select id from wanted")}"""
_NAMED_PEOPLE = f"""p.user_id = any(:user_ids::uuid[])
        or {KEY_OF_NAME} = any(:handles::text[])"""
_PEOPLE = f"""board_users p join users x on x.id = p.user_id
    where p.board_id = b.id and {is_there("x")} and ("""
PEOPLE = f"{_PEOPLE}{_NAMED_PEOPLE} or {among('p.user_id', _ASSIGNED)})"
ASSIGNED_PEOPLE = f"{_PEOPLE}{among('p.user_id', _ASSIGNED)})"
NEW_PEOPLE = f"{_PEOPLE}{_NAMED_PEOPLE})"


def listed(what: str, source: str) -> str:
    """Write the SQL of a list, as JSON."""
    return f"(select coalesce(json_agg({what}), '[]') from {source})"


def always() -> str:
    """Write the SQL of what all operations need."""
    taken = listed("x.id", "used_ids x where x.id = any(:new_ids::uuid[])")
    return f"""
    'taken', {taken},
    'total', case when b.task_number + {OPERATIONS_MAX} > :tasks_max::int then
        (select count(*) from tasks x where x.board_id = b.id) end"""


def wanted(more: str = "") -> str:
    """Write the SQL of the tasks that operations name, or something of; and of more by their ids."""
    named = " ".join(
        f"union all select k.{p.column} from {k.table} k where k.id = any(:{k.noun}_ids::uuid[])"
        for k, p in children_of("tasks")
        if k.is_named
    )
    ids = f"select unnest(:task_ids::uuid[]) {named} {more}"
    return f"select t.* from tasks t where t.board_id = b.id and {among('t.id', ids)}"


def whole() -> str:
    """Write the SQL of what is read of the whole board: what hangs on nothing else there."""
    return ", ".join(
        f"'{kind.table}', {listed('x', f'{kind.table} x where x.board_id = b.id')}"
        for kind in on_board()
        if kind.is_named and not kind.parents
    )


def of_wanted(doomed: str) -> str:
    """Write the SQL of the wanted tasks and of what hangs on them.

    Of what is apart only what is named, or hangs on the tasks that are ``doomed``, by their ids: a
    task can have much of it. What outlives its task is not deleted with it.
    """
    found = [f"'tasks', {listed('x', 'wanted x')}"]
    for kind in _below_tasks():
        ways = (_way(kind, p, doomed) for p in kind.parents if p.key == "id" and not p.is_outlived)
        named = [_named_here(kind, "x")] if kind.is_named and kind.is_apart else []
        condition = " or ".join([*ways, *named])
        found.append(f"'{kind.table}', {listed('x', f'{kind.table} x where {condition}')}")
    return ", ".join(found)


def around() -> str:
    """Write the SQL of those columns of the rest by which pieces are drawn."""
    return ", ".join(
        f"'{kind.table}', {listed(_slim(kind), f'{kind.table} x where {_wanted_by(parent)}')}"
        for kind, parent in children_of("tasks")
        if kind.is_apart
    )


def authors(callers: str) -> str:
    """Write the SQL of who is shown with the wanted tasks, and with what else is named."""
    shown: list[str] = []
    for kind in (kind for kind in on_board() if kind.is_named and kind.is_apart):
        rows = f"{kind.table} k"
        named = f"where {_named_here(kind, 'k')}"
        shown += [f"select k.{name} from {rows} {named}" for name in kind.people]
        shown += [
            f"""select (n ->> '{key}')::uuid
                from {rows} cross join jsonb_array_elements(k.{name}) n {named}"""
            for name, key in kind.naming.items()
        ]
    return authors_of_tasks(callers, *shown)


def authors_of_tasks(callers: str, *more: str) -> str:
    """Write the SQL of who is shown with the wanted tasks, and of more by their ids."""
    shown = (callers, "select author_id from wanted", *more)
    return f"users x where {is_there('x')} and {among('x.id', ' union all '.join(shown))}"


def people(source: str) -> str:
    """Write the SQL of people as they are shown."""
    return listed(user_view("x"), source)


def _named_here(kind: Kind, alias: str) -> str:
    """Write the SQL of what operations name, if it is this board's: else it does not exist."""
    return f"({alias}.board_id = b.id and {alias}.id = any(:{kind.noun}_ids::uuid[]))"


def _below_tasks() -> tuple[Kind, ...]:
    """Give the kinds of all that can hang on a task, and of what outlives it."""
    apart = (kind for kind, parent in children_of("tasks") if parent.is_outlived)
    named = (kind for above in apart for kind in (above, *descendants(above.table)))
    return tuple(dict.fromkeys([*descendants("tasks"), *named]))


def _way(kind: Kind, parent: Parent, doomed: str) -> str:
    if parent.table == "tasks":
        return among(f"x.{parent.column}", doomed if kind.is_apart else "select id from wanted")
    above = kind_of(parent.table)
    if not above.parents:  # of what goes, with all that the same tasks are linked with
        return _linked(kind, parent)
    ways = (
        among(f"y.{p.column}", doomed)
        for p in above.parents
        if p.table == "tasks" and not p.is_outlived
    )
    named = " or ".join([_named_here(above, "y"), *ways])
    return among(f"x.{parent.column}", f"select y.id from {above.table} y where {named}")


def _linked(kind: Kind, parent: Parent) -> str:
    task = next(p.column for p in kind.parents if p.table == "tasks")
    return among(
        f"x.{task}",
        f"""select y.{task} from {kind.table} y
        where y.{parent.column} = any(:doomed_ids::uuid[])""",
    )


def _slim(kind: Kind) -> str:
    named = ", ".join(f"'{name}', x.{name}" for name in slim_columns(kind.table))
    return f"json_build_object({named})"


def _wanted_by(parent: Parent) -> str:
    return among(f"x.{parent.column}", "select id from wanted")
