"""Signing in and out: every write that concerns one's own sign-ins and password."""

from datetime import UTC, datetime
from typing import Any

from doska.database import fetch_row, notify, transaction
from doska.errors import Invalid, NotFound, WrongCredentials
from doska.identity.access import STANDING, Caller, Question
from doska.identity.credentials import Passwords
from doska.identity.models import Session, User
from doska.identity.schemas import LoginIn, PasswordIn
from doska.schemas import new_id
from doska.settings import Settings

AGENT_CHARS_MAX = 300

OWN_PASSWORD = Question(
    username="u.username",
    email="u.email",
    password_hash="u.password_hash",  # noqa: S106
)

_BY_LOGIN = """
    select id::text, password_hash, is_admin, is_active from users
    where lower(username) = lower($1) or lower(email) = lower($1)"""


async def log_in(passwords: Passwords, settings: Settings, body: LoginIn, agent: str) -> Any:
    """Begin a sign-in; gives user id, session id and the admin flag.

    An unknown login costs the same time as a wrong password, and so does a disabled account.
    """
    found = await fetch_row(_BY_LOGIN, body.login)
    known = found["password_hash"] if found else None
    if not await passwords.verify(known, body.password) or not found or not found["is_active"]:
        raise WrongCredentials
    if passwords.is_outdated(found["password_hash"]):
        renewed = await passwords.hash(body.password)
        await User.filter(id=found["id"]).update(password_hash=renewed)
    return found["id"], await begin_session(settings, found["id"], agent), found["is_admin"]


async def begin_session(settings: Settings, user_id: str, agent: str) -> str:
    """Record a sign-in; gives its id."""
    began = datetime.now(UTC)
    session = await Session.create(
        id=new_id(),
        user_id=user_id,
        created_at=began,
        expires_at=began + settings.session_lifetime,
        user_agent=agent[:AGENT_CHARS_MAX],
    )
    return str(session.id)


async def log_out(caller: Caller) -> None:
    """End this sign-in."""
    await STANDING.ask(caller)
    await end(caller.user_id, caller.session_id)


async def end_session(caller: Caller, session_id: str) -> None:
    """End one of one's own sign-ins."""
    await STANDING.ask(caller)
    if not await end(caller.user_id, session_id):
        raise NotFound


async def change_password(passwords: Passwords, caller: Caller, body: PasswordIn) -> None:
    """Set a new password and end all other sign-ins, and all access tokens."""
    row = await OWN_PASSWORD.ask(caller)
    if not await passwords.verify(row["password_hash"], body.current_password):
        pointer = "/body/current_password"
        raise Invalid.at(pointer, "wrong_password", "should be the password that you have now")
    names = (row["username"], row["email"])
    passwords.check(body.new_password, *names, pointer="/body/new_password")
    renewed = await passwords.hash(body.new_password)
    async with transaction() as connection:
        await User.filter(id=caller.user_id).update(password_hash=renewed)
        others = Session.filter(user_id=caller.user_id, revoked_at=None).exclude(
            id=caller.session_id
        )
        await others.update(revoked_at=datetime.now(UTC))
        await notify(connection, f"user:{caller.user_id}")


async def end(user_id: str, session_id: str, *, is_token: bool = False) -> bool:
    """End a sign-in or an access token, and wake the live streams that rely on it."""
    async with transaction() as connection:
        living = Session.filter(
            user_id=user_id, id=session_id, revoked_at=None, token_hash__isnull=not is_token
        )
        if not await living.update(revoked_at=datetime.now(UTC)):
            return False
        await notify(connection, f"user:{user_id}")
        return True
