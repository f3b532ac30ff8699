"""What a stream sends: its beginning, its messages, its ends."""

import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api
from checks import invalid, refused
from people import claims_of, moved, signed, token_of, with_cookie, with_header
from stream_client import Message, watching
from stream_scene import another_port, board_of, comes_true, next_title, rename
from stream_server import port_of

STREAM = {"accept": "text/event-stream"}
ALL_TRIMMED = "delete from events where board_id = $1"


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["its own address", "that of pages"])
async def test_a_change_comes_as_it_happens(
    api: Api, address: str, headers: dict[str, str]
) -> None:
    anna, board = await board_of(api)
    async with watching(address, anna, board["id"], **headers) as watch:
        await anna.column(board)
        event = await watch.event()
        assert [event] == await anna.items(f"/boards/{board['id']}/events", after=1)
        assert event["seq"] == 2
        assert watch.messages[-1].id == event["position"]


async def test_it_begins_with_when_and_where_to_resume(api: Api, address: str) -> None:
    """A client that is cut before the first event goes on from there."""
    anna, board = await board_of(api)
    now = await anna.read(f"/boards/{board['id']}/snapshot")
    async with watching(address, anna, board["id"]) as watch:
        assert watch.status == 200
        assert watch.headers["content-type"].partition(";")[0] == "text/event-stream"
        assert watch.headers["cache-control"] == "no-store"
        assert watch.headers["x-accel-buffering"] == "no"
        await watch.block()
        ready = {"type": "ready", "board_id": board["id"], "seq": 1, "position": now["position"]}
        assert watch.messages == [Message(id=now["position"], data=ready, retry=2000)]


async def test_it_goes_on_after_the_event_that_is_named(api: Api, address: str) -> None:
    anna, board = await board_of(api)
    for title in ("Two", "Three", "Four"):
        await rename(anna, board, title)
    header = {"Last_Event_ID": "3"}
    async with watching(address, anna, board["id"], 1) as watch:
        assert [await next_title(watch) for _ in range(3)] == ["Two", "Three", "Four"]
    async with watching(address, anna, board["id"], 1, **header) as watch:
        assert await next_title(watch) == "Four"
        await rename(anna, board, "Five")
        assert await next_title(watch) == "Five"


async def test_a_long_log_comes_whole(api: Api, address: str) -> None:
    """More than is read at once, while the board is watched; seen to fail for the first part only."""
    anna, board = await board_of(api)
    for number in range(450):
        await rename(anna, board, f"Board {number}")
    async with (
        watching(address, anna, board["id"]) as other,
        watching(address, anna, board["id"], 1) as watch,
    ):
        titles = [await next_title(watch) for _ in range(450)]
        assert titles == [f"Board {number}" for number in range(450)]
        await rename(anna, board, "Live")
        assert await next_title(watch) == await next_title(other) == "Live"


async def test_every_stream_of_a_board_gets_the_same_and_other_boards_nothing(
    api: Api, address: str
) -> None:
    anna, board = await board_of(api)
    other = await anna.board()
    async with (
        watching(address, anna, board["id"]) as first,
        watching(address, anna, board["id"]) as second,
        watching(address, anna, other["id"]) as third,
    ):
        await rename(anna, board, "Shop")
        await rename(anna, other, "Garden")
        assert await first.event() == await second.event()
        assert await next_title(third) == "Garden"


async def test_a_deleted_board_is_told_and_the_stream_ends(api: Api, address: str) -> None:
    anna, board = await board_of(api)
    async with watching(address, anna, board["id"]) as watch:
        await anna.delete(f"/boards/{board['id']}")
        assert await watch.ends() == [{"type": "board.deleted", "board_id": board["id"]}]


async def test_a_log_that_does_not_go_on_from_there_is_a_reset(
    api: Api, address: str, db: asyncpg.Connection
) -> None:
    """A trimmed log, and one of another time; then the stream goes on."""
    anna, board = await board_of(api)
    await rename(anna, board)
    await db.execute(ALL_TRIMMED, board["id"])
    now = (await anna.read(f"/boards/{board['id']}/snapshot"))["position"]
    told = {"board_id": board["id"], "seq": 2, "position": now}
    for position in (1, 3, 2**62):
        async with watching(address, anna, board["id"], position) as watch:
            assert await watch.event() == {"type": "reset", **told}
            assert watch.position == now
    async with watching(address, anna, board["id"], 1) as watch:
        await watch.event()
        await rename(anna, board, "Live")
        assert await next_title(watch) == "Live"


async def test_a_passer_by_gets_nothing_from_before_the_board_was_public(
    api: Api, address: str
) -> None:
    anna, board = await board_of(api)
    passer_by = await api.user()
    await rename(anna, board, "Secret")
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    async with watching(address, passer_by, board["id"], 1) as watch:
        assert (await watch.event())["type"] == "reset"
        await rename(anna, board, "Open")
        assert await next_title(watch) == "Open"


