"""A board as it is at one moment: one read-only transaction, read in batches.

Everything is read within ``repeatable read``, so that a file never shows half of a change, however
long it takes to write.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.policy import Right, Standing
from doska.boards.positions import NEWEST
from doska.identity.queries import is_there
from doska.postgres.database import Connection, json_of, transaction

BATCH = 100  # rows at once: of the longest texts, 5 MB

_READ_ONLY = "set transaction isolation level repeatable read, read only"

NOW_AT = Judgement(BOARD, tag=NEWEST)

_FACE = "json_build_object('id', x.id, 'username', x.username, 'name', x.name)"
_HEAD = f"""json_build_object(
    'board', (to_jsonb(b)),
    'columns', (select coalesce(json_agg(to_jsonb(q) order by q.archived_at is not null, q.rank, q.id), '[]')
        from columns q where q.board_id = b.id),
    'labels', (select coalesce(json_agg(to_jsonb(l) order by l.rank), '[]')
        from labels l where l.board_id = b.id),
    'people', (select coalesce(json_agg({_FACE} order by p.joined_at, p.id), '[]')
        from board_users p join users x on x.id = p.user_id and {is_there("x")}
        where p.board_id = b.id))"""
HEAD = Judgement(BOARD, tag=NEWEST, head=_HEAD)

# Tasks in the order of the board, archived ones last; each with what a reader of lists wants.
# ``offset 0``: they are sorted first, and looked up one by one as they are fetched.
_TASKS = f"""
    select jsonb_build_object(
        'assignees', (select coalesce(jsonb_agg({_FACE} order by a.id), '[]')
            from task_assignees a join users x on x.id = a.user_id and {is_there("x")}
            where a.task_id = t.id),
        'label_ids', (select coalesce(jsonb_agg(y.label_id order by l.rank), '[]')
            from task_labels y join labels l on l.id = y.label_id where y.task_id = t.id),
        'subtasks', (select coalesce(jsonb_agg(to_jsonb(s) order by s.rank), '[]')
            from subtasks s where s.task_id = t.id),
        'attachments', (select coalesce(jsonb_agg(to_jsonb(f) order by f.created_at, f.id), '[]')
            from attachments f where f.task_id = t.id)) || to_jsonb(t)
    from (select t.* from tasks t join columns q on q.id = t.column_id
        where t.board_id = $1
        order by t.archived_at is not null, q.archived_at is not null, q.rank, q.id,
            t.rank, t.number offset 0) t"""
_COMMENTS = f"""
    select to_jsonb(c) || jsonb_build_object('author',
        (select {_FACE} from users x where x.id = c.author_id and {is_there("x")}))
    from comments c join tasks t on t.id = c.task_id
    where c.board_id = $1 order by c.created_at desc, c.id desc"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A board at one moment, within an open transaction."""

    connection: Connection
    tag: str  # of the board's newest event, and of what one may see of it
    seq: int
    head: dict[str, Any]
    sees_extras: bool  # what imports have left beside things

    @property
    def board(self) -> dict[str, Any]:
        """Return the board's row, with its counters."""
        return dict(self.head["board"])

    def tasks(self) -> AsyncIterator[list[Any]]:
        """Read tasks in the board's order, archived ones last, in batches."""
        return self.batches(_TASKS, self.board["id"])

    def comments(self) -> AsyncIterator[list[Any]]:
        """Read the comments of tasks that are there, the newest first, in batches."""
        return self.batches(_COMMENTS, self.board["id"])

    async def batches(self, sql: str, *values: Any) -> AsyncIterator[list[Any]]:
        """Read what a query gives, by a cursor: lists of JSON values."""
        cursor = await self.connection.cursor(sql, *values)
        while rows := await cursor.fetch(BATCH):
            yield [json_of(row[0]) for row in rows]


@asynccontextmanager
async def reading(access: Access) -> AsyncIterator[Reading]:
    """Judge, and open a board for reading at this moment."""
    async with transaction() as connection:
        await connection.execute(_READ_ONLY)
        standing, row = await HEAD.ask(access, connection.fetchrow)
        tag, sees_extras = _tag(standing, row), Right.VIEW_HISTORY in standing.rights
        yield Reading(connection, tag, row["seq"], json_of(row["head"]), sees_extras)


async def tag_now(access: Access) -> str:
    """Judge, and tell which event of the board is the newest, and how much of it they see."""
    return _tag(*await NOW_AT.ask(access))


def _tag(standing: Standing, row: Any) -> str:
    sees_extras = Right.VIEW_HISTORY in standing.rights
    return f"{row['tag']}{'.x' * sees_extras}"
