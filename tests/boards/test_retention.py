"""Logs that are kept for a limited time: what is removed, and that nothing else is missed."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api, Json, Person
from apps import another_api
from batches import done, op
from checks import refused, seq_of
from comments import a_comment, a_task, comment_at
from doska.background.jobs import Patience
from doska.boards import trimming
from followed import MAKE, noting, work_off, worker
from log_deeds import STORY
from log_world import world_of
from past import chronicle, faces_of_today, path_of, seen, with_faces
from people import promote
from rivals_of_tellings import held
from stream_client import Watch, watching
from stream_server import port_of
from trimmed import DAYS, age, kept, trim, trimmed

ENTRIES = "select min(seq) from touched_rows where board_id = $1"
COMMENTS = "select count(*) from comments where board_id = $1"
BYTES = "select bytes from comment_sizes where board_id = $1"
LAST = 450  # events: more than are read at once
MANY_MORE = """
    with more as (insert into events (board_id, seq, type, payload, changes, at)
        select board_id, n, type, payload, changes, at
        from events, generate_series(3, $2::int) n where board_id = $1 and seq = 2)
    update boards set seq = $2 where id = $1"""
WAITS = """select exists (select from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database())"""


def activity_of(board: Json) -> str:
    return f"/boards/{board['id']}/activity"


def events_of(board: Json) -> str:
    return f"/boards/{board['id']}/events"


async def undo(person: Person, board: Json, seq: int) -> Any:
    return await person.post(f"/boards/{board['id']}/undo", seq=seq)


async def renamed(api: Api, count: int) -> tuple[Person, Json]:
    """Give a board with an event for itself and one for each new title."""
    anna = await api.user()
    board = await anna.board()
    for number in range(count):
        await anna.patch(f"/boards/{board['id']}", title=f"Title {number}")
    return anna, board


async def test_what_is_older_is_removed_and_said_to_be(api: Api, db: asyncpg.Connection) -> None:
    """By each question about the past. Seen to fail when undo said 404, and activity nothing."""
    anna, board = await renamed(api, 5)
    before = [await anna.items(events_of(board)), await anna.items(activity_of(board))]
    await trimmed(api, db, board, 3)
    assert await kept(db, board) == [4, 5, 6]
    assert await db.fetchval(ENTRIES, board["id"]) == 4
    known = {"seq": 6, "oldest": 3}
    for path, query in (
        (events_of(board), {}), (events_of(board), {"after": 2}), (path_of(board), {"at": 2}),
        (activity_of(board), {"after": 2}), (activity_of(board), {"cursor": 4}),
    ):  # fmt: skip
        refused(await anna.get(path, **query), 410, "no-longer-kept", **known)
    for seq in (1, 3):
        refused(await undo(anna, board, seq), 410, "no-longer-kept", **known)
    assert (await seen(anna, board, 3))["board"]["title"] == "Title 1"
    assert await anna.items(events_of(board), after=3) == before[0][3:]
    assert await anna.items(activity_of(board)) == before[1][:3]
    assert await anna.items(activity_of(board), after=3, cursor=6) == before[1][1:3]
    assert (await undo(anna, board, 6)).status_code == 200


async def test_nothing_is_removed_where_nothing_is_said_of_it(
    api: Api, db: asyncpg.Connection
) -> None:
    _, board = await renamed(api, 2)
    await age(db, board)
    assert await trim(api, history_days=0) > 0
    assert await trim(api, history_days=DAYS + 2) > 0
    assert await kept(db, board) == [1, 2, 3]


async def test_whatever_people_did_is_shown_as_before_as_far_as_it_is_kept(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In many small steps. Seen to fail with entries of later events removed as well."""
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 25)
    world, reader = await world_of(api, db), await promote(db, await api.user())
    found = await chronicle(world, reader, STORY)
    faces, middle = await faces_of_today(reader), len(found) // 2
    oldest = found[middle]["seq"]
    await trimmed(api, db, world.board, oldest)
    assert (await kept(db, world.board))[0] == oldest + 1
    for then in found[middle:]:
        past = await reader.read(path_of(world.board), at=then["seq"])
        where = {"position": past["position"]} if then["seq"] == oldest else {}
        assert past == {**with_faces(then, faces), **where}
    for then in found[:middle:5]:
        answer = await reader.get(path_of(world.board), at=then["seq"])
        refused(answer, 410, "no-longer-kept", oldest=oldest)
    assert await db.fetchval(ENTRIES, world.board) > oldest


