"""A board as it is at one moment: one read-only transaction, read in pieces.

Everything is read within ``repeatable read``, so that a file never shows half of a change, however
long it takes to write.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.policy import Right, Standing
from doska.boards.positions import SHOWN
from doska.doors.export.copying import SECONDS_MAX, Work, copied, values_in
from doska.identity.queries import is_there
from doska.postgres.database import Connection, json_of, transaction
from doska.schemas import new_id

_READ_ONLY = f"""
    set transaction isolation level repeatable read, read only;
    set local statement_timeout = '{SECONDS_MAX}s'"""

NOW_AT = Judgement(BOARD, **SHOWN)

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
HEAD = Judgement(BOARD, **SHOWN, head=_HEAD)


def _extra(name: str, *, is_wanted: bool) -> str:
    """Look up what an import has left beside a thing, for the format that gives it back."""
    return f"(select e.extra from extras e where e.object_id = {name}.id)" if is_wanted else "null"


def _tasks(**wanted: bool) -> str:
    """Query tasks in the order of the board, archived ones last, with what a reader of lists wants.

    ``offset 0``: they are sorted first, and looked up one by one as they are read.
    """
    return f"""
    select row_to_json(r) from (select t.*,
        array(select {_FACE} from task_assignees a
            join users x on x.id = a.user_id and {is_there("x")}
            where a.task_id = t.id order by a.id) as assignees,
        array(select y.label_id from task_labels y join labels l on l.id = y.label_id
            where y.task_id = t.id order by l.rank) as label_ids,
        array(select s from (select s.*, {_extra("s", **wanted)} as extra from subtasks s
            where s.task_id = t.id order by s.rank) s) as subtasks,
        array(select f from (select f.*, {_extra("f", **wanted)} as extra from attachments f
            where f.task_id = t.id order by f.created_at, f.id) f) as attachments,
        {_extra("t", **wanted)} as extra
    from (select t.* from tasks t join columns q on q.id = t.column_id
        where t.board_id = $1
        order by t.archived_at is not null, q.archived_at is not null, q.rank, q.id,
            t.rank, t.number offset 0) t) r"""


def _comments(**wanted: bool) -> str:
    """Query the comments of tasks that are there, the newest first."""
    return f"""
    select row_to_json(r) from (select c.*, (select {_FACE} from users x
            where x.id = c.author_id and {is_there("x")}) as author,
        {_extra("c", **wanted)} as extra
    from comments c join tasks t on t.id = c.task_id
    where c.board_id = $1 order by c.created_at desc, c.id desc) r"""


Rows = Callable[[list[Any]], object]  # in a thread: streams of others go on meanwhile


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

    async def tasks(self, work: Rows, *, with_extras: bool = False) -> None:
        """Read tasks in the board's order, archived ones last."""
        await self._rows(work, _tasks(is_wanted=with_extras and self.sees_extras))

    async def comments(self, work: Rows) -> None:
        """Read the comments of tasks that are there, with extras, the newest first."""
        await self._rows(work, _comments(is_wanted=self.sees_extras))

    async def _rows(self, work: Rows, sql: str) -> None:
        await self.copied(lambda lines: work(values_in(lines)), sql, self.board["id"])

    async def copied(self, work: Work, sql: str, *values: Any) -> None:
        """Read what a query gives, as lines that are worked on in a thread."""
        await copied(self.connection, work, sql, *values)


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
    once = f".{new_id()}" if row["is_waiting"] else ""  # the same as at no other time
    return f"{row['tag']}.{row['copy']}{'.x' * sees_extras}{once}"
