"""The whole board as one SQL expression over ``b``, the board's row.

Set by set and not row by row, which takes two thirds of the time for 500 tasks. The objects are the
same as elsewhere (``tasks.drawing``, ``boards.queries``); a test compares them.
"""

from doska.boards.following import following
from doska.boards.happenings import happenings
from doska.boards.pieces import beside_all, pieces_of
from doska.boards.positions import NEWEST, position_at
from doska.boards.queries import PERSON_OUT
from doska.http.pagination import cursor
from doska.identity.queries import is_there
from doska.postgres.database import among
from doska.tasks.drawing import card_among_all
from doska.tasks.label_queries import label_out

EVENTS_MAX, TASKS_MAX = 64, 100  # that a snapshot is brought up to date by
# These touch no rows of the tasks that show somebody, or write more rows than they tell.
UNTOLD = ("user.updated", "user.deleted", "board.imported")

_FACES = "x.id, x.username, x.name, x.avatar_url"
_CHANGED = "n.name = '{0}' and n.before ->> '{1}' is distinct from n.after ->> '{1}'"
# Each card names its board's key; and the tasks of an archived column are not shown.
_CONCERNS_MORE = (
    f"{_CHANGED.format('boards', 'key')} or {_CHANGED.format('columns', 'archived_at')}"
)
# By the shown tasks only: with the board's id as well the planner expects few rows of a piece, and
# takes five times as long where statistics are missing.
SHOWN = "{key} in (select id from shown)"
TOUCHED = among("{key}", "select id from shown")  # of a few tables are not read as a whole

_BOARD = """(select row_to_json(v) from (select b.id, b.key, b.title, b.description, b.is_public,
    b.color, b.archived_at is not null as is_archived, b.version, b.created_at) v)"""

_PEOPLE = f"""(select coalesce(json_agg({PERSON_OUT} order by p.joined_at, p.id), '[]')
    from board_users p join users x on x.id = p.user_id and {is_there("x")}
    where p.board_id = b.id)"""

_PLACES = """places as materialized (
    select q.*, (select count(*) from tasks t
        where t.column_id = q.id and t.rank is not null) as task_count
    from columns q where q.board_id = b.id and q.archived_at is null)"""
# The tasks in order, as many per column as requested.
_SHOWN_OF_ALL = """shown as materialized (
    select t.*, q.rank as column_rank from places q cross join lateral (
        select * from tasks t where t.column_id = q.id and t.rank is not null
        order by t.rank limit :per_column::int) t)"""
_LASTS = f"""lasts as (
    select distinct on (t.column_id) t.column_id,
        {cursor("json_build_array(t.rank, t.id)")} as next_cursor,
        count(*) over (partition by t.column_id) as shown_count
    from shown t order by t.column_id, t.rank desc)"""
_WITH_CURSORS = "case when l.shown_count < q.task_count then l.next_cursor end"
_WITHOUT = "null::text"


def _drawn(which: str) -> str:
    """Write the steps that draw the tasks of the step ``shown``."""
    # Full joins, though left ones would do: they are never executed as nested loops, however few
    # rows are expected.
    return f"""faces as materialized (
        select x.id, (select row_to_json(v) from (select {_FACES}) v) as face from users x
        where {is_there("x")} and x.id in (
            select p.user_id from board_users p where p.board_id = b.id
            union select t.author_id from shown t)),
    {beside_all("tasks", which)},
    listed as (
        select t.id, t.column_id, t.column_rank, t.rank, {card_among_all("w.face")} as task
        from shown t
        full join beside on beside.id = t.id left join faces w on w.id = t.author_id)"""


def _head(next_cursor: str) -> str:
    """Write the fields but for the tasks; ``next_cursor`` is SQL for a column's."""
    lasts = "left join lasts l on l.column_id = q.id" if next_cursor == _WITH_CURSORS else ""
    return f"""'seq', b.seq, 'position', {NEWEST}, 'board', {_BOARD}, 'people', {_PEOPLE},
        'columns', (select coalesce(json_agg((select row_to_json(v) from (select q.id, q.board_id,
                q.title, q.color, q.status, q.task_limit, q.limit_is_hard, q.rank,
                false as is_archived, q.version, q.task_count, {next_cursor} as next_cursor) v)
                order by q.rank), '[]')
            from places q {lasts}),
        'labels', (select coalesce(json_agg({label_out("l")} order by l.rank), '[]')
            from labels l where l.board_id = b.id)"""


def snapshot(*, with_cursors: bool) -> str:
    """Write the snapshot as one JSON, with or without cursors for what is not shown."""
    return f"""(
    with {_PLACES}, {_SHOWN_OF_ALL}, {_drawn(SHOWN)}, {_LASTS}
    select json_build_object({_head(_WITH_CURSORS if with_cursors else _WITHOUT)},
        'tasks', (select coalesce(json_agg(task order by column_rank, rank), '[]') from listed)))"""


@following()
def snapshot_of_today() -> str:
    """Write the snapshot of a board as it is, with cursors for what is not shown."""
    return snapshot(with_cursors=True)


def _parts(next_cursor: str, touched: str) -> str:
    """Write the snapshot in parts: four texts each, first of the board and then of each task.

    Of the board: the JSON without tasks, the ids of the columns in order, the number of tasks, the
    ids of the ``touched`` ones. Of a task: its id, column and rank, and the card.
    """
    return f"""array[array[json_build_object({_head(next_cursor)})::text,
            (select string_agg(q.id::text, ' ' order by q.rank) from places q),
            (select sum(q.task_count) from places q)::text, {touched}]]
        || array(select array[l.id::text, l.column_id::text, l.rank, l.task::text] from listed l)"""


@following()
def parts_of_today() -> str:
    """Write all parts of the snapshot of a board as it is."""
    return f"""(with {_PLACES}, {_SHOWN_OF_ALL}, {_drawn(SHOWN)}, {_LASTS}
        select {_parts(_WITH_CURSORS, "null::text")})"""


@following()
def parts_since() -> str:
    """Write the parts that are new since the event ``:since``, whose position is ``:position``.

    Null where that is not for certain all that is new, and where much is.
    """
    told = ", ".join(f"'{h.type}'" for h in happenings() if h.type not in UNTOLD)
    keys = {"tasks": "id", **{piece.source: piece.key for piece in pieces_of("tasks")}}
    named = ", ".join(f"('{table}', '{key}')" for table, key in keys.items())
    return f"""case when b.seq - :since::bigint between 0 and {EVENTS_MAX}
        and {position_at(":since::bigint")} = :position::text then (
    with news as materialized (
        select e.type, c ->> 'table' as name, c -> 'before' as before, c -> 'after' as after
        from events e left join lateral jsonb_array_elements(e.changes) c on true
        where e.board_id = b.id and e.seq > (select :since::bigint)),
    touched as materialized (
        select distinct (s.thing ->> k.key)::uuid as id
        from news n join (values {named}) k (name, key) on k.name = n.name
            cross join lateral (values (n.before), (n.after)) s (thing)
        where s.thing <> 'null'),
    {_PLACES},
    shown as materialized (
        select t.*, null::text as column_rank from tasks t
        where t.id = any(array(select id from touched)) and t.rank is not null
            and t.column_id in (select id from places)),
    {_drawn(TOUCHED)}
    select case when (select count(*) from touched) <= {TASKS_MAX}
        and not exists (select from places q where q.task_count > :per_column::int)
        and not exists (select from news n where n.type not in ({told}) or {_CONCERNS_MORE})
        then {_parts(_WITHOUT, "(select string_agg(id::text, ' ') from touched)")} end) end"""
