"""Cutting the way to the database at every statement of an action: all of it is done, or nothing.

Every action starts from the same rows, which are put back before each try; what is there after it
is compared with what was there before, and with what a try that was not cut has left behind.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

import asyncpg
import httpx

from api import Api
from apps import another_api
from faults import Wire, unavailable, wire_to
from operations import OPERATIONS, TABLES, Operation, Request, Scene, request, scene
from people import promote, token_of, with_cookie

KEPT = (*TABLES, "sessions")
POOL = {"pool_min": 1, "pool_max": 1, "acquire_timeout_seconds": 0.5}
KEY = "a-request-that-is-cut"
CUTS_MAX = 60  # no action asks the database that often
# What is made anew each time: ids, times, marks of positions, hashes, and names made from ids.
MADE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"
    r"|(?<=\d\.)[0-9a-f]{13}\b"
    r'|\$argon2id[^"]*|\\\\x[0-9a-f]{64}'
)
BUSY = """select count(*) from pg_stat_activity
    where application_name = 'doska' and datname = current_database() and state <> 'idle'"""

Rows = dict[str, list[str]]
Edit = Callable[[Request, Scene], Request]


class HalfDone(AssertionError):
    """What is there is neither what was there before nor what should be there after."""


@dataclass(frozen=True)
class Case:
    """An action, as a request that can be sent again and again."""

    name: str
    request: Request
    token: str | None
    is_keyed: bool
    is_repeatable: bool  # when it is done already

    async def send(self, api: Api) -> httpx.Response:
        """Send it, with the cookie that its person had in the beginning."""
        person = with_cookie(api, self.token) if self.token else api.nobody()
        headers = {"idempotency-key": KEY} if self.is_keyed else None
        return await replace(self.request, person=person).send(headers=headers)


class Shelf:
    """All rows as they were, and the way back to them."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self._db = db
        self.before: Rows = {}
        self._known: set[str] = set()

    async def keep(self) -> None:
        """Remember what is there now."""
        kept = (f"create temp table kept_{name} as table {name}" for name in KEPT)
        await self._db.execute(";".join(kept))
        self.before = await self.rows()
        self._known = {found for lines in self.before.values() for found in _made(lines)}

    async def put_back(self) -> None:
        """Have all rows as they were."""
        emptied = "".join(f"delete from {name};" for name in KEPT)
        filled = "".join(f"insert into {name} select * from kept_{name};" for name in KEPT)
        quiet, usual = "set session_replication_role = replica;", "reset session_replication_role"
        await self._db.execute(quiet + emptied + filled + usual)

    async def rows(self) -> Rows:
        """Read what is there when nobody is in a transaction any more."""
        while await self._db.fetchval(BUSY):
            pass
        lists = (
            f"array(select to_jsonb(r)::text from {name} r order by 1) as {name}" for name in KEPT
        )
        return dict(await self._db.fetchrow(f"select {', '.join(lists)}"))

    def shape(self, rows: Rows) -> Rows:
        """Give the rows without what differs from one try to the next."""
        known = self._known
        return {
            name: sorted(
                MADE.sub(lambda m: m[0] if m[0] in known else "new", line) for line in all_
            )
            for name, all_ in rows.items()
        }


def _made(lines: list[str]) -> Iterator[str]:
    return (found for line in lines for found in MADE.findall(line))


@dataclass
class Bench:
    """An application behind a wire, the cases to be tried on it, and the rows."""

    api: Api
    wire: Wire
    shelf: Shelf
    cases: dict[str, Case]


@asynccontextmanager
async def bench(api: Api, url: str, db: asyncpg.Connection) -> AsyncIterator[Bench]:
    """Set up people with one of everything, and a way to the database that can be cut."""
    found = await scene(api, "cut")
    await promote(db, admin := await api.user())
    shelf = Shelf(db)
    await shelf.keep()
    try:
        async with wire_to(url) as wire, another_api(wire.url, **POOL) as other:
            other.works_off = False  # what is cut is the request
            cases = {case.name: case for case in _cases(found, token_of(admin))}
            yield Bench(other, wire, shelf, cases)
    finally:
        await db.execute(";".join(f"drop table kept_{name}" for name in KEPT))


