"""A position names an event: what a log that was lost has told is not taken for what another tells.

Commits are lost as they are by a failover or a restored backup: the last events are taken out of
the database, and others are written with the same numbers.
"""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api, Json, Person
from checks import refused
from stream_client import Watch, watching
from stream_scene import board_of, next_title, rename
from stream_server import port_of

LOST = """
    with lost as (delete from events where board_id = $1 and seq > $2),
    lost_too as (delete from touched_rows where board_id = $1 and seq > $2)
    update boards set seq = $2 where id = $1"""
TRIMMED = "delete from events where board_id = $1 and seq <= $2"
OTHER = "update events set at = at + interval '1 microsecond' where board_id = $1 and seq = $2"
POSITION = r"\d+(?:\.[0-9a-z]+)?"
BLOCK = re.compile(rf"(: \n)*(retry: \d+\n)?(: \n)*(id: {POSITION}\n)?(: \n)*data: {{.+}}\n\n")


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with port_of(Api(app)) as found:
        yield found


def events_of(board: Json) -> str:
    return f"/boards/{board['id']}/events"


async def position_of(person: Person, board: Json) -> str:
    return str((await person.read(f"/boards/{board['id']}/snapshot"))["position"])


async def greeted(watch: Watch) -> Json:
    found = await watch.block()
    assert found
    assert found.data
    return found.data


async def written(person: Person, board: Json, count: int) -> None:
    for number in range(count):
        await rename(person, board, f"Title {number}")


async def test_snapshots_events_and_streams_show_the_same_positions(api: Api, address: str) -> None:
    """Seen to fail when an undo told another than its event has in the log."""
    anna, board = await board_of(api)
    await rename(anna, board, "Shop")
    undone = (await anna.post(f"/boards/{board['id']}/undo", seq=2)).json()
    log = await anna.items(events_of(board))
    assert undone["position"] == log[2]["position"]
    for event in log:
        assert re.fullmatch(rf"{event['seq']}\.[0-9a-z]+", event["position"])
        past = await anna.read(f"/boards/{board['id']}/snapshot", at=event["seq"])
        assert past["position"] == event["position"]
    async with watching(address, anna, board["id"], 0) as watch:
        assert [await watch.event() for _ in log] == log
        assert [m.id for m in watch.messages[1:]] == [event["position"] for event in log]
    assert await position_of(anna, board) == log[-1]["position"]


async def test_a_position_goes_on_where_it_was_taken(api: Api, address: str) -> None:
    anna, board = await board_of(api)
    position = await position_of(anna, board)
    await rename(anna, board, "Shop")
    assert [e["seq"] for e in await anna.items(events_of(board), after=position)] == [2]
    later = await position_of(anna, board)
    kept = {"Last_Event_ID": later}
    for query, headers in (
        (f"{position}", {}),
        (f"0&lastEventId={position}", {}),
        (f"{later}&lastEventId={later}", {"Last_Event_ID": position}),
    ):
        async with watching(address, anna, board["id"], query, **headers) as watch:
            greeting = {"type": "ready", "board_id": board["id"], "seq": 1, "position": position}
            assert await greeted(watch) == greeting
            assert await next_title(watch) == "Shop"
    async with watching(address, anna, board["id"], f"{position}", **kept) as watch:
        assert (await greeted(watch))["position"] == later


async def test_a_bare_number_is_greeted_with_its_position(api: Api, address: str) -> None:
    anna, board = await board_of(api)
    await rename(anna, board, "Shop")
    first = (await anna.items(events_of(board)))[0]
    async with watching(address, anna, board["id"], 1) as watch:
        assert (await greeted(watch))["position"] == first["position"]
    async with watching(address, anna, board["id"], 0) as watch:
        beginning = (await greeted(watch))["position"]
    async with watching(address, anna, board["id"], beginning) as watch:
        assert await watch.event() == first


@pytest.mark.parametrize("count", [0, 1, 2, 4])
async def test_who_resumes_from_what_was_lost_is_told_to_begin_anew(
    api: Api, address: str, db: asyncpg.Connection, count: int
) -> None:
    """However long the new log is. Seen to fail when only the number was compared."""
    anna, board = await board_of(api)
    await written(anna, board, 2)
    lost = await position_of(anna, board)
    await db.execute(LOST, board["id"], 1)
    await written(anna, board, count)
    refused(await anna.get(events_of(board), after=lost), 410, "gone", seq=1 + count)
    now = {"board_id": board["id"], "seq": 1 + count, "position": await position_of(anna, board)}
    for query, headers in ((lost, {}), (0, {"Last_Event_ID": lost})):
        async with watching(address, anna, board["id"], query, **headers) as watch:
            assert (await greeted(watch))["position"] == lost  # cut here, it is told once more
            assert await watch.event() == {"type": "reset", **now}
            await rename(anna, board, f"Live {query}")
            assert await next_title(watch) == f"Live {query}"
        await db.execute(LOST, board["id"], 1 + count)