async def test_a_stream_is_refused_like_any_request(api: Api, db: asyncpg.Connection) -> None:
    anna, board = await board_of(api)
    path = f"/boards/{board['id']}/events"
    stranger = await api.user()
    refused(await stranger.send("GET", path, headers=STREAM), 404, "not-found")
    refused(await api.nobody().send("GET", path, headers=STREAM), 401, "unauthenticated")
    invalid(await anna.send("GET", f"{path}?after=-1", headers=STREAM), "/query/after")
    wrong = {**STREAM, "last-event-id": "1 or 2"}
    invalid(await anna.send("GET", path, headers=wrong), "/header/last-event-id")
    await db.execute("update sessions set revoked_at = now() where user_id = $1", anna.id)
    refused(await anna.send("GET", path, headers=STREAM), 401, "unauthenticated")


async def test_only_who_asks_for_a_stream_gets_one(api: Api, address: str) -> None:
    anna, board = await board_of(api)
    path = f"/boards/{board['id']}/events"
    for accept in ("*/*", "application/json", "text/html, */*;q=0.1", "text/*"):
        answer = await anna.send("GET", path, headers={"accept": accept})
        assert answer.headers["content-type"] == "application/json"
    both = "text/html, Text/Event-Stream;q=0.5"
    async with watching(address, anna, board["id"], accept=both) as watch:
        assert watch.headers["content-type"].partition(";")[0] == "text/event-stream"


async def test_silence_is_broken_by_heartbeats(api: Api, database_url: str) -> None:
    anna, board = await board_of(api)
    beat = {"stream_heartbeat_seconds": 0.2}
    async with (
        another_port(database_url, **beat) as (address, _),
        watching(address, anna, board["id"], 1) as watch,
    ):
        await watch.block()
        for _ in range(2):
            await watch.read()
        greeting, end, rest = watch.received.partition("\n\n")
        assert (greeting.count("\n"), end, rest) == (2, "\n\n", ": \n: \n")
        await rename(anna, board, "Shop")
        assert await next_title(watch) == "Shop"
        assert watch.messages[-1].beats >= 2


@pytest.mark.parametrize("limit", ["streams_max", "streams_per_user_max"])
async def test_more_streams_than_there_is_room_for_are_told_to_come_later(
    api: Api, database_url: str, limit: str
) -> None:
    """And one that has ended makes room. Seen to fail when ended streams were still counted."""
    anna, board = await board_of(api)
    async with another_port(database_url, **{limit: 2}) as (address, other):
        for _ in range(2):
            async with (
                watching(address, anna, board["id"]),
                watching(address, anna, board["id"]) as last,
            ):
                path = f"/boards/{board['id']}/events"
                answer = await moved(anna, other).send("GET", path, headers=STREAM)
                of = "streams of a person" if "user" in limit else "streams of a process"
                refused(answer, 503, "too-many-streams", limit=2, of=of)
                assert int(answer.headers["retry-after"]) >= 1
                assert (await moved(anna, other).get(path)).status_code == 200
                await rename(anna, board, str(time.time()))
                await last.event()
            await comes_true(lambda: not other.app.state.hub.streams)


async def test_the_streams_of_one_person_leave_room_for_others(api: Api, database_url: str) -> None:
    anna, board = await board_of(api)
    ivan = await api.user()
    await anna.invite(board, ivan)
    async with (
        another_port(database_url, streams_per_user_max=1) as (address, _),
        watching(address, anna, board["id"]) as hers,
        watching(address, ivan, board["id"]) as his,
    ):
        assert (hers.status, his.status) == (200, 200)


async def test_a_stream_ends_after_a_while_so_that_the_client_comes_again(
    api: Api, database_url: str
) -> None:
    anna, board = await board_of(api)
    async with (
        another_port(database_url, stream_minutes=0.005) as (address, _),
        watching(address, anna, board["id"]) as watch,
    ):
        assert await watch.ends() == []


@pytest.mark.parametrize("is_bearer", [True, False])
async def test_a_stream_lives_no_longer_than_its_token(
    api: Api, address: str, *, is_bearer: bool
) -> None:
    """Seen to fail when a stream had no end of its own."""
    anna, board = await board_of(api)
    claims = {**claims_of(token_of(anna)), "exp": int(time.time()) + 2}
    token = signed(api, claims)
    person = with_cookie(api, token)
    headers = {"authorization": f"Bearer {token}"} if is_bearer else {}
    who = with_header(api, "") if is_bearer else person
    async with watching(address, who, board["id"], **headers) as watch:
        assert watch.status == 200
        assert await watch.ends() == []
    assert time.time() >= claims["exp"] - 1
