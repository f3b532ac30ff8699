"""The whole board as one SQL expression over ``b``, the board's row.

Set by set and not row by row, which takes two thirds of the time for 500 tasks. The objects are the
same as elsewhere (``tasks.drawing``, ``boards.queries``); a test compares them.
"""

from doska.boards.following import following
from doska.boards.happenings import happenings
from doska.boards.pieces import beside_all, pieces_of
from doska.boards.positions import NEWEST, copy_at, position_at
from doska.boards.queries import PERSON_OUT
from doska.http.pagination import cursor
from doska.identity.queries import is_there
from doska.postgres.database import among
from doska.tasks.drawing import card_among_all
from doska.tasks.label_queries import label_out

EVENTS_MAX, TASKS_MAX = 64, 100  # that a snapshot is brought up to date by
CARDS_A_ROW = 256
BETWEEN = "\x1e"  # cards in a row: a control character, which JSON contains only escaped
# These touch no rows of the tasks that show somebody, or write more rows than they tell.
UNTOLD = ("user.updated", "user.deleted", "board.imported")

_FACES = "x.id, x.username, x.name, x.avatar_url"
_CHANGED = "n.name = '{0}' and n.before ->> '{1}' is distinct from n.after ->> '{1}'"
# Each card names its board's key; and the tasks of an archived column are not shown.
_CONCERNS_MORE = (
    f"{_CHANGED.format('boards', 'key')} or {_CHANGED.format('columns', 'archived_at')}"
)
# A task that comes, goes or changes its column: columns tell how many they have.
_COUNTS = """n.name = 'tasks' and (n.before ->> 'column_id' is distinct from n.after ->> 'column_id'
    or (n.before ->> 'rank' is null) <> (n.after ->> 'rank' is null))"""
SHOWN = "{key} in (select id from shown)"
TOUCHED = among("{key}", "select id from shown")  # of a few tables are not read as a whole
WHOLE = "x.board_id = b.id"

_BOARD = """(select row_to_json(v) from (select b.id, b.key, b.title, b.description, b.is_public,
    b.color, b.archived_at is not null as is_archived, b.version, b.created_at) v)"""

_PEOPLE = f"""(select coalesce(json_agg({PERSON_OUT} order by p.joined_at, p.id), '[]')
    from board_users p join users x on x.id = p.user_id and {is_there("x")}
    where p.board_id = b.id)"""

_PLACES = """places as materialized (
    select q.* from columns q where q.board_id = b.id and q.archived_at is null),
counted as materialized (
    select q.*, (select count(*) from tasks t
        where t.column_id = q.id and t.rank is not null) as task_count
    from places q)"""
# The tasks in order, as many per column as requested.
_SHOWN_OF_ALL = """shown as materialized (
    select t.*, q.rank as column_rank from places q cross join lateral (
        select * from tasks t where t.column_id = q.id and t.rank is not null
        order by t.rank limit :per_column::int) t)"""
# Whether it is at least half of all tasks, archived ones among them: no more are counted.
_SHARE = """share as materialized (
    select 2 * s.count >= (select count(*) from (
        select from tasks a where a.board_id = b.id limit 2 * s.count + 1) a) as is_most
    from (select count(*) from shown) s)"""
# Then the pieces are read as one range of an index, and not as one for each task.
_OF_BOARD = {WHOLE: "(select is_most from share)", SHOWN: "not (select is_most from share)"}
_NEXT = f"""case when q.task_count > :per_column::int then (
        select {cursor("json_build_array(t.rank, t.id)")} from tasks t
        where t.column_id = q.id and t.rank is not null
        order by t.rank offset :per_column::int - 1 limit 1) end"""
_NO_NEXT = "null::text"
# No ``is not null``, by which the planner would see that left joins do.
_IS_SHOWN = "case when t.id is null then false else true end"


def _drawn(ways: dict[str, str]) -> str:
    """Write the steps that draw the tasks of the step ``shown``.

    ``ways`` are conditions that select what pieces are drawn from, and when each is used.
    """
    listed = (
        f"""select t.id, t.number, t.column_id, t.column_rank, t.rank, {card_among_all("w.face")} as task
        from shown t {beside_all("tasks", "t.id", which)} left join faces w on w.id = t.author_id
        where {_IS_SHOWN} and {when}"""
        for which, when in ways.items()
    )
    return f"""faces as materialized (
        select x.id, (select row_to_json(v)::text from (select {_FACES}) v) as face from users x
        where {is_there("x")} and x.id in (
            select p.user_id from board_users p where p.board_id = b.id
            union select t.author_id from shown t)),
    listed as ({" union all ".join(listed)})"""


