"""Accounts where they affect boards: registering, changing a profile, deleting the account."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from doska.accounts.locks import TARGET, Account, Target, locked, shown
from doska.accounts.tellings import forget_answers, tell_boards
from doska.boards.actions import create_home_board
from doska.boards.invitations import use
from doska.boards.limits import Limits
from doska.errors import Forbidden, Invalid, TooManyRequests
from doska.http.answers import Answer, answer_of
from doska.http.telemetry import Event, audit, name_newcomer
from doska.identity.access import Caller
from doska.identity.actions import begin_session
from doska.identity.avatars import avatar_path
from doska.identity.credentials import Passwords
from doska.identity.models import Session, User
from doska.identity.schemas import AccountOut, UserNew
from doska.identity.usernames import check_username, key_columns
from doska.postgres.database import Connection, transaction
from doska.postgres.notifying import notify
from doska.schemas import clock_now, new_id
from doska.settings import Settings

FLAGS: dict[tuple[str, bool], Event] = {
    ("is_active", False): "account.disabled",
    ("is_active", True): "account.enabled",
    ("is_admin", True): "account.promoted",
    ("is_admin", False): "account.demoted",
}


SHOWN = {"username", "name", "avatar_url"}  # on boards
PROFILE = {*SHOWN, "email"}
CHANGES_MAX, CHANGES_SPAN = 10, timedelta(hours=1)

# A deleted account: nothing about the person, and an id that stays theirs.
_EMPTY = """
    update users set username = null, username_key = null, username_key_of = null, name = null,
        email = null, password_hash = null, avatar_url = null, is_active = false, is_admin = false,
        deleted_at = now(), version = version + 1
    where id = $1"""
_END_ALL = "delete from sessions where user_id = $1"


class TooManyChangesOfProfile(TooManyRequests):
    """The profile has been changed too often: wait before the next change."""

    example: ClassVar[dict[str, Any]] = {"limit": CHANGES_MAX, "of": "changes of a profile an hour"}


class RegistrationClosed(Forbidden):
    """Registration is closed: ask an administrator for an account."""


async def register(
    passwords: Passwords, settings: Settings, body: UserNew, agent: str | None
) -> tuple[str, str | None]:
    """Create an account with its own board; returns the ids of user and session, if any.

    ``agent`` is what signs in; None if somebody else creates the account. An invitation is accepted
    with it, or there is no account either.
    """
    hashed = await checked_and_hashed(passwords, body)
    async with transaction() as connection:
        user_id = await add_user(connection, body, hashed)
        if agent is None:
            audit("account.created", target=user_id)
            return user_id, None
        session_id = await begin_session(connection, settings, user_id, agent)
        audit("registered", user=user_id, session=session_id)
        if body.invitation is not None:
            name_newcomer(user_id, session_id)
            await use(connection, Limits(settings), body.invitation, user_id)
        return user_id, session_id


async def checked_and_hashed(passwords: Passwords, body: UserNew) -> str:
    """Refuse an invalid name or password; returns the password's hash."""
    check_username(body.username)
    passwords.check(body.password, body.username, body.email, body.name or body.username)
    return await passwords.hash(body.password)


async def add_user(
    connection: Connection, body: UserNew, password_hash: str, *, is_admin: bool = False
) -> str:
    """Write a new user and their board, inside a transaction."""
    user_id = new_id()
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
        created_at=clock_now(),
    )
    await create_home_board(connection, user_id)
    return user_id


async def is_administrator(caller: Caller) -> bool:
    """Return whether somebody signed in is an administrator."""
    return bool((await TARGET.ask(caller, target_id=caller.user_id))["is_admin"])


async def update_account(target: Target, fields: dict[str, Any]) -> Answer[AccountOut]:
    """Change a profile; boards that show the person are notified afterwards."""
    user_id = target.user_id
    async with locked(target) as account:
        before = account.user
        values = _profile(account, fields)
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return answer_of(shown(before), before["version"])
        changed["version"] = before["version"] + 1
        keys = key_columns(changed["username"]) if "username" in changed else {}
        await User.filter(id=user_id).update(**changed, **keys, **_counted(account, changed))
        if changed.get("is_active") is False:
            ended = Session.filter(user_id=user_id, revoked_at=None)
            await ended.update(revoked_at=datetime.now(UTC))
        if changed.keys() & {"is_active", "is_admin"}:  # what they may see has changed
            await notify(account.connection, f"user:{user_id}")
        _audit_changes(user_id, changed)
        if changed.keys() & SHOWN:
            await tell_boards(account.connection, user_id, target.caller.user_id)
        after = {**before, **changed}
        return answer_of(shown(after), after["version"])


async def delete_account(target: Target) -> Answer[None]:
    """Delete a user: from now on nobody finds or sees them; boards follow one by one.

    Boards that only they are on are deleted, others keep what they wrote, without its author.
    """
    user_id = target.user_id
    async with locked(target) as account:
        connection = account.connection
        await connection.execute(_EMPTY, user_id)
        await connection.execute(_END_ALL, user_id)
        await tell_boards(connection, user_id, target.caller.user_id)
        await forget_answers(connection, user_id)
        audit("account.deleted", target=user_id)
        await notify(connection, f"user:{user_id}")
    return Answer()


def _counted(account: Account, changed: dict[str, Any]) -> dict[str, Any]:
    """Count a change of the profile; refuse too many, except for administrators.

    Every board that shows the person is notified of each.
    """
    if not changed.keys() & PROFILE or not account.is_own:
        return {}
    now, user = datetime.now(UTC), account.user
    until = user["profile_changes_until"] and datetime.fromisoformat(user["profile_changes_until"])
    if until is None or not now < until <= now + CHANGES_SPAN:  # or the clock was set back
        return {"profile_changes": 1, "profile_changes_until": now + CHANGES_SPAN}
    if user["profile_changes"] >= CHANGES_MAX:
        raise TooManyChangesOfProfile.in_seconds(
            (until - now).total_seconds(), limit=CHANGES_MAX, of="changes of a profile an hour"
        )
    return {"profile_changes": user["profile_changes"] + 1}


def _profile(account: Account, fields: dict[str, Any]) -> dict[str, Any]:
    """Compute the new values; flags are for administrators, and refused to others."""
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
    """Log which fields have changed, by name only; each flag on a separate line."""
    for (name, value), event in FLAGS.items():
        if changed.get(name) is value:
            audit(event, target=user_id)
    if fields := sorted(changed.keys() - {"is_active", "is_admin", "version"}):
        audit("account.changed", target=user_id, fields=fields)


def _check_picture(url: str | None, user_id: str) -> None:
    if url and url.startswith("/") and url != avatar_path(user_id):
        raise Invalid.at("/body/avatar_url", "not_yours", "should be https, or one's own identicon")