async def test_who_had_nothing_of_what_was_lost_goes_on(
    api: Api, address: str, db: asyncpg.Connection
) -> None:
    anna, board = await board_of(api)
    await rename(anna, board, "Kept")
    kept = await position_of(anna, board)
    await rename(anna, board, "Lost")
    await db.execute(LOST, board["id"], 2)
    await rename(anna, board, "Written instead")
    async with watching(address, anna, board["id"], kept) as watch:
        assert await next_title(watch) == "Written instead"
    async with watching(address, anna, board["id"], 2) as watch:
        assert await next_title(watch) == "Written instead"


async def test_a_position_whose_event_is_no_longer_kept_is_not_believed(
    api: Api, address: str, db: asyncpg.Connection
) -> None:
    anna, board = await board_of(api)
    positions = []
    for _ in range(2):
        positions.append(await position_of(anna, board))
        await rename(anna, board, f"Title {positions}")
    await db.execute(TRIMMED, board["id"], 2)
    for position, kind in zip(positions, ("no-longer-kept", "gone"), strict=True):
        refused(await anna.get(events_of(board), after=position), 410, kind, seq=3)
        async with watching(address, anna, board["id"], position) as watch:
            assert (await watch.event())["type"] == "reset"
            assert watch.position == await position_of(anna, board)
    await db.execute(TRIMMED, board["id"], 3)
    async with watching(address, anna, board["id"], await position_of(anna, board)) as watch:
        await rename(anna, board, "Live")
        assert await next_title(watch) == "Live"


async def test_a_kept_snapshot_of_what_was_lost_is_not_sent(
    api: Api, db: asyncpg.Connection
) -> None:
    """Nor is it called unchanged. Seen to fail when its tag was the number and the board's age."""
    anna, board = await board_of(api)
    path = f"/boards/{board['id']}/snapshot"
    await rename(anna, board, "Lost")
    old = await anna.get(path)
    await db.execute(LOST, board["id"], 1)
    await rename(anna, board, "Written instead")
    for headers in ({}, {"if-none-match": old.headers["etag"]}):
        answer = await anna.send("GET", path, headers=headers)
        assert answer.json()["seq"] == old.json()["seq"]
        assert answer.json()["board"]["title"] == "Written instead"
        assert answer.headers["etag"] != old.headers["etag"]


@pytest.mark.parametrize("count", [1, 3])
async def test_an_open_stream_of_what_was_lost_ends_and_is_told_to_begin_anew(
    api: Api, address: str, db: asyncpg.Connection, count: int
) -> None:
    """Seen to fail when a channel knew the number of what it had sent, and no more."""
    anna, board = await board_of(api)
    async with watching(address, anna, board["id"]) as watch:
        await rename(anna, board, "Lost")
        assert await next_title(watch) == "Lost"
        await db.execute(LOST, board["id"], 1)
        await written(anna, board, count)
        assert await watch.ends() == []
    async with watching(address, anna, board["id"], Last_Event_ID=str(watch.position)) as again:
        assert (await again.event())["type"] == "reset"


async def test_nothing_of_another_log_is_sent_behind_the_lost_one(
    api: Api, address: str, db: asyncpg.Connection
) -> None:
    """Not even when the new log was longer before anybody looked. Seen to fail as the one above."""
    anna, board = await board_of(api)
    async with watching(address, anna, board["id"]) as watch:
        await rename(anna, board, "Lost")
        assert await next_title(watch) == "Lost"
        await db.execute(OTHER, board["id"], 2)
        await rename(anna, board, "Behind another")
        assert await watch.ends() == []


async def test_every_block_of_a_stream_has_data(api: Api, address: str) -> None:
    """Some clients make an event of any other (httpx-sse 0.4.3), or forget its id (eventsource 4).

    Seen to fail for the greeting, for beats and for the last words of a server that stops.
    """
    anna, board = await board_of(api)
    await rename(anna, board)
    app: FastAPI = api.app
    async with watching(address, anna, board["id"], 7) as watch:
        await watch.event()
        await rename(anna, board, "Live")
        await watch.event()
        for stream in app.state.hub.streams:
            stream.beat(10)
        await watch.read()
        await rename(anna, board, "Live again")
        await watch.event()
        await anna.delete(f"/boards/{board['id']}")
        await watch.ends()
    blocks = re.findall(r".+?\n\n", watch.received, re.DOTALL)
    assert "".join(blocks) == watch.received
    assert [bool(BLOCK.fullmatch(block)) for block in blocks] == [True] * 5
    assert blocks[3].startswith(": \nid: ")