def _head(next_cursor: str) -> str:
    """Write the fields between the position and the tasks; ``next_cursor`` is SQL for a column's."""
    return f"""'board', {_BOARD}, 'people', {_PEOPLE},
        'columns', (select coalesce(json_agg((select row_to_json(v) from (select q.id, q.board_id,
                q.title, q.color, q.status, q.task_limit, q.limit_is_hard, q.rank,
                false as is_archived, q.version, q.task_count, {next_cursor} as next_cursor) v)
                order by q.rank), '[]')
            from counted q),
        'labels', (select coalesce(json_agg({label_out("l")} order by l.rank), '[]')
            from labels l where l.board_id = b.id)"""


def _as_one(steps: str, next_cursor: str) -> str:
    return f"""(with {_PLACES}, {_SHOWN_OF_ALL}, {steps}
    select json_build_object('seq', b.seq, 'position', {NEWEST}, {_head(next_cursor)},
        'tasks', (select coalesce(json_agg(task::json order by column_rank, rank), '[]') from listed)))"""


@following()
def snapshot_of_today() -> str:
    """Write the snapshot as one JSON, with cursors for what is not shown."""
    return _as_one(f"{_SHARE}, {_drawn(_OF_BOARD)}", _NEXT)


def snapshot_of_past() -> str:
    """Write it over rows that are steps of the same names, and have no indexes; without cursors."""
    return _as_one(_drawn({SHOWN: "true"}), _NO_NEXT)


def _rows(next_cursor: str, touched: str = "null::text", where: str = "", new: str = "true") -> str:
    """Write the snapshot in rows of four texts, first of the board and then of tasks.

    Of the board: the JSON but for its position and tasks, the ids of the columns in order, the number
    of tasks (none of these where it is not ``new``), the ids of the ``touched`` ones. Of some tasks:
    their column, their ids and ranks, and the cards.
    """
    # In rows, because to make one large value of all costs more than what is in it; of several tasks
    # each, because so does to send and receive each by itself. Each of one column, which is sent once.
    return f"""select case when {new} then json_build_object({_head(next_cursor)})::text end,
            case when {new} then
                (select string_agg(q.id::text, ' ' order by q.rank) from places q) end,
            case when {new} then (select sum(q.task_count) from counted q)::text end,
            {touched} {where}
        union all
        select l.column_id::text, string_agg(l.id::text, ' '), string_agg(l.rank, ' '),
            string_agg(l.task, chr({ord(BETWEEN)}))
        from listed l {where} group by l.column_id, l.number / {CARDS_A_ROW}"""


@following()
def rows_of_today() -> str:
    """Write all rows of the snapshot of a board as it is."""
    return f"""with {_PLACES}, {_SHOWN_OF_ALL}, {_SHARE}, {_drawn(_OF_BOARD)} {_rows(_NEXT)}"""


@following()
def rows_since() -> str:
    """Write the rows that are new since the event ``:since``, whose position is ``:position``.

    None where they are not for certain all that is new, and where many are.
    """
    told = ", ".join(f"'{h.type}'" for h in happenings() if h.type not in UNTOLD)
    keys = {"tasks": "id", **{piece.source: piece.key for piece in pieces_of("tasks")}}
    named = ", ".join(f"('{table}', '{key}')" for table, key in keys.items())
    of_tasks = ", ".join(f"'{table}'" for table in keys)
    touched = "(select string_agg(id::text, ' ') from touched)"
    is_new = "(select is_new from heads)"
    return f"""with news as materialized (
        select e.type, c ->> 'table' as name, c -> 'before' as before, c -> 'after' as after
        from events e left join lateral jsonb_array_elements(e.changes) c on true
        where e.board_id = b.id and e.seq > (select :since::bigint)),
    touched as materialized (
        select distinct (s.thing ->> k.key)::uuid as id
        from news n join (values {named}) k (name, key) on k.name = n.name
            cross join lateral (values (n.before), (n.after)) s (thing)
        where s.thing <> 'null'),
    heads as materialized (select exists (select from news n
        where coalesce(n.name, '') not in ({of_tasks}) or {_COUNTS}) as is_new),
    {_PLACES},
    sure as materialized (
        select case when b.seq - :since::bigint between 1 and {EVENTS_MAX}
        and {position_at(":since::bigint")} = :position::text
        and {copy_at(":since::bigint")} = :copy::text
        then (select count(*) from touched) <= {TASKS_MAX}
        and not ({is_new} and exists (select from counted q where q.task_count > :per_column::int))
        and not exists (select from news n where n.type not in ({told}) or {_CONCERNS_MORE})
        else false end as is_all),
    shown as materialized (
        select t.*, null::text as column_rank from tasks t
        where t.id = any(array(select id from touched)) and t.rank is not null
            and t.column_id in (select id from places)),
    {_drawn({TOUCHED: "(select is_all from sure)"})}
    {_rows(_NO_NEXT, touched, "where (select is_all from sure)", is_new)}"""