async def cut_everywhere(on: Bench, case: Case) -> int:
    """Cut an action at each of its statements, both ways; tells how often."""
    await on.shelf.put_back()
    plain = await case.send(on.api)
    assert plain.is_success, (case.name, plain.text)
    after = on.shelf.shape(await on.shelf.rows())
    assert after != on.shelf.shape(on.shelf.before), f"{case.name} does nothing"
    cuts = 0
    for lose in (on.wire.lose_message, on.wire.lose_answer_to):
        attempt = partial(_attempt, on, case, after, lose)
        cuts += await _while_cut(attempt)
    return cuts


async def _while_cut(attempt: Callable[[int], Awaitable[bool]]) -> int:
    for number in count():
        assert number < CUTS_MAX
        if not await attempt(number):
            return number
    raise AssertionError


async def _attempt(
    on: Bench, case: Case, after: Rows, lose: Callable[[int], None], number: int
) -> bool:
    """Cut it at one statement; see what is there, and that it can be asked again; was it cut?"""
    await on.shelf.put_back()
    assert (await on.api.nobody().get("/health/ready")).status_code == 200
    lose(number)
    answer = await case.send(on.api)
    was_cut = on.wire.has_failed
    on.wire.let_go()
    is_done = await _is_done(on, case, after, number)
    if answer.is_success:
        assert is_done, f"{case.name}: done, it says, but cut at {number} it is not"
    else:
        unavailable(answer)
    if case.is_repeatable or not is_done:
        again = await case.send(on.api)
        assert again.is_success, (case.name, number, again.text)
        assert await _is_done(on, case, after, number)
    return was_cut


async def _is_done(on: Bench, case: Case, after: Rows, number: int) -> bool:
    """Tell whether all of it is done, or nothing; HalfDone where it is neither."""
    rows = await on.shelf.rows()
    if rows == on.shelf.before:
        return False
    if (shape := on.shelf.shape(rows)) == after:
        return True
    tables = [name for name in KEPT if shape[name] != after[name]]
    raise HalfDone(f"{case.name}, cut at {number}: {', '.join(tables)}")


def _cases(found: Scene, admin: str) -> Iterator[Case]:
    """Make a case of every operation that writes, and of what some can do besides."""
    owner, member = token_of(found.owner), token_of(found.member)
    for operation in OPERATIONS:
        if operation.is_writing:
            asked = FULLER.get(operation.id, _as_it_is)(request(found, operation), found)
            yield _case(operation.id, asked, None if operation.is_public else owner)
    for name, (operation, edit) in BESIDES.items():
        asked = edit(request(found, operation), found)
        yield _case(name, asked, {"leave": member, "disable": admin}.get(name, owner))


def _case(name: str, asked: Request, token: str | None) -> Case:
    is_keyed = any(p["name"] == "Idempotency-Key" for p in asked.operation.parameters("header"))
    # Who has left a board may see nothing of it, and so not what they were answered either.
    return Case(name, asked, token, is_keyed, is_repeatable=is_keyed and name != "leave")


def _named(name: str) -> Operation:
    return next(operation for operation in OPERATIONS if operation.id == name)


def _as_it_is(asked: Request, _: Scene) -> Request:
    return asked


def _with(**fields: object) -> Edit:
    return lambda asked, _: replace(asked, body={**(asked.body or {}), **fields})


def _across(asked: Request, found: Scene) -> Request:
    return replace(asked, body={"at": "top", "column_id": found.ids["other_column_id"]})


def _taking_tasks(asked: Request, _: Scene) -> Request:
    return replace(asked, query={"tasks": "delete"})


def _oneself(asked: Request, found: Scene) -> Request:
    return replace(asked, path={**asked.path, "user_id": found.member.id})


FULLER: dict[str, Edit] = {
    "create_board": _with(columns=["To do", "In progress", "Done"]),
    "move_task": _across,
}
BESIDES: dict[str, tuple[Operation, Edit]] = {
    "delete_column_with_tasks": (_named("delete_column"), _taking_tasks),
    "hand_over": (_named("set_role"), _with(role="CREATOR")),
    "leave": (_named("remove_person"), _oneself),
    "disable": (
        _named("update_user"),
        lambda asked, _: replace(asked, body={"is_active": False}),
    ),
}
