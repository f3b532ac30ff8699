"""Accounts where they touch boards: registering, changing a profile, going away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from doska.boards.access import RANKS, Standing
from doska.boards.actions import create_home_board, drop_board
from doska.boards.log import Change
from doska.boards.models import Role
from doska.boards.statements import COUNTERS
from doska.database import Connection, json_of, transaction
from doska.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from doska.identity.access import Caller, Question, must_be_self
from doska.identity.actions import begin_session
from doska.identity.avatars import avatar_path
from doska.identity.credentials import Passwords
from doska.identity.models import Session, User
from doska.identity.schemas import AccountOut, UserNew
from doska.schemas import new_id, stamp
from doska.settings import Settings

TRIES = 3

TARGET = Question(
    "left join users x on x.id = :target_id",
    target="case when x.id is not null then to_jsonb(x) end",
)

# A person is shown on the boards they are on, and on those where they have written tasks.
BOARDS_OF_USER = """
    select array_agg(id::text order by id) from (
        select board_id as id from board_users where user_id = $1
        union select board_id from tasks where author_id = $1) ids"""


class RegistrationClosed(Forbidden):
    """Registration is closed: an administrator makes new accounts."""


class _JoinedMeanwhile(Conflict):
    """The person has come onto another board meanwhile."""


@dataclass
class Account:
    """An account under the locks of all its boards."""

    connection: Connection
    user: dict[str, Any]
    boards: list[str]
    caller: Caller
    is_admin: bool


async def register(
    passwords: Passwords, settings: Settings, body: UserNew, agent: str | None
) -> tuple[str, str | None]:
    """Make an account with its own board; gives the user's id, and a sign-in's unless for another.

    ``agent`` is what signs in; None when somebody else makes the account.
    """
    passwords.check(body.password, body.username, body.email)
    hashed = await passwords.hash(body.password)
    async with transaction() as connection:
        user_id = await add_user(connection, body, hashed)
        if agent is None:
            return user_id, None
        return user_id, await begin_session(settings, user_id, agent)


async def add_user(
    connection: Connection, body: UserNew, password_hash: str, *, is_admin: bool = False
) -> str:
    """Write a new user and their board, inside a transaction."""
    user_id = body.id or new_id()
    _check_picture(body.avatar_url, user_id)
    await User.create(
        id=user_id,
        username=body.username,
        name=body.name or body.username,
        email=body.email,
        password_hash=password_hash,
        avatar_url=body.avatar_url or avatar_path(user_id),
        is_admin=is_admin,
        created_at=datetime.now(UTC),
    )
    await create_home_board(connection, user_id)
    return user_id


async def is_administrator(caller: Caller) -> bool:
    """Ask whether somebody signed in is an administrator."""
    return bool((await TARGET.ask(caller, target_id=caller.user_id))["is_admin"])


async def update_account(caller: Caller, user_id: str, fields: dict[str, Any]) -> AccountOut:
    """Change a profile; a new name or picture is an event on each board that shows it."""
    async with _locked(caller, user_id) as account:
        before = account.user
        values = _profile(account, fields)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return _shown(before)
        changed["version"] = before["version"] + 1
        await User.filter(id=user_id).update(**changed)
        if changed.get("is_active") is False:
            ended = Session.filter(user_id=user_id, revoked_at=None)
            await ended.update(revoked_at=datetime.now(UTC))
        after = {**before, **changed}
        if changed.keys() & {"username", "name", "avatar_url"}:
            await _tell_boards(account, after)
        return _shown(after)


async def delete_account(caller: Caller, user_id: str) -> None:
    """Delete a user: boards of theirs alone go, others keep what they wrote, without its author."""
    async with _locked(caller, user_id) as account:
        for opened in await _open_all(account):
            if any(p["user_id"] != user_id for p in opened.parts["people"]):
                _take_out(opened, user_id)
                await opened.write()
            else:
                await drop_board(account.connection, opened.board["id"])
        await User.filter(id=user_id).delete()


def _profile(account: Account, fields: dict[str, Any]) -> dict[str, Any]:
    """Work out the new values; flags are for administrators, and so are refused to others."""
    for name in ("is_admin", "is_active"):
        if name in fields and not account.is_admin:
            raise Invalid.at(f"/body/{name}", "extra_forbidden", "only administrators set this")
    values = dict(fields)
    if "name" in values:
        values["name"] = values["name"] or values.get("username", account.user["username"])
    if "avatar_url" in values:
        _check_picture(values["avatar_url"], account.user["id"])
        values["avatar_url"] = values["avatar_url"] or avatar_path(account.user["id"])
    return values


def _check_picture(url: str | None, user_id: str) -> None:
    if url and url.startswith("/") and url != avatar_path(user_id):
        raise Invalid.at("/body/avatar_url", "not_yours", "should be https, or one's own identicon")


@asynccontextmanager
async def _locked(caller: Caller, user_id: str) -> AsyncIterator[Account]:
    """Lock all boards that show a person, sorted by id, then the person; judge before and after.

    The person's lock waits for whoever is adding them to a further board, which then shows in the
    second look at the list: start again with it.
    """
    row = await TARGET.ask(caller, target_id=user_id)
    _judge(caller, user_id, row)
    for _ in range(TRIES):
        try:
            async with transaction() as connection:
                yield await _lock(connection, caller, user_id)
                return
        except _JoinedMeanwhile:
            continue
    raise Unavailable("This person is being added to boards just now.")


async def _lock(connection: Connection, caller: Caller, user_id: str) -> Account:
    boards = await connection.fetchval(BOARDS_OF_USER, user_id) or []
    await connection.fetch(
        "select id from boards where id = any($1::uuid[]) order by id for no key update", boards
    )
    await connection.fetch("select id from users where id = $1 for update", user_id)
    row = await TARGET.ask(caller, connection.fetchrow, target_id=user_id)
    user = _judge(caller, user_id, row)
    if set(await connection.fetchval(BOARDS_OF_USER, user_id) or []) - set(boards):
        raise _JoinedMeanwhile
    return Account(connection, user, boards, caller, row["is_admin"])


def _judge(caller: Caller, user_id: str, row: Any) -> dict[str, Any]:
    target: dict[str, Any] | None = json_of(row["target"])
    if target is None:
        raise NotFound
    must_be_self(caller, user_id, is_admin=row["is_admin"])
    return target


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


async def _open_all(account: Account) -> list[Change]:
    rows = await account.connection.fetch(_OPEN, account.boards, account.user["id"])
    return [_opened(account, row) for row in rows]


def _opened(account: Account, row: Any) -> Change:
    board = json_of(row["board"])
    counters = {name: board.pop(name) for name in COUNTERS}
    parts = {name: json_of(row[name]) for name in ("people", "assignments", "tasks")}
    standing = Standing(None, account.is_admin, is_public=False)
    return Change(board, standing, account.caller.user_id, parts, account.connection, **counters)


async def _tell_boards(account: Account, user: dict[str, Any]) -> None:
    view = {name: user[name] for name in ("id", "username", "name", "avatar_url")}
    for opened in await _open_all(account):
        opened.record("user.updated", {"user": view})
        await opened.write()


def _take_out(opened: Change, user_id: str) -> None:
    """Take a person out of a board that others share: role, place, assignments, authorship."""
    people = opened.parts["people"]
    own = next((p for p in people if p["user_id"] == user_id), None)
    heirs = []
    if own and own["role"] == Role.CREATOR:
        others = [p for p in people if p is not own]
        heir = max(others, key=lambda p: RANKS[Role(p["role"])])  # the first of equals
        heirs = [opened.update("board_users", heir, role=Role.CREATOR)]
    if own:
        opened.delete("board_users", own)
    for assignment in opened.parts["assignments"]:
        opened.delete("task_assignees", assignment)
    tasks = [_without(opened, task, user_id) for task in opened.parts["tasks"]]
    payload = {
        "user": {"id": user_id},
        "people": [{"user": {"id": p["user_id"]}, "role": p["role"]} for p in heirs],
        "tasks": [{"id": task["id"], "version": task["version"]} for task in tasks],
    }
    opened.record("user.deleted", payload)


def _without(opened: Change, task: Any, user_id: str) -> Any:
    author = None if task["author_id"] == user_id else task["author_id"]
    return opened.touch("tasks", task, author_id=author)


def _shown(user: dict[str, Any]) -> AccountOut:
    shown = {name: user[name] for name in AccountOut.model_fields}
    created = datetime.fromisoformat(user["created_at"])
    return AccountOut.model_validate({**shown, "created_at": stamp(created)})