async def test_the_newest_event_stays_however_old_it_is(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail: the board was last changed when it was made, and nobody could resume."""
    anna, board = await renamed(api, 2)
    await age(db, board)
    position = (await anna.read(path_of(board)))["position"]
    listed = await anna.items("/boards")
    await trim(api)
    assert await kept(db, board) == [3]
    assert await anna.items("/boards") == listed
    assert (await anna.read(path_of(board)))["position"] == position
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    assert [e["seq"] for e in await anna.items(events_of(board), after=position)] == [4]


async def test_a_batch_goes_whole_or_stays_whole(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: half of a batch was removed, and an undo took back the rest only."""
    anna = await api.user()
    board = await anna.board()
    columns = [op("create_column", {"title": title}) for title in ("A", "B", "C")]
    await done(anna, board["id"], *columns)
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    await age(db, board, 3)  # in the middle of it
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 3)
    await trim(api)
    assert await kept(db, board) == [2, 3, 4, 5]
    assert (await undo(anna, board, 3)).status_code == 200
    assert (await anna.read(path_of(board)))["columns"] == []
    await age(db, board, 4)
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 2)  # fewer than the batch has: none of it goes
    await trim(api)
    assert await kept(db, board) == [2, 3, 4, 5, 6]
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 3)
    await trim(api)
    assert await kept(db, board) == [5, 6]


