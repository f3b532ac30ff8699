"""What commands do: create an administrator, set a password, run background work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from tortoise.context import TortoiseContext
from tortoise.expressions import F, Q

import doska.features  # which declare what follows the log
import doska.tasks.actions  # noqa: F401  # which lets the log write columns and tasks
from doska.accounts.actions import add_user, checked_and_hashed
from doska.background.followers import Followers
from doska.background.jobs import Jobs
from doska.background.listener import open_listener
from doska.background.notices import open_notices
from doska.background.schedule import Schedule
from doska.boards.limits import Limits
from doska.errors import DoskaError, NotFound
from doska.files.places import open_store
from doska.http.logs import configure_logging
from doska.identity.actions import lock_user, renew_password
from doska.identity.credentials import Passwords
from doska.identity.models import User
from doska.identity.schemas import UserNew
from doska.jobs import NIGHTLY_JOBS, all_handlers
from doska.postgres.database import tortoise_config, transaction
from doska.postgres.errors import DATABASE_ERRORS, translate
from doska.preparing import login_key, username_key
from doska.server import Unusable, bring_up_to_date, database
from doska.settings import Settings


def run(settings: Settings, work: Callable[[Settings], Awaitable[Any]]) -> Any:
    """Do something with an up-to-date database; Unusable says in words what was refused."""
    with database(settings, shared=True) as ready:
        bring_up_to_date(ready)
        try:
            return asyncio.run(with_database(ready, work))
        except DoskaError as error:
            raise Unusable(_in_words(error)) from None
        except DATABASE_ERRORS as error:
            if refusal := translate(error):
                raise Unusable(_in_words(refusal)) from None
            raise
        except ValidationError as error:
            lines = [
                f"{e['loc'][-1]}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
            ]
            raise Unusable("\n".join(lines)) from None


def _in_words(error: DoskaError) -> str:
    found = error.more.get("errors", [])
    reasons = [f"{e['pointer'].rpartition('/')[2]} {e['message']}" for e in found]
    return "; ".join(reasons) or error.detail or error.title()


async def with_database(settings: Settings, work: Callable[[Settings], Awaitable[Any]]) -> Any:
    """Do something with an initialized Tortoise."""
    async with TortoiseContext() as context:
        await context.init(tortoise_config(settings))
        return await work(settings)


async def work(settings: Settings) -> None:
    """Do the background work of serving processes, until cancelled; in addition to or for them."""
    configure_logging(settings.log_level)
    async with open_listener(settings) as listener, open_notices(settings, listener):
        jobs = Jobs(all_handlers(settings, Limits(settings), open_store(settings)))
        workers = (jobs, Followers(listener), Schedule(NIGHTLY_JOBS))
        await asyncio.gather(*(worker.run() for worker in workers))


async def create_admin(settings: Settings, username: str, email: str, password: str) -> bool:
    """Create an administrator; returns False if the user existed and only got the flag."""
    known = User.filter(username_key=username_key(username), username_key_of=F("username"))
    await known.filter(is_admin=False).update(is_admin=True, version=F("version") + 1)
    if await known.exists():
        return False
    body = UserNew(username=username, email=email, password=password)
    await add_account(settings, body, is_admin=True)
    return True


async def set_password(settings: Settings, login: str, password: str) -> str:
    """Set another password for an account, and end its sessions; returns the username."""
    key = login_key(login)
    named = Q(username_key=key, username_key_of=F("username"))
    user = await User.get_or_none(named | Q(email__iexact=key))
    if user is None:
        raise NotFound("No account has this username or e-mail address.")
    passwords = Passwords(settings)
    passwords.check(password, user.username, user.email, user.name)
    hashed = await passwords.hash(password)
    passwords.close()
    async with transaction() as connection:
        await lock_user(connection, str(user.id))
        await renew_password(connection, str(user.id), hashed)
    return user.username


async def add_account(settings: Settings, body: UserNew, *, is_admin: bool = False) -> str:
    """Create an account with its own board; returns the user's id."""
    passwords = Passwords(settings)
    hashed = await checked_and_hashed(passwords, body)
    passwords.close()
    async with transaction() as connection:
        return await add_user(connection, body, hashed, is_admin=is_admin)
