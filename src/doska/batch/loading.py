"""What a batch needs to know of its board, in one statement: the caller's standing, and all rows.

Only rows of this board are read, so that what else there is does not exist for it.
"""

from doska.boards.access import BOARD
from doska.boards.hanging import descendants
from doska.boards.kinds import Kind, Parent, children_of, kind_of, on_board
from doska.boards.opening import Action
from doska.boards.pieces import slim_columns
from doska.boards.queries import ONE_BOARD
from doska.boards.references import OPERATIONS_MAX
from doska.identity.queries import KEY_OF_NAME, is_there, user_view
from doska.postgres.database import among
from doska.tasks.columns import TEXT, TEXT_BYTES_MAX

CHANGES_MAX = 10_000  # rows
# Of columns that are deleted: so many that it still shows when there are too many, whatever the
# operations before have taken away.
TASKS_READ_MAX = CHANGES_MAX + 1 + OPERATIONS_MAX

_IN_DELETED = f"""select x.id from columns c join tasks x on x.column_id = c.id
    where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]) and {TEXT} <= {TEXT_BYTES_MAX}
    limit {TASKS_READ_MAX}"""


def _wanted() -> str:
    """Write the SQL of the tasks that operations name, or something of, or would delete."""
    named = " ".join(
        f"union all select k.{p.column} from {k.table} k where k.id = any(:{k.noun}_ids::uuid[])"
        for k, p in children_of("tasks")
        if k.is_named
    )
    return f"""
    select t.* from tasks t where t.board_id = b.id and {
        among(
            "t.id",
            f'''
        select unnest(:task_ids::uuid[]) {named}
        union all ({_IN_DELETED})''',
        )
    }"""


def _all(what: str, source: str) -> str:
    return f"(select coalesce(json_agg({what}), '[]') from {source})"


_PLACE = "json_build_array(x.column_id, x.rank, x.id)"
_PLACES = "tasks x where x.board_id = b.id and x.rank is not null"
_ENDS = """columns c cross join lateral (
    select y.column_id, y.rank, y.id from tasks y where y.column_id = c.id and y.rank is not null
    order by y.rank desc limit 1) x where c.board_id = b.id"""
# How many stand above the last one; asked for only by hard limits.
_HIDDEN = """(select coalesce(json_object_agg(c.id, (select greatest(count(y.rank) - 1, 0)
        from tasks y where y.column_id = c.id)), '{}')
    from columns c where c.board_id = b.id and c.limit_is_hard)"""
_TAKEN = _all("x.id", "used_ids x where x.id = any(:new_ids::uuid[])")
_COUNTS = """(select coalesce(json_object_agg(c.id, (
        select count(*) from tasks x where x.column_id = c.id)), '{}')
    from columns c where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]))"""
_TEXTS = f"""(select coalesce(json_object_agg(c.id, {TEXT}), '{{}}')
    from columns c where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]))"""
_ASSIGNED = f"""
    select a.user_id from task_assignees a where {among("a.task_id", "select id from wanted")}"""
_PEOPLE = f"""board_users p join users x on x.id = p.user_id
    where p.board_id = b.id and {is_there("x")} and (p.user_id = any(:user_ids::uuid[])
        or {KEY_OF_NAME} = any(:handles::text[]) or {among("p.user_id", _ASSIGNED)})"""


def _always() -> str:
    """Write the SQL of what every batch needs."""
    sums = ", ".join(f"'{k.table}', {k.measured.sql}" for k in on_board() if k.measured)
    return f"""
    'taken', {_TAKEN}, 'measured', json_build_object({sums}),
    'total', case when b.task_number + {OPERATIONS_MAX} > :tasks_max::int then
        (select count(*) from tasks x where x.board_id = b.id) end"""


_NOTHING = "'around', '{}'::json, 'counts', '{}'::json, 'texts', '{}'::json"
_NEW_PEOPLE = f"""board_users p join users x on x.id = p.user_id
    where p.board_id = b.id and {is_there("x")}
        and (p.user_id = any(:user_ids::uuid[]) or {KEY_OF_NAME} = any(:handles::text[]))"""


def _named_here(kind: Kind, alias: str) -> str:
    """Write the SQL of what operations name, if it is this board's: else it does not exist."""
    return f"({alias}.board_id = b.id and {alias}.id = any(:{kind.noun}_ids::uuid[]))"