async def test_what_a_follower_has_not_handled_stays(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when a follower found a gap in the log."""
    _, board = await renamed(api, 2)
    await db.execute(MAKE)
    try:
        follower = worker(database_url, test=noting("test"))
        await work_off(follower)  # which begins here
        await db.execute("update followers set seq = 1 where board_id = $1", board["id"])
        await trimmed(api, db, board)
        assert await kept(db, board) == [2, 3]
        await db.execute("delete from followers where board_id = $1", board["id"])  # made later
        await trim(api)
        assert await kept(db, board) == [2, 3]
        await db.execute("delete from known_followers")
        await trim(api)
        assert await kept(db, board) == [3]
    finally:
        await db.execute("drop table effects")


async def test_comments_go_with_the_last_way_to_bring_back_their_task(
    api: Api, db: asyncpg.Connection
) -> None:
    """Not before, and no others. Seen to fail: they stayed for ever, where nobody sees them."""
    anna, board, task = await a_task(api)
    other = await anna.task({"id": task["column_id"]})
    comments = [await a_comment(anna, where) for where in (task, other, task, other)]
    for comment in comments:
        await anna.put(f"{comment_at(comment)}/reactions/👍")
    await anna.delete(f"/tasks/{task['id']}")
    gone = await seq_of(anna, board)
    await undo(anna, board, gone)
    await anna.delete(f"/tasks/{task['id']}")
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    bytes_before = await db.fetchval(BYTES, board["id"])
    await trimmed(api, db, board, gone)
    assert await db.fetchval(COMMENTS, board["id"]) == 4
    assert (await undo(anna, board, gone + 2)).status_code == 200
    assert len(await anna.items(f"/tasks/{task['id']}/comments")) == 2
    await anna.delete(f"/tasks/{task['id']}")
    await anna.patch(f"/boards/{board['id']}", title="Website")
    await trimmed(api, db, board)
    assert await db.fetchval(COMMENTS, board["id"]) == 2
    assert len(await anna.items(f"/tasks/{other['id']}/comments")) == 2
    assert await db.fetchval(BYTES, board["id"]) == bytes_before // 2
    again = await anna.post("/comments", id=comments[0]["id"], task_id=other["id"], body="Mine")
    refused(again, 409, "already-exists")  # ids stay used


async def test_who_created_a_board_is_known_without_its_first_event(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail: everybody could create as many boards again as a person may."""
    anna, board = await renamed(api, 1)
    await trimmed(api, db, board)
    assert 1 not in await kept(db, board)
    async with another_api(database_url, boards_per_user_max=2) as full:
        there = Person(full, anna.me)
        there.client.cookies = anna.client.cookies
        refused(await there.post("/boards", title="More"), 409, "limit-reached")


@pytest.mark.parametrize("role", ["nobody's", "OBSERVER"])
async def test_whoever_may_see_the_board_is_told_where_it_begins(
    api: Api, db: asyncpg.Connection, role: str
) -> None:
    anna, reader = await api.user(), await api.user()
    board = await anna.board(is_public=True)
    if role == "OBSERVER":
        await anna.invite(board, reader, role)
    for title in ("Shop", "Store"):
        await anna.patch(f"/boards/{board['id']}", title=title)
    seq = await seq_of(anna, board)
    await trimmed(api, db, board, seq - 1)
    refused(await reader.get(events_of(board)), 410, "no-longer-kept", seq=seq, oldest=seq - 1)
    assert [e["seq"] for e in await reader.items(events_of(board), after=seq - 1)] == [seq]


async def test_a_log_is_trimmed_under_its_boards_lock(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """So an undo that is under way has all that it reads. Seen to fail without the lock."""
    _, board = await renamed(api, 2)
    await age(db, board)
    async with held(database_url, board):
        trimming_it = asyncio.create_task(trim(api))
        while not await db.fetchval(WAITS):
            assert not trimming_it.done()
        assert await kept(db, board) == [1, 2, 3]
    assert await trimming_it > 0
    assert await kept(db, board) == [3]


async def test_undos_and_trimmings_at_once_each_do_all_or_nothing(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes trim; an undo is done, or its event is no longer kept."""
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 2)
    anna = await api.user()
    board = await anna.board()
    for number in range(20):
        await anna.column(board, f"Column {number}")
    await age(db, board, 16)
    undos = [undo(anna, board, seq) for seq in range(2, 22)]
    answers, *_ = await asyncio.gather(asyncio.gather(*undos), trim(api), trim(api))
    undone = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    for answer in answers:
        if answer.status_code != 200:
            refused(answer, 410, "no-longer-kept")
    left = [column["title"] for column in (await anna.read(path_of(board)))["columns"]]
    assert left == [f"Column {n}" for n in range(20) if n not in undone]
    assert undone[-4:] == [16, 17, 18, 19]
    assert await kept(db, board) == list(range(17, 22 + len(undone)))


async def test_many_logs_are_trimmed_over_several_turns(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes on where the last one has stopped, also past what has to stay."""
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(Patience, "seconds", -1.0)
    anna = await api.user()
    boards = [await anna.board() for _ in range(3)]
    for board in boards:
        await done(anna, board["id"], *[op("create_column", {"title": t}) for t in "AB"])
        await age(db, board)
    settings = api.app.state.settings.model_copy(update={"history_days": DAYS})
    work = trimming.handlers(settings)[trimming.NIGHTLY]
    turns = 1
    while await work({}) == 0:
        turns += 1
    assert turns > len(boards)
    assert [await kept(db, board) for board in boards] == 3 * [[2, 3]]


async def streamed(watch: Watch, last: int) -> list[int] | None:
    """Read the numbers of all events up to one; None: told to begin anew."""
    found: list[int] = []
    while not found or found[-1] < last:
        message = await watch.event()
        if message["type"] == "reset":
            return None
        found.append(message["seq"])
    return found


async def test_streams_resumed_while_a_log_is_trimmed_have_no_gap(
    api: Api, app: FastAPI, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has all that follows, or is told to begin anew. Seen to fail with a gap in silence."""
    monkeypatch.setattr(trimming, "EVENTS_AT_ONCE", 20)
    anna, board = await renamed(api, 1)
    await db.execute(MANY_MORE, board["id"], LAST)
    await age(db, board, LAST - 10)
    async with port_of(Api(app)) as address, AsyncExitStack() as open_ones:
        trims = asyncio.create_task(trim(api))
        found = {}
        for after in range(0, LAST, 37):
            watch = await open_ones.enter_async_context(watching(address, anna, board["id"], after))
            found[after] = await streamed(watch, LAST)
        await trims
        for after in (0, LAST - 11, LAST - 10):
            watch = await open_ones.enter_async_context(watching(address, anna, board["id"], after))
            found[after] = await streamed(watch, LAST)
    assert found[0] is found[LAST - 11] is None
    assert found[LAST - 10]
    for after, seqs in found.items():
        assert seqs is None or seqs == list(range(after + 1, LAST + 1))
