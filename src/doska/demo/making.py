"""Creating the demo: once, completely or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tortoise.expressions import Q

from doska.boards.floors import is_made_by
from doska.boards.limits import Limits
from doska.boards.people import AccountDisabled
from doska.demo.cast import Hand, Scene
from doska.demo.story import TITLE, happen
from doska.identity.access import Caller
from doska.identity.actions import begin_session
from doska.identity.models import Session, User
from doska.identity.schemas import UserNew
from doska.postgres.database import Connection, transaction
from doska.preparing import username_key
from doska.schemas import clock_at
from doska.settings import Settings
from doska.setup import add_account

# These addresses identify the demo. The domain belongs to nobody: RFC 2606 reserves it for
# examples.
PEOPLE = {
    "anna@demo.example": "Anna Petrova",
    "boris@demo.example": "Борис Ким",
    "clara@demo.example": "Clara Weiß",
}
LOCK = 0x64656D6F  # "demo": of two concurrent runs, the second finds it created

WHERE = """
    select current_database() as name, current_setting('server_version') as version,
        coalesce(host(inet_server_addr()) || ':' || inet_server_port(), 'this machine') as address"""
# The board that the first of them has created, whoever it belongs to by now.
BOARD = f"""
    select b.id::text as board_id, b.title from boards b
    join users u on {is_made_by("b.id", "u.id")}
    where lower(u.email) = lower($1) and b.id is distinct from u.home_board_id
    order by b.created_at limit 1"""


@dataclass
class Demo:
    """What exists now: the board, its people's usernames, and which of them are new."""

    board_id: str
    title: str
    usernames: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    events: int = 0  # none: nothing was created


async def make_demo(settings: Settings, password: str, say: Callable[[str], Any]) -> Demo:
    """Create the demo, unless it exists; first says in which database.

    One transaction: others see all of it or nothing, and so does another try.
    """
    async with transaction() as connection:
        say(f"Filling {await _where(connection, settings)}.")
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        if found := await connection.fetchrow(BOARD, next(iter(PEOPLE))):
            return Demo(**dict(found), usernames=await _usernames())
        return await _make(connection, settings, password)


async def _where(connection: Connection, settings: Settings) -> str:
    row = await connection.fetchrow(WHERE)
    if settings.data_dir:
        return f"Doska's own PostgreSQL {row['version']} in {settings.data_dir}"
    return f"the database {row['name']} of PostgreSQL {row['version']} on {row['address']}"


async def _make(connection: Connection, settings: Settings, password: str) -> Demo:
    scene = Scene(Limits(settings))
    scene.ago(15)
    demo = Demo(scene.board_id, TITLE)
    hands = []
    for email, name in PEOPLE.items():
        username = email.partition("@")[0]
        body = UserNew(username=username, name=name, email=email, password=password)
        user = await _person(settings, scene, demo, body)
        session_id = await begin_session(connection, settings, str(user.id), "demo")
        hands.append(Hand(Caller(str(user.id), session_id), scene))
        demo.usernames.append(user.username or "")
    await happen(scene, *hands)
    await Session.filter(id__in=[hand.caller.session_id for hand in hands]).delete()
    demo.events = scene.events
    return demo


async def _person(settings: Settings, scene: Scene, demo: Demo, body: UserNew) -> User:
    """Find a person of the demo, or create them; existing ones keep everything."""
    if user := await User.get_or_none(email__iexact=body.email):
        if not user.is_active:
            raise AccountDisabled(f"The account {user.username} of the demo is disabled.")
        return user
    named = body.model_copy(update={"username": await _free(body.username)})
    with clock_at(scene.moment):
        user_id = await add_account(settings, named)
    demo.new.append(named.username)
    return await User.get(id=user_id)


async def _free(username: str) -> str:
    """Return the name, or with a number if somebody else has it."""
    name, number = username, 1
    while await User.filter(Q(username_key=username_key(name)) | Q(username__iexact=name)).exists():
        number += 1
        name = f"{username}{number}"
    return name


async def _usernames() -> list[str]:
    found = [await User.get_or_none(email__iexact=email) for email in PEOPLE]
    return [user.username for user in found if user and user.username]