def _authors() -> str:
    """Write the SQL of who is shown with the wanted tasks, and with what else is named."""
    shown = ["select u.id", "select author_id from wanted"]
    for kind in (kind for kind in on_board() if kind.is_named and kind.is_apart):
        rows = f"{kind.table} k"
        named = f"where {_named_here(kind, 'k')}"
        shown += [f"select k.{name} from {rows} {named}" for name in kind.people]
        shown += [
            f"""select (n ->> '{key}')::uuid
                from {rows} cross join jsonb_array_elements(k.{name}) n {named}"""
            for name, key in kind.naming.items()
        ]
    return f"users x where {is_there('x')} and {among('x.id', ' union all '.join(shown))}"


def _whole() -> str:
    """Write the SQL of what is read of the whole board: what hangs on nothing else there."""
    return ", ".join(
        f"'{kind.table}', {_all('x', f'{kind.table} x where x.board_id = b.id')}"
        for kind in on_board()
        if kind.is_named and not kind.parents
    )


def _of_wanted() -> str:
    """Write the SQL of the wanted tasks and of what hangs on them.

    Of what is apart only what is named, or would be deleted: a task can have much of it. What
    outlives its task is not deleted with it.
    """
    found = [f"'tasks', {_all('x', 'wanted x')}"]
    for kind in _below_tasks():
        ways = (_way(kind, p) for p in kind.parents if p.key == "id" and not p.is_outlived)
        named = [_named_here(kind, "x")] if kind.is_named and kind.is_apart else []
        condition = " or ".join([*ways, *named])
        found.append(f"'{kind.table}', {_all('x', f'{kind.table} x where {condition}')}")
    return ", ".join(found)


def _below_tasks() -> tuple[Kind, ...]:
    """Give the kinds of all that can hang on a task, and of what outlives it."""
    apart = (kind for kind, parent in children_of("tasks") if parent.is_outlived)
    named = (kind for above in apart for kind in (above, *descendants(above.table)))
    return tuple(dict.fromkeys([*descendants("tasks"), *named]))


_DOOMED = f"select unnest(:doomed_ids::uuid[]) union all ({_IN_DELETED})"


def _way(kind: Kind, parent: Parent) -> str:
    if parent.table == "tasks":
        return among(f"x.{parent.column}", _DOOMED if kind.is_apart else "select id from wanted")
    above = kind_of(parent.table)
    if not above.parents:  # of what goes, with all that the same tasks are linked with
        return _linked(kind, parent)
    ways = (
        among(f"y.{p.column}", _DOOMED)
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


def _around() -> str:
    """Write the SQL of those columns of the rest by which pieces are drawn."""
    return ", ".join(
        f"'{kind.table}', {_all(_slim(kind), f'{kind.table} x where {_wanted_by(parent)}')}"
        for kind, parent in children_of("tasks")
        if kind.is_apart
    )


def _slim(kind: Kind) -> str:
    named = ", ".join(f"'{name}', x.{name}" for name in slim_columns(kind.table))
    return f"json_build_object({named})"


def _wanted_by(parent: Parent) -> str:
    return among(f"x.{parent.column}", "select id from wanted")


BATCH = Action(
    BOARD,
    target=ONE_BOARD,
    world=lambda: (
        f"""(with wanted as materialized ({_wanted()}) select json_build_object({_always()},
        'rows', json_build_object({_whole()}, {_of_wanted()}),
        'around', json_build_object({_around()}),
        'places', {_all(_PLACE, _PLACES)},
        'hidden', '{{}}'::json,
        'counts', {_COUNTS},
        'texts', {_TEXTS},
        'people', {_all(user_view("x"), _PEOPLE)},
        'authors', {_all(user_view("x"), _authors())}))"""
    ),
)
# For what only adds, as importing does: less is read, and planned in a third of the time.
ADDING = Action(
    BOARD,
    target=ONE_BOARD,
    world=lambda: (
        f"""json_build_object({_always()}, {_NOTHING},
        'rows', json_build_object({_whole()}),
        'places', {_all(_PLACE, _ENDS)},
        'hidden', {_HIDDEN},
        'people', {_all(user_view("x"), _NEW_PEOPLE)},
        'authors', json_build_array({user_view("u")}))"""
    ),
)
