"""A person under their own lock, for changes of the account."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doska.errors import NotFound, PreconditionFailed
from doska.http.answers import Conditions
from doska.identity.access import Caller, Question, must_be_self
from doska.identity.queries import is_there
from doska.identity.schemas import AccountOut
from doska.postgres.database import Connection, json_of, transaction
from doska.schemas import stamp

TARGET = Question(
    f"left join users x on x.id = :target_id and {is_there('x')}",
    target="case when x.id is not null then to_jsonb(x) end",
)


@dataclass(frozen=True, slots=True)
class Target:
    """Which account somebody wants to change, and which version of it."""

    caller: Caller
    user_id: str
    conditions: Conditions


@dataclass
class Account:
    """An account under its lock."""

    connection: Connection
    user: dict[str, Any]
    caller: Caller
    is_admin: bool

    @property
    def is_own(self) -> bool:
        """Whether it is the caller's own."""
        return bool(self.caller.user_id == self.user["id"])


@asynccontextmanager
async def locked(target: Target) -> AsyncIterator[Account]:
    """Lock a person; authorize before and after.

    The lock waits for anybody who is adding them to a board, or creating a task in their name:
    after it, the boards that show them are known. It waits for no board.
    """
    _judge(target, await TARGET.ask(target.caller, target_id=target.user_id))
    async with transaction() as connection:
        sql = "select from users where id = $1 for update"
        await connection.execute(sql, target.user_id)
        row = await TARGET.ask(target.caller, connection.fetchrow, target_id=target.user_id)
        user = _judge(target, row)
        if not target.conditions.allow(user["version"]):
            raise PreconditionFailed.of(shown(user), user["version"])
        yield Account(connection, user, target.caller, row["is_admin"])


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
