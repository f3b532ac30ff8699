"""A person under the locks of all boards that show them: for what concerns every one of these."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doska.answers import Conditions
from doska.boards.access import Standing
from doska.boards.log import Change
from doska.boards.statements import COUNTERS
from doska.database import Connection, json_of, transaction
from doska.errors import Conflict, NotFound, PreconditionFailed, Unavailable
from doska.identity.access import Caller, Question, must_be_self
from doska.identity.schemas import AccountOut
from doska.schemas import stamp

TARGET = Question(
    "left join users x on x.id = :target_id",
    target="case when x.id is not null then to_jsonb(x) end",
)

# A person is shown on the boards they are on, and on those where they have written tasks.
BOARDS_OF_USER = """
    select array_agg(id::text order by id) from (
        select board_id as id from board_users where user_id = $1
        union select board_id from tasks where author_id = $1) ids"""


TRIES = 3


class _JoinedMeanwhile(Conflict):
    """The person has come onto another board meanwhile."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose account somebody wants to change, and which version of it."""

    caller: Caller
    user_id: str
    conditions: Conditions


@dataclass
class Account:
    """An account under the locks of all its boards."""

    connection: Connection
    user: dict[str, Any]
    boards: list[str]
    caller: Caller
    is_admin: bool


@asynccontextmanager
async def locked(target: Target) -> AsyncIterator[Account]:
    """Lock all boards that show a person, sorted by id, then the person; judge before and after.

    The person's lock waits for whoever is adding them to a further board, which then shows in the
    second look at the list: start again with it.
    """
    row = await TARGET.ask(target.caller, target_id=target.user_id)
    _judge(target, row)
    for _ in range(TRIES):
        try:
            async with transaction() as connection:
                yield await _lock(connection, target)
                return
        except _JoinedMeanwhile:
            continue
    raise Unavailable("This person is being added to boards just now.")


async def _lock(connection: Connection, target: Target) -> Account:
    caller, user_id = target.caller, target.user_id
    boards = await connection.fetchval(BOARDS_OF_USER, user_id) or []
    await connection.fetch(
        "select id from boards where id = any($1::uuid[]) order by id for no key update", boards
    )
    await connection.fetch("select id from users where id = $1 for update", user_id)
    row = await TARGET.ask(caller, connection.fetchrow, target_id=user_id)
    user = _judge(target, row)
    if not target.conditions.allow(user["version"]):
        raise PreconditionFailed.of(shown(user), user["version"])
    if set(await connection.fetchval(BOARDS_OF_USER, user_id) or []) - set(boards):
        raise _JoinedMeanwhile
    return Account(connection, user, boards, caller, row["is_admin"])


def _judge(target: Target, row: Any) -> dict[str, Any]:
    user: dict[str, Any] | None = json_of(row["target"])
    if user is None:
        raise NotFound
    must_be_self(target.caller, target.user_id, is_admin=row["is_admin"])
    return user


def shown(user: dict[str, Any]) -> dict[str, Any]:
    """Show a row of ``users`` as ``AccountOut``."""
    view = {name: user[name] for name in AccountOut.model_fields}
    return {**view, "created_at": stamp(datetime.fromisoformat(user["created_at"]))}


_OPEN = """
    select to_jsonb(b) as board,
        (select jsonb_agg(to_jsonb(p) order by p.joined_at, p.id)
         from board_users p where p.board_id = b.id) as people,
        (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from task_assignees a
         where a.board_id = b.id and a.user_id = $2) as assignments,
        (select coalesce(jsonb_agg(to_jsonb(t) order by t.id), '[]') from tasks t
         where t.board_id = b.id and (t.author_id = $2 or t.id in (
             select a.task_id from task_assignees a
             where a.board_id = b.id and a.user_id = $2))) as tasks
    from boards b where b.id = any($1::uuid[]) order by b.id"""


async def open_all(account: Account) -> list[Change]:
    """Open each of the boards for its own event."""
    rows = await account.connection.fetch(_OPEN, account.boards, account.user["id"])
    return [_opened(account, row) for row in rows]


def _opened(account: Account, row: Any) -> Change:
    board = json_of(row["board"])
    counters = {name: board.pop(name) for name in COUNTERS}
    parts = {name: json_of(row[name]) for name in ("people", "assignments", "tasks")}
    standing = Standing(None, account.is_admin, is_public=False)
    return Change(board, standing, account.caller.user_id, parts, account.connection, **counters)
