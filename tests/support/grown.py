"""Tables that have grown, and what PostgreSQL reads of them from end to end."""

import asyncpg

from doska.postgres.database import fetch_row

LARGE_ROWS = 1000  # of smaller tables all is read as quickly as a part

_ID = "gen_random_uuid()"
_GROWING = [
    f"""create temp table grown_boards as
        select {_ID} as id, {_ID} as column_id, {_ID} as label_id, {_ID} as user_id, n
        from generate_series(1, $1::int) n""",
    """insert into users (id, username, name, email, password_hash, avatar_url, created_at)
        select user_id, 'grown' || n, 'Grown ' || n, 'grown' || n || '@example.com', '', '/a.svg',
            now() from grown_boards""",
    """insert into boards (id, title, description, key, seq, task_number, created_at)
        select id, 'Board ' || n, '', 'WEB', 20, 20, now() from grown_boards""",
    f"""insert into board_users (id, board_id, user_id, role, joined_at)
        select {_ID}, id, user_id, 'CREATOR', now() from grown_boards""",
    """insert into columns (id, board_id, title, rank)
        select column_id, id, 'Doing', 'm' from grown_boards""",
    """insert into labels (id, board_id, title, color, rank)
        select label_id, id, 'Bug', '#d64545', 'm' from grown_boards""",
    f"""create temp table grown_tasks as
        select {_ID} as id, b.id as board_id, b.column_id, b.label_id, b.user_id, m as n
        from grown_boards b, generate_series(1, 20) m""",
    """insert into tasks (id, board_id, column_id, number, title, description, rank, priority,
            status, author_id, created_at, updated_at)
        select id, board_id, column_id, n, 'Task ' || n, '', 'd' || lpad(n::text, 4, '0'),
            'MEDIUM', 'TODO', user_id, now(), now() from grown_tasks""",
    f"""insert into subtasks (id, board_id, task_id, title, rank)
        select {_ID}, board_id, id, 'Step', 'm' from grown_tasks""",
    f"""insert into task_assignees (id, board_id, task_id, user_id)
        select {_ID}, board_id, id, user_id from grown_tasks""",
    f"""insert into task_labels (id, board_id, task_id, label_id)
        select {_ID}, board_id, id, label_id from grown_tasks""",
    "insert into used_ids (id, kind, board_id) select id, 'task', board_id from grown_tasks",
    """insert into events (board_id, seq, type, actor_id, task_id, payload, changes, at)
        select t.board_id, t.n, 'task.created', t.user_id, t.id, '{}', jsonb_build_array(
            jsonb_build_object('table', 'tasks', 'id', t.id, 'before', null,
                'after', to_jsonb(x))), now()
        from grown_tasks t join tasks x on x.id = t.id""",
    """insert into touched_rows (board_id, row_id, seq, name, gained)
        select board_id, id, n, 'tasks', 1 from grown_tasks""",
    "drop table grown_boards, grown_tasks",
]
_FLUSH = "select pg_stat_force_next_flush()"
_READ = """select s.relname, s.seq_tup_read from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.schemaname = 'public' and c.reltuples >= $1"""


async def grow(db: asyncpg.Connection, tasks: int) -> None:
    """Make so many tasks of others, on boards of twenty, with all that hangs on them."""
    await db.execute("set session_replication_role = replica")  # no look at each foreign key
    for sql in _GROWING:
        await db.execute(sql, *([tasks // 20] if "$1" in sql else []))
    await db.execute("reset session_replication_role")
    await db.execute("analyze")


async def read_whole(db: asyncpg.Connection) -> dict[str, int]:
    """Count what has been read of large tables by reading all of them, table by table."""
    await fetch_row(_FLUSH)  # what the application's connection knows
    await db.execute(_FLUSH)  # and this one, which has filled the tables
    await db.execute("select pg_stat_clear_snapshot()")
    rows = await db.fetch(_READ, LARGE_ROWS)
    return {row["relname"]: row["seq_tup_read"] for row in rows}
