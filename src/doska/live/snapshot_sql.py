"""The whole board as one SQL expression over ``b``, the board's row.

Set by set and not row by row, which takes two thirds of the time for 500 tasks. The objects are the
same as elsewhere (``tasks.drawing``, ``boards.queries``); a test compares them.
"""

from doska.boards.following import following
from doska.boards.pieces import beside_all
from doska.boards.positions import NEWEST
from doska.boards.queries import PERSON_OUT
from doska.http.pagination import cursor
from doska.identity.queries import is_there
from doska.tasks.drawing import card_among_all
from doska.tasks.label_queries import label_out

_FACES = "x.id, x.username, x.name, x.avatar_url"
# By the shown tasks only: with the board's id as well the planner expects few rows of a piece, and
# takes five times as long where statistics are missing.
SHOWN = "{key} in (select id from shown)"

_BOARD = """(select row_to_json(v) from (select b.id, b.key, b.title, b.description, b.is_public,
    b.color, b.archived_at is not null as is_archived, b.version, b.created_at) v)"""

_PEOPLE = f"""(select coalesce(json_agg({PERSON_OUT} order by p.joined_at, p.id), '[]')
    from board_users p join users x on x.id = p.user_id and {is_there("x")}
    where p.board_id = b.id)"""


def snapshot(next_cursor: str) -> str:
    """Write the snapshot; ``next_cursor`` is SQL for a column's, over its ``l`` and ``q``."""
    # ``shown`` are the tasks in order, as many per column as requested. Full joins, though left
    # ones would do: they are never executed as nested loops, however few rows are expected.
    return f"""(
    with places as materialized (
        select q.*, (select count(*) from tasks t
            where t.column_id = q.id and t.rank is not null) as task_count
        from columns q where q.board_id = b.id and q.archived_at is null),
    shown as materialized (
        select t.*, q.rank as column_rank from places q cross join lateral (
            select * from tasks t where t.column_id = q.id and t.rank is not null
            order by t.rank limit :per_column::int) t),
    faces as materialized (
        select x.id, (select row_to_json(v) from (select {_FACES}) v) as face from users x
        where {is_there("x")} and x.id in (
            select p.user_id from board_users p where p.board_id = b.id
            union select t.author_id from shown t)),
    {beside_all("tasks", SHOWN)},
    listed as (
        select t.column_rank, t.rank, {card_among_all("w.face")} as task from shown t
        full join beside on beside.id = t.id left join faces w on w.id = t.author_id),
    lasts as (
        select distinct on (t.column_id) t.column_id,
            {cursor("json_build_array(t.rank, t.id)")} as next_cursor,
            count(*) over (partition by t.column_id) as shown_count
        from shown t order by t.column_id, t.rank desc)
    select json_build_object('seq', b.seq, 'position', {NEWEST}, 'board', {_BOARD}, 'people', {_PEOPLE},
        'columns', (select coalesce(json_agg((select row_to_json(v) from (select q.id, q.board_id,
                q.title, q.color, q.status, q.task_limit, q.limit_is_hard, q.rank,
                false as is_archived, q.version, q.task_count, {next_cursor} as next_cursor) v) order by q.rank), '[]')
            from places q left join lasts l on l.column_id = q.id),
        'labels', (select coalesce(json_agg({label_out("l")} order by l.rank), '[]')
            from labels l where l.board_id = b.id),
        'tasks', (select coalesce(json_agg(task order by column_rank, rank), '[]') from listed)))"""


@following()
def snapshot_of_today() -> str:
    """Write the snapshot of a board as it is, with cursors for what is not shown."""
    return snapshot("case when l.shown_count < q.task_count then l.next_cursor end")
