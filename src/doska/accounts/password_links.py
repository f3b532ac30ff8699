"""Links for setting a new password, created by administrators: they work once, within an hour."""

from datetime import timedelta
from typing import Any, ClassVar

from doska.accounts.locks import TARGET
from doska.accounts.schemas import PasswordLinkOut, PasswordResetIn
from doska.boards.access import ForAdministrators
from doska.boards.people import AccountDisabled
from doska.errors import Forbidden, NotFound
from doska.http.telemetry import audit
from doska.identity.access import Caller
from doska.identity.access_tokens import hash_of
from doska.identity.actions import lock_user, renew_password
from doska.identity.credentials import Passwords
from doska.identity.links import LinkVoid, make_link
from doska.postgres.database import fetch_row, json_of, transaction
from doska.settings import Settings

SPAN = timedelta(hours=1)

# Both in one order, so that two administrators who do this for each other cannot deadlock.
_LOCK_BOTH = "select from users where id = any($1) order by id for no key update"
_PUT = """
    insert into password_links as l (user_id, token_hash, created_by, created_at, expires_at)
    values ($1, $2, $3, now(), now() + $4)
    on conflict (user_id) do update set token_hash = excluded.token_hash,
        created_by = excluded.created_by, created_at = excluded.created_at,
        expires_at = excluded.expires_at
    returning to_jsonb(l.expires_at)"""
_OPEN = """
    select x.id::text, x.username, x.name, x.email, m.id::text as maker
    from password_links l
        join users x on x.id = l.user_id and x.is_active
        join users m on m.id = l.created_by and m.is_active and m.is_admin
    where l.token_hash = $1 and l.expires_at > now()"""


class NotForOneself(Forbidden):
    """This is for other people: change your own password with your current one."""

    example: ClassVar[dict[str, Any]] = {}


async def make_password_link(settings: Settings, caller: Caller, user_id: str) -> PasswordLinkOut:
    """Create a link for somebody; voids a previous one."""
    _judge(caller, user_id, await TARGET.ask(caller, target_id=user_id))
    async with transaction() as connection:
        await connection.execute(_LOCK_BOTH, [caller.user_id, user_id])
        _judge(caller, user_id, await TARGET.ask(caller, connection.fetchrow, target_id=user_id))
        url, token_hash = make_link(settings.public_url, "password")
        text = await connection.fetchval(_PUT, user_id, token_hash, caller.user_id, SPAN)
        audit("password_link.made", target=user_id)
        return PasswordLinkOut(url=url, expires_at=json_of(text))


def _judge(caller: Caller, user_id: str, row: Any) -> None:
    if not row["is_admin"]:
        raise ForAdministrators
    user = json_of(row["target"])
    if user is None:
        raise NotFound
    if caller.user_id == user_id:  # an unlocked screen must not be enough for it
        raise NotForOneself
    if not user["is_active"]:
        raise AccountDisabled


async def reset_password(passwords: Passwords, body: PasswordResetIn) -> None:
    """Set the password that a link is for; the link ends with the old one, as all links do."""
    token_hash = hash_of(body.token)
    user = await fetch_row(_OPEN, token_hash)
    if user is None:
        raise LinkVoid
    names = (user["username"], user["email"], user["name"])
    passwords.check(body.new_password, *names, pointer="/body/new_password")
    renewed = await passwords.hash(body.new_password)
    async with transaction() as connection:
        await lock_user(connection, user["id"])
        if await connection.fetchrow(_OPEN, token_hash) is None:
            raise LinkVoid
        await renew_password(connection, user["id"], renewed)
        audit("password.reset", user=user["id"], target=user["id"], maker=user["maker"])
