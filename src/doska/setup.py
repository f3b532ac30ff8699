"""Things done from the command line: the first administrator, and a board to look around in."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.context import TortoiseContext
from tortoise.expressions import F, Q

from doska.accounts.actions import add_user, checked_and_hashed
from doska.accounts.tellings import handlers
from doska.boards.access import BOARD, Access
from doska.boards.actions import create_board
from doska.boards.limits import Limits
from doska.boards.models import Role
from doska.boards.people import add_person
from doska.boards.policy import Right
from doska.boards.schemas import BoardNew, PersonNew
from doska.errors import NotFound
from doska.http.logs import configure_logging
from doska.identity.access import Caller
from doska.identity.actions import begin_session, lock_user, renew_password
from doska.identity.credentials import Passwords
from doska.identity.models import Session, User
from doska.identity.schemas import UserNew
from doska.jobs import Background
from doska.postgres.database import tortoise_config, transaction
from doska.preparing import login_key, username_key
from doska.schemas import new_id
from doska.settings import Settings
from doska.tasks.access import COLUMN, TASK
from doska.tasks.actions import create_task
from doska.tasks.columns import create_column
from doska.tasks.schemas import ColumnNew, SubtaskNew, TaskNew
from doska.tasks.subtasks import create_subtask

PEOPLE = (("anna", "Anna Petrova"), ("boris", "Борис Ким"), ("clara", "Clara Weiß"))

# Column, what a task becomes there, task limit; then its tasks: title, priority, days until due,
# who (indices of PEOPLE), subtasks with those completed marked.
DEMO: tuple[tuple[str, str | None, int | None, tuple[tuple[Any, ...], ...]], ...] = (
    (
        "Ideas",
        None,
        None,
        (
            ("Dark mode", "LOW", None, (), ()),
            ("Export a board as CSV", "MEDIUM", None, (1,), ()),
            ("Темы оформления досок", "LOW", 40, (2,), ()),
        ),
    ),
    (
        "To do",
        "TODO",
        None,
        (
            ("Write the terms of use", "HIGH", 5, (0,), ("Ask a lawyer", "Draft", "Review")),
            ("Collect customer quotes", "MEDIUM", 9, (2,), ()),
            ("Проверить форму регистрации", "HIGH", 2, (1, 0), ("Chrome ✓", "Firefox", "Safari")),
        ),
    ),
    (
        "In progress",
        "IN_PROGRESS",
        3,
        (
            (
                "Design the landing page",
                "HIGH",
                3,
                (0, 2),
                ("Sketch ✓", "Colours ✓", "Mobile view"),
            ),
            ("Set up backups", "MEDIUM", -1, (1,), ("Nightly dump ✓", "Restore test")),
        ),
    ),
    (
        "Done",
        "DONE",
        None,
        (
            ("Buy the domain", "HIGH", -10, (0,), ()),
            ("Choose a name", "MEDIUM", -20, (0, 1, 2), ("Ten ideas ✓", "Vote ✓")),
        ),
    ),
)


async def with_database(settings: Settings, work: Callable[[Settings], Awaitable[Any]]) -> Any:
    """Do something with Tortoise at work."""
    async with TortoiseContext() as context:
        await context.init(tortoise_config(settings))
        return await work(settings)


async def work(settings: Settings) -> None:
    """Work off jobs, until cancelled; beside serving processes, or instead of them."""
    configure_logging(settings.log_level)
    await Background(handlers(Limits.of(settings))).run()


async def create_admin(settings: Settings, username: str, email: str, password: str) -> bool:
    """Make an administrator; gives False if the user existed and only got the flag."""
    known = User.filter(username_key=username_key(username), username_key_of=F("username"))
    await known.filter(is_admin=False).update(is_admin=True, version=F("version") + 1)
    if await known.exists():
        return False
    body = UserNew(username=username, email=email, password=password)
    await _add(settings, body, is_admin=True)
    return True


async def set_password(settings: Settings, login: str, password: str) -> str:
    """Give an account another password, and end what was signed in by the old one; gives its name."""
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


async def create_demo(settings: Settings, password: str) -> list[str]:
    """Make three people and a board that they work on; gives the usernames."""
    tag = await _free_tag()
    callers = []
    for username, name in PEOPLE:
        user = UserNew(
            username=username + tag,
            name=name,
            email=f"{username}{tag}@example.com",
            password=password,
        )
        user_id = await _add(settings, user)
        async with transaction() as connection:
            session_id = await begin_session(connection, settings, user_id, "demo")
        callers.append(Caller(user_id, session_id))
    board_id = new_id()
    await create_board(
        Access(callers[0], Right.OWN, BOARD),
        BoardNew(id=board_id, title="Website", description="What we ship this month"),
    )
    for caller, role in zip(callers[1:], (Role.MODERATOR, Role.MEMBER), strict=True):
        access = Access(callers[0], Right.MANAGE_PEOPLE, BOARD, board_id)
        await add_person(access, PersonNew(user_id=caller.user_id, role=role))
    await _fill(board_id, callers)
    await Session.filter(id__in=[c.session_id for c in callers]).delete()
    return [username + tag for username, _ in PEOPLE]


async def _add(settings: Settings, body: UserNew, *, is_admin: bool = False) -> str:
    passwords = Passwords(settings)
    hashed = await checked_and_hashed(passwords, body)
    passwords.close()
    async with transaction() as connection:
        return await add_user(connection, body, hashed, is_admin=is_admin)


async def _free_tag() -> str:
    """Find what to add to the names so that a demo can be made more than once."""
    for number in range(1, 1000):
        tag = "" if number == 1 else str(number)
        names = [username + tag for username, _ in PEOPLE]
        emails = [f"{name}@example.com" for name in names]
        taken = [Q(username_key__in=[username_key(name) for name in names])]
        taken += [Q(email__iexact=email) for email in emails]
        if not await User.filter(Q(*taken, join_type=Q.OR)).exists():
            return tag
    raise RuntimeError("there are a thousand demos already")


async def _fill(board_id: str, callers: list[Caller]) -> None:
    owner = Access(callers[0], Right.EDIT_BOARD, BOARD)
    for title, status, limit, tasks in DEMO:
        column_id = new_id()
        named = {"id": column_id, "board_id": board_id, "title": title}
        body = {**named, "status": status, "task_limit": limit}
        await create_column(owner, ColumnNew.model_validate(body))
        for number, task in enumerate(tasks):
            await _add_task(callers, callers[number % len(callers)], column_id, task)


async def _add_task(
    callers: list[Caller], author: Caller, column_id: str, task: tuple[Any, ...]
) -> None:
    title, priority, days, who, subtasks = task
    due = datetime.now(UTC) + timedelta(days=days) if days is not None else None
    task_id = new_id()
    body = {
        "id": task_id,
        "column_id": column_id,
        "title": title,
        "priority": priority,
        "due_at": due and due.isoformat(),
        "assignee_ids": [callers[index].user_id for index in who],
    }
    await create_task(Access(author, Right.EDIT_TASKS, COLUMN), TaskNew.model_validate(body))
    for text in subtasks:
        done = {"title": text.removesuffix(" ✓"), "is_completed": text.endswith("✓")}
        step = SubtaskNew.model_validate({"task_id": task_id, **done})
        await create_subtask(Access(author, Right.EDIT_TASKS, TASK), step)
