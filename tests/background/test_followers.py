"""Followers of the log: each event once for each of them, whatever breaks in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import pytest

from api import Api, Json
from batches import done, op
from doctors import beside, says
from doska.background import followers
from doska.background.followers import (
    EVENTS_MAX,
    FOLLOWERS,
    Event,
    Followers,
    Handler,
    follower,
)
from doska.boards.references import OPERATIONS_MAX
from doska.postgres.database import Connection
from followed import MAKE, effects, noting, work_off, worker
from rivals_of_tellings import waits_for_a_lock

STANDS = "select seq, error from followers where board_id = $1 and name = 'test'"
RETRY = """select attempts, error, extract(epoch from retry_at - $1)::float8 as delay,
        extract(epoch from clock_timestamp() - $1)::float8 as took
    from followers where error is not null"""
TRY_NOW = "update followers set retry_at = now() where retry_at is not null"


def failing(board: Json, at: int = 1) -> Handler:
    """Make a handler that fails on a board's event, after its effect."""

    async def fail(connection: Connection, events: Sequence[Event]) -> None:
        await noting("test")(connection, events)
        if events[0].board_id == board["id"] and at in [event.seq for event in events]:
            raise ZeroDivisionError

    return fail


@pytest.fixture(autouse=True)
async def _table(api: Api, db: asyncpg.Connection) -> AsyncIterator[None]:
    del api
    await db.execute(MAKE)
    yield
    await db.execute("drop table effects")


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


async def follow(url: str) -> None:
    """Let a worker of a follower do all there is to do."""
    await work_off(worker(url, test=noting("test")))


async def with_events(api: Api, batches: int = 1) -> tuple[Json, list[int]]:
    """Make a board, and 100 tasks by each batch; gives the numbers of all its events."""
    anna = await api.user()
    board = await anna.board()
    body = {"column_id": (await anna.column(board))["id"], "title": "Draw"}
    for _ in range(batches):
        await done(anna, board["id"], *[op("create_task", body)] * OPERATIONS_MAX)
    return board, list(range(1, 3 + batches * OPERATIONS_MAX))


