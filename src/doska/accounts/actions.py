"""Accounts where they touch boards: registering, changing a profile, going away."""

from datetime import UTC, datetime
from typing import Any

from doska.accounts.locks import TARGET, Account, Target, locked, open_all, shown
from doska.answers import Answer, answer_of
from doska.boards.access import RANKS
from doska.boards.actions import create_home_board, drop_board
from doska.boards.log import Change
from doska.boards.models import Role
from doska.database import Connection, notify, transaction
from doska.errors import Forbidden, Invalid
from doska.identity.access import Caller
from doska.identity.actions import begin_session
from doska.identity.avatars import avatar_path
from doska.identity.credentials import Passwords
from doska.identity.models import Session, User
from doska.identity.schemas import AccountOut, UserNew
from doska.identity.usernames import check_username, key_columns
from doska.schemas import new_id
from doska.settings import Settings
from doska.telemetry import Event, audit

FLAGS: dict[tuple[str, bool], Event] = {
    ("is_active", False): "account.disabled",
    ("is_active", True): "account.enabled",
    ("is_admin", True): "account.promoted",
    ("is_admin", False): "account.demoted",
}


class RegistrationClosed(Forbidden):
    """Registration is closed: an administrator makes new accounts."""


async def register(
    passwords: Passwords, settings: Settings, body: UserNew, agent: str | None
) -> tuple[str, str | None]:
    """Make an account with its own board; gives the user's id, and a sign-in's unless for another.

    ``agent`` is what signs in; None when somebody else makes the account.
    """
    hashed = await checked_and_hashed(passwords, body)
    async with transaction() as connection:
        user_id = await add_user(connection, body, hashed)
        if agent is None:
            audit("account.created", target=user_id)
            return user_id, None
        session_id = await begin_session(connection, settings, user_id, agent)
        audit("registered", user=user_id, session=session_id)
        return user_id, session_id


async def checked_and_hashed(passwords: Passwords, body: UserNew) -> str:
    """Refuse a name or password that is none; gives the password's hash."""
    check_username(body.username)
    passwords.check(body.password, body.username, body.email, body.name or body.username)
    return await passwords.hash(body.password)


async def add_user(
    connection: Connection, body: UserNew, password_hash: str, *, is_admin: bool = False
) -> str:
    """Write a new user and their board, inside a transaction."""
    user_id = body.id or new_id()
    _check_picture(body.avatar_url, user_id)
    await User.create(
        id=user_id,
        username=body.username,
        **key_columns(body.username),
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


async def update_account(target: Target, fields: dict[str, Any]) -> Answer[AccountOut]:
    """Change a profile; a new name or picture is an event on each board that shows it."""
    user_id = target.user_id
    async with locked(target) as account:
        before = account.user
        values = _profile(account, fields)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return answer_of(shown(before), before["version"])
        changed["version"] = before["version"] + 1
        keys = key_columns(changed["username"]) if "username" in changed else {}
        await User.filter(id=user_id).update(**changed, **keys)
        if changed.get("is_active") is False:
            ended = Session.filter(user_id=user_id, revoked_at=None)
            await ended.update(revoked_at=datetime.now(UTC))
        if changed.keys() & {"is_active", "is_admin"}:  # what they may see has changed
            await notify(account.connection, f"user:{user_id}")
        _audit_changes(user_id, changed)
        after = {**before, **changed}
        if changed.keys() & {"username", "name", "avatar_url"}:
            await _tell_boards(account, after)
        return answer_of(shown(after), after["version"])


async def delete_account(target: Target) -> Answer[None]:
    """Delete a user: boards of theirs alone go, others keep what they wrote, without its author."""
    user_id = target.user_id
    async with locked(target) as account:
        for opened in await open_all(account):
            if any(p["user_id"] != user_id for p in opened.parts["people"]):
                _take_out(opened, user_id)
                await opened.write()
            else:
                await drop_board(account.connection, opened.board["id"])
        await User.filter(id=user_id).delete()
        audit("account.deleted", target=user_id)
        await notify(account.connection, f"user:{user_id}")
    return Answer()


def _profile(account: Account, fields: dict[str, Any]) -> dict[str, Any]:
    """Work out the new values; flags are for administrators, and so are refused to others."""
    for name in ("is_admin", "is_active"):
        if name in fields and not account.is_admin:
            raise Invalid.at(f"/body/{name}", "extra_forbidden", "only administrators set this")
    values = dict(fields)
    if values.get("username", account.user["username"]) != account.user["username"]:
        check_username(values["username"])
    if "name" in values:
        values["name"] = values["name"] or values.get("username", account.user["username"])
    if "avatar_url" in values:
        _check_picture(values["avatar_url"], account.user["id"])
        values["avatar_url"] = values["avatar_url"] or avatar_path(account.user["id"])
    return values


def _audit_changes(user_id: str, changed: dict[str, Any]) -> None:
    """Write down which fields have changed, by name only; each flag on a line of its own."""
    for (name, value), event in FLAGS.items():
        if changed.get(name) is value:
            audit(event, target=user_id)
    if fields := sorted(changed.keys() - {"is_active", "is_admin", "version"}):
        audit("account.changed", target=user_id, fields=fields)


def _check_picture(url: str | None, user_id: str) -> None:
    if url and url.startswith("/") and url != avatar_path(user_id):
        raise Invalid.at("/body/avatar_url", "not_yours", "should be https, or one's own identicon")


async def _tell_boards(account: Account, user: dict[str, Any]) -> None:
    view = {name: user[name] for name in ("id", "username", "name", "avatar_url")}
    for opened in await open_all(account):
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
