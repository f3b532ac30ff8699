"""More rows than tests can make through HTTP."""

import asyncpg

from api import Json


async def many_tasks(db: asyncpg.Connection, column: Json, count: int) -> None:
    """Fill an empty column of a board without tasks, in the order of their numbers."""
    await db.execute(
        """insert into tasks (id, board_id, column_id, number, title, description, rank, priority,
                              status, created_at, updated_at)
           select gen_random_uuid(), $1, $2, n, 'Task ' || n, '', 'd' || lpad(n::text, 4, '0'),
                  'MEDIUM', 'TODO', now(), now() from generate_series(1, $3::int) n""",
        column["board_id"],
        column["id"],
        count,
    )
    await db.execute("update boards set task_number = $2 where id = $1", column["board_id"], count)


async def many_subtasks(db: asyncpg.Connection, task: Json, titles: list[str]) -> None:
    """Give a task without subtasks these."""
    await db.execute(
        """insert into subtasks (id, board_id, task_id, title, is_completed, rank)
           select gen_random_uuid(), $1, $2, title, false, 'd' || lpad(n::text, 5, '0')
           from unnest($3::text[]) with ordinality x (title, n)""",
        task["board_id"],
        task["id"],
        titles,
    )
