"""Signing in and out: every write to one's own sessions and password."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from doska.errors import Invalid, NotFound, WrongCredentials
from doska.http.telemetry import audit
from doska.identity.access import ALIVE, STANDING, Caller, Question
from doska.identity.credentials import Passwords
from doska.identity.failures import COUNTS, Attempt
from doska.identity.models import Session, User
from doska.identity.schemas import LoginIn, PasswordIn
from doska.postgres.database import Connection, fetch_row, numbered, transaction
from doska.postgres.notifying import notify
from doska.preparing import login_key
from doska.schemas import new_id
from doska.settings import Settings

AGENT_CHARS_MAX = 300
OVERTAKEN = "overtaken by a change of the account"  # reasons for the log

OWN_PASSWORD = Question(
    username="u.username",
    email="u.email",
    name="u.name",
    password_hash="u.password_hash",  # noqa: S106
    failures=COUNTS,
)

# One row, even if nobody is found. A name that an older release has written has no key.
_BY_LOGIN = numbered(f"""
    select u.id::text, u.password_hash, u.is_admin, u.is_active, {COUNTS} as failures
    from (select) one
    left join users u on u.username_key = :login_key and u.username_key_of = u.username
        or lower(u.email collate "C") = :login_key
        or lower(u.username) = lower(:typed) and u.username_key_of is distinct from u.username
    order by u.username_key_of is distinct from u.username
    limit 1""")


# Under the lock: a new password, or deleting the account, comes before this or after it.
_STILL = """
    select is_admin from users where id = $1 and is_active and password_hash = $2
    for no key update"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that has begun."""

    user_id: str
    session_id: str
    is_admin: bool


async def log_in(
    passwords: Passwords, settings: Settings, attempt: Attempt, body: LoginIn, agent: str
) -> SignIn:
    """Compare a login's password, and begin a session.

    An unknown login costs the same work as a wrong password, and so does a disabled account.
    """
    trial = attempt.trial("sign_in", body.login)
    sql, names = _BY_LOGIN
    values = {**trial.values, "typed": body.login, "login_key": login_key(body.login)}
    found: Any = await fetch_row(sql, *(values[name] for name in names))
    trial.begin(found["id"], found["failures"])
    right = await passwords.verify(found["password_hash"], body.password)
    if right is None or not found["is_active"]:
        await trial.fail(_what_is_wrong(found["id"], is_right=right is not None))
        raise WrongCredentials
    await trial.succeed()
    is_outdated = passwords.is_outdated(found["password_hash"], right)
    renewed = await passwords.hash(right) if is_outdated else None
    async with transaction() as connection:
        user_id = found["id"]
        still = await connection.fetchrow(_STILL, user_id, found["password_hash"])
        if still is None:
            trial.audit("failed", OVERTAKEN)
            raise WrongCredentials
        if renewed:
            await User.filter(id=user_id).update(password_hash=renewed)
        session_id = await begin_session(connection, settings, user_id, agent)
        audit("sign_in", user=user_id, session=session_id)
    return SignIn(user_id, session_id, still["is_admin"])


def _what_is_wrong(user_id: str | None, *, is_right: bool) -> str:
    """Say it for the log; no response reveals it."""
    if user_id is None:
        return "unknown login"
    return "disabled account" if is_right else "wrong password"


# Under the user's lock, so that two concurrent ones are not both counted as the last one.
_END_OLDEST = f"""
    update sessions set revoked_at = now() where id in (
        select s.id from sessions s
        where s.user_id = $1 and s.id <> $2 and s.token_hash is null and {ALIVE}
        order by s.created_at desc, s.id desc offset $3)
    returning id::text"""


async def begin_session(
    connection: Connection, settings: Settings, user_id: str, agent: str
) -> str:
    """Record a session, and end the oldest if there are too many; returns its id."""
    began = datetime.now(UTC)
    session = await Session.create(
        id=new_id(),
        user_id=user_id,
        created_at=began,
        expires_at=began + settings.session_lifetime,
        user_agent=agent[:AGENT_CHARS_MAX],
    )
    others_max = settings.sessions_per_user_max - 1
    ended = await connection.fetch(_END_OLDEST, user_id, session.id, others_max)
    for (oldest,) in ended:
        audit("session.ended", user=user_id, target=oldest, reason="too many")
    if ended:
        await notify(connection, f"user:{user_id}")
    return str(session.id)


async def log_out(caller: Caller) -> None:
    """End this session."""
    await STANDING.ask(caller)
    await end(caller.user_id, caller.session_id)


async def end_session(caller: Caller, session_id: str) -> None:
    """End one of the caller's own sessions."""
    await STANDING.ask(caller)
    if not await end(caller.user_id, session_id):
        raise NotFound


async def change_password(
    passwords: Passwords, attempt: Attempt, caller: Caller, body: PasswordIn
) -> None:
    """Set a new password and end all other sessions, and all access tokens."""
    trial = attempt.trial("password.changed", caller.user_id)
    row = await OWN_PASSWORD.ask(caller, **trial.values)
    trial.begin(caller.user_id, row["failures"])
    if await passwords.verify(row["password_hash"], body.current_password) is None:
        await trial.fail("wrong password")
        raise _wrong_password()
    await trial.succeed()
    names = (row["username"], row["email"], row["name"])
    passwords.check(body.new_password, *names, pointer="/body/new_password")
    renewed = await passwords.hash(body.new_password)
    async with transaction() as connection:
        await lock_user(connection, caller.user_id)
        now = await OWN_PASSWORD.ask(caller, connection.fetchrow, **trial.values)
        if now["password_hash"] != row["password_hash"]:
            trial.audit("failed", OVERTAKEN)
            raise _wrong_password()
        await renew_password(connection, caller.user_id, renewed, but=caller.session_id)
        audit("password.changed")


async def renew_password(
    connection: Connection, user_id: str, password_hash: str, *, but: str | None = None
) -> None:
    """Store a new password, and end all sessions and access tokens but one; the user is locked."""
    await User.filter(id=user_id).update(password_hash=password_hash)
    living = Session.filter(user_id=user_id, revoked_at=None)
    await (living.exclude(id=but) if but else living).update(revoked_at=datetime.now(UTC))
    await notify(connection, f"user:{user_id}")


def _wrong_password() -> Invalid:
    pointer = "/body/current_password"
    return Invalid.at(pointer, "wrong_password", "should be the password that you have now")


async def lock_user(connection: Connection, user_id: str) -> bool:
    """Serialize changes of somebody's password, sessions or tokens.

    Returns whether the account is active: what was read before the lock may be outdated.
    """
    sql = "select is_active from users where id = $1 for no key update"
    return bool(await connection.fetchval(sql, user_id))


async def end(user_id: str, session_id: str, *, is_token: bool = False) -> bool:
    """End a session or an access token, and wake the live streams that rely on it."""
    async with transaction() as connection:
        living = Session.filter(
            user_id=user_id, id=session_id, revoked_at=None, token_hash__isnull=not is_token
        )
        if not await living.update(revoked_at=datetime.now(UTC)):
            return False
        audit("token.ended" if is_token else "session.ended", target=session_id)
        await notify(connection, f"user:{user_id}")
        return True
