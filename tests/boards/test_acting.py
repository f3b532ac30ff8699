"""Writing without a lock: what was read must still be true, or it is done again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from checks import refused
from faults import Wire, wired
from log_board import log_of
from log_rival import rival_on
from people import promote
from statements import watching

NEW = "Said only once the board has been read"
WRITTEN = "select count(*) from events where board_id = $1"
SWALLOWING = """
    create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger swallowing before insert on subtasks for each row execute function swallow()"""


@dataclass
class Reader:
    """Boris, who is on Anna's board, by a wire on which what he writes can be held back."""

    anna: Person
    boris: Person
    wire: Wire
    board: Json
    task: Json

    @property
    def path(self) -> str:
        return f"/tasks/{self.task['id']}"

    async def overtaken(
        self, by: Awaitable[object], path: str = "", **headers: str
    ) -> httpx.Response:
        """Let Boris rename the task; between his reading and his writing this happens."""
        self.wire.hold_request(NEW.encode())
        sent = {"json": {"title": NEW}, "headers": headers}
        asked = asyncio.ensure_future(self.boris.send("PATCH", path or self.path, **sent))
        await self.wire.held.wait()
        await by
        self.wire.let_go()
        return await asked


@asynccontextmanager
async def reader_on(api: Api, url: str, **settings: object) -> AsyncIterator[Reader]:
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    async with wired(api, url, **settings) as (boris, wire):
        await anna.invite(board, boris, role="MODERATOR")
        yield Reader(anna, boris, wire, board, task)


async def test_an_action_alone_reads_and_writes(api: Api) -> None:
    """Two statements, each by itself. Seen to fail with a transaction for each action."""
    anna = await api.user()
    task = await anna.task(await anna.column(await anna.board()))
    async with watching() as sent:
        await anna.patch(f"/tasks/{task['id']}", title="New")
    first, second = (sql.split(maxsplit=1)[0] for sql in sent)
    assert (first, second) == ("select", "with")


async def test_what_was_changed_meanwhile_is_not_written_over(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the board's number is not compared."""
    async with reader_on(api, database_url) as found:
        answer = await found.overtaken(found.anna.patch(found.path, description="Anna's"))
        assert answer.status_code == 200
        after = await found.anna.read(found.path)
    assert (after["title"], after["description"], after["version"]) == (NEW, "Anna's", 3)
    assert after == answer.json()
    *_, hers, his = await log_of(db, found.board["id"])
    assert [hers["type"], his["type"]] == ["task.updated"] * 2


async def test_a_version_is_compared_again_when_the_board_has_changed(
    api: Api, database_url: str
) -> None:
    async with reader_on(api, database_url) as found:
        by = found.anna.patch(found.path, description="Anna's")
        answer = await found.overtaken(by, **{"if-match": '"1"'})
        shown = refused(answer, 412, "precondition-failed")
        assert shown["current"]["description"] == "Anna's"


async def _signed_out(found: Reader, _: asyncpg.Connection) -> None:
    twin = Person(found.anna.api, found.boris.me)
    twin.client.cookies = found.boris.client.cookies
    assert (await twin.post("/auth/logout")).status_code == 204


async def _disabled(found: Reader, db: asyncpg.Connection) -> None:
    await db.execute("update users set is_active = false where id = $1", found.boris.id)


async def _removed(found: Reader, _: asyncpg.Connection) -> None:
    path = f"/boards/{found.board['id']}/users/{found.boris.id}"
    assert (await found.anna.delete(path)).status_code == 204


async def _deleted(found: Reader, _: asyncpg.Connection) -> None:
    assert (await found.anna.delete(f"/boards/{found.board['id']}")).status_code == 204


ENDS: dict[str, tuple[Callable[[Reader, asyncpg.Connection], Awaitable[None]], int]] = {
    "signs out": (_signed_out, 401),
    "is disabled": (_disabled, 401),
    "is removed": (_removed, 404),
    "sees the board go": (_deleted, 404),
}


@pytest.mark.parametrize("end", ENDS)
async def test_who_may_no_longer_when_it_is_written_may_not(
    api: Api, db: asyncpg.Connection, database_url: str, end: str
) -> None:
    """Seen to fail when the writing statement does not ask for the sign-in."""
    happens, status = ENDS[end]
    async with reader_on(api, database_url) as found:
        answer = await found.overtaken(happens(found, db))
    assert answer.status_code == status
    assert not await db.fetchval("select count(*) from tasks where title = $1", NEW)


async def test_whose_role_is_another_when_it_is_written_may_what_that_may(
    api: Api, database_url: str
) -> None:
    async with reader_on(api, database_url) as found:
        path = f"/boards/{found.board['id']}"
        demoted = found.anna.put(f"{path}/users/{found.boris.id}", role="MEMBER")
        refused(await found.overtaken(demoted, path), 403, "not-allowed")


async def test_who_was_an_administrator_when_it_was_read_is_asked_again(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the writing statement does not ask who is one."""
    anna = await api.user()
    task = await anna.task(await anna.column(board := await anna.board()))
    async with wired(api, database_url) as (boris, wire):
        await promote(db, boris)
        found = Reader(anna, boris, wire, board, task)
        demoted = db.execute("update users set is_admin = false where id = $1", boris.id)
        refused(await found.overtaken(demoted), 404, "not-found")
    assert (await anna.read(found.path))["title"] == task["title"]


async def test_where_somebody_holds_the_lock_one_waits_and_looks_again(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the writing statement waits itself: it would miss what it waited for."""
    async with (
        reader_on(api, database_url) as found,
        rival_on(found.board["id"], database_url, db) as rival,
    ):
        sql = "delete from board_users where board_id = $1 and user_id = $2"
        await rival.do(sql, found.board["id"], found.boris.id)
        refused(await rival.outrun(found.boris.patch(found.path, title=NEW)), 404, "not-found")


async def test_what_is_not_written_wholly_is_not_written(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when rows are counted after the commit."""
    anna = await api.user()
    task = await anna.task(await anna.column(board := await anna.board()))
    before = await db.fetchval(WRITTEN, board["id"])
    await db.execute(SWALLOWING)
    try:
        asked = anna.client.post("/subtasks", json={"task_id": task["id"], "title": "Ink"})
        assert (await asked).status_code == 500
    finally:
        await db.execute("drop function swallow() cascade")
    assert await db.fetchval(WRITTEN, board["id"]) == before
    assert (await anna.make("/subtasks", task_id=task["id"], title="Ink"))["title"] == "Ink"