async def test_each_event_is_followed_once_by_each_follower(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    def both() -> Followers:
        return worker(url, test=noting("test"), other=noting("other"))

    await work_off(both())
    board, numbers = await with_events(api)
    for _ in range(3):
        await work_off(both())
    for name in ("test", "other"):
        assert await effects(db, board, name) == numbers


async def test_one_that_is_declared_late_begins_at_the_present(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when boards were followed from their first event, whenever made."""
    anna = await api.user()
    old = await anna.board()
    await follow(url)
    assert await effects(db, old) == []
    await anna.column(old)
    new = await anna.board()
    await follow(url)
    assert await effects(db, old) == [2]
    assert await effects(db, new) == [1]


async def test_boards_made_while_nobody_works_are_followed_from_their_first_event(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when a follower was known by its rows only: without boards there are none."""
    await follow(url)
    board, numbers = await with_events(api)
    await follow(url)
    assert await effects(db, board) == numbers


async def test_two_workers_have_one_effect_for_an_event(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when who handles events did not lock the follower's row."""
    began, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(connection: Connection, events: Sequence[Event]) -> None:
        await noting("test")(connection, events)
        if events[0].board_id == board["id"]:
            began.set()
            await goes_on.wait()

    await follow(url)
    board, numbers = await with_events(api)
    first = asyncio.create_task(work_off(worker(url, test=slow)))
    async with asyncio.timeout(30):
        await began.wait()
        await follow(url)  # waits for nobody
        goes_on.set()
        await first
    assert await effects(db, board) == numbers


async def test_a_thousand_events_at_once_are_handled_in_order(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when events were read in the order in which they lie in the table."""
    counts: list[int] = []

    async def count(connection: Connection, events: Sequence[Event]) -> None:
        counts.append(len(events))
        await noting("test")(connection, events)

    await follow(url)
    board, numbers = await with_events(api, batches=10)
    workers = [worker(url, test=count) for _ in range(2)]
    await asyncio.gather(*map(work_off, workers))
    assert await effects(db, board) == numbers
    assert max(counts) == EVENTS_MAX


async def test_what_fails_is_tried_again_ever_later_and_stops_nobody_else(
    api: Api, db: asyncpg.Connection, url: str, tmp_path: Path
) -> None:
    """Seen to fail when an error ended the turn of all others, and when it was tried at once."""
    await work_off(worker(url, test=noting("test"), other=noting("other")))
    broken, numbers = await with_events(api)
    good, _ = await with_events(api)

    def both() -> Followers:
        return worker(url, test=failing(broken), other=noting("other"))

    for n in range(4):
        began = await db.fetchval("select clock_timestamp()")
        await work_off(both())
        await work_off(both())
        found = await db.fetchrow(RETRY, began)
        assert (found["attempts"], found["error"]) == (n + 1, "ZeroDivisionError")
        assert 2**n <= found["delay"] <= 2**n + found["took"]
        await db.execute(TRY_NOW)
    assert await effects(db, good) == await effects(db, broken, "other") == numbers
    assert await effects(db, broken) == []
    assert says(await beside(tmp_path, url), "followers", "wrong", "1 boards (test: ZeroDivision")
    await follow(url)
    assert await effects(db, broken) == numbers
    assert says(await beside(tmp_path, url), "followers", "ok", "")


async def test_events_before_one_that_fails_are_handled(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when a turn that had failed was tried again with as many events."""
    await follow(url)
    board, _ = await with_events(api)
    for _ in range(40):
        await work_off(worker(url, test=failing(board, at=10)))
        await db.execute(TRY_NOW)
    assert await effects(db, board) == list(range(1, 10))
    assert tuple(await db.fetchrow(STANDS, board["id"])) == (9, "ZeroDivisionError")


async def test_a_handler_that_never_ends_is_ended(
    api: Api, db: asyncpg.Connection, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "HANDLING_SECONDS_MAX", 0.1)
    await follow(url)
    board, _ = await with_events(api)

    async def hangs(_: Connection, __: Sequence[Event]) -> None:
        await asyncio.Event().wait()

    await work_off(worker(url, test=hangs))
    assert tuple(await db.fetchrow(STANDS, board["id"])) == (0, "TimeoutError")


async def test_what_is_not_committed_is_not_followed(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    anna = await api.user()
    board = await anna.board()
    await follow(url)
    path, body, headers = f"/boards/{board['id']}", {"title": "New"}, {"Prefer": "dry-run"}
    assert (await anna.send("PATCH", path, json=body, headers=headers)).is_success
    assert (await anna.patch(path, title="")).status_code == 422
    await follow(url)
    assert await effects(db, board) == []


async def test_an_undone_change_is_an_event_like_others(api: Api, url: str) -> None:
    anna = await api.user()
    board = await anna.board()
    seen: list[tuple[str, str | None]] = []

    async def see(_: Connection, events: Sequence[Event]) -> None:
        seen.extend((event.type, event.actor_id) for event in events)

    await work_off(worker(url, test=see))
    await anna.patch(f"/boards/{board['id']}", title="New")
    assert (await anna.post(f"/boards/{board['id']}/undo", seq=2)).is_success
    await work_off(worker(url, test=see))
    assert seen == [("board.updated", anna.id), ("change.undone", anna.id)]


async def test_the_rows_of_a_deleted_board_go(api: Api, db: asyncpg.Connection, url: str) -> None:
    anna = await api.user()
    board = await anna.board()
    await follow(url)
    assert await db.fetchrow(STANDS, board["id"])
    assert (await anna.delete(f"/boards/{board['id']}")).is_success
    assert not await db.fetchrow(STANDS, board["id"])
    await follow(url)


async def test_a_board_is_deleted_while_its_events_are_handled(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """Seen to fail when the board was not locked before handlers refer to it: a deadlock."""
    await db.execute("alter table effects add foreign key (board_id) references boards")
    anna = await api.user()
    board = await anna.board()
    began = asyncio.Event()

    async def refer(connection: Connection, events: Sequence[Event]) -> None:
        if events[0].board_id == board["id"]:
            began.set()
            await waits_for_a_lock(db)
            await noting("test")(connection, events)
            await connection.execute("delete from effects")

    await work_off(worker(url, test=refer))
    await anna.column(board)
    handling = asyncio.create_task(work_off(worker(url, test=refer)))
    await began.wait()
    assert (await anna.delete(f"/boards/{board['id']}")).is_success
    await handling
    assert await db.fetchval("select count(*) from followers where error is not null") == 0


async def test_a_follower_ahead_of_its_board_goes_on_from_the_present(
    api: Api, db: asyncpg.Connection, url: str
) -> None:
    """What was restored may be a shorter log. Seen to fail when only `<` was work."""
    anna = await api.user()
    board = await anna.board()
    await follow(url)
    await db.execute("update followers set seq = 100")
    await follow(url)
    await anna.column(board)
    await follow(url)
    assert await effects(db, board) == [2]


async def test_what_no_notification_tells_of_is_found(
    api: Api, db: asyncpg.Connection, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Followers, "every_seconds", 0.0)
    monkeypatch.setattr(followers, "LOOKING_SHARE_MAX", 1.0)
    one = worker(url, test=noting("test"))  # it hears nothing
    await work_off(one)
    board, numbers = await with_events(api)
    await work_off(one)
    assert await effects(db, board) == numbers


async def test_the_doctor_tells_of_events_that_nobody_handles(
    api: Api, db: asyncpg.Connection, url: str, tmp_path: Path
) -> None:
    anna = await api.user()
    board = await anna.board()
    await follow(url)
    await anna.column(board)
    assert says(await beside(tmp_path, url), "followers", "ok", "")
    await db.execute("update events set at = now() - interval '1 hour'")
    assert says(await beside(tmp_path, url), "followers", "warn", "on 1 boards")


def test_two_followers_cannot_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FOLLOWERS, "test", noting("test"))
    with pytest.raises(TypeError):
        follower("test", noting("test"))
