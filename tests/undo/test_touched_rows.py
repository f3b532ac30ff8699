"""Which rows an event touches is kept beside the log, by whoever writes to it, for as long as it."""

import json
from collections import Counter
from typing import Any

import asyncpg

from api import Api, Json
from apps import another_api
from checks import refused
from conftest import settings_for
from databases import a_database
from doska.postgres.migration import go_back, migrate
from log_board import log_of
from log_deeds import STORY
from log_scene import Write, scene_of
from log_world import world_of
from undoing import CREATE_TASK, DELETE_DRAW, done, undo

BEFORE = 9  # the number of the migration before the one that brought the table
OLD_EVENTS = 450  # more than two steps of the migration
ALL = "select to_jsonb(t) from touched_rows t where board_id = $1 order by seq, name, row_id"
OLD = """
    insert into events (board_id, seq, type, payload, changes, at)
    select board_id, seq + n * 1000, type, payload, changes, at
    from events, generate_series(1, $2::int) n where board_id = $1 and seq = 3"""
COUNTED = {"version", "updated_at"}


async def noted(db: asyncpg.Connection, board_id: str) -> list[Json]:
    """Read what is kept of a board's events."""
    return [json.loads(record[0]) for record in await db.fetch(ALL, board_id)]


def expected(events: list[Json]) -> list[Json]:
    """Work out from a log what should be kept of it."""
    found = [_touched(event, change) for event in events for change in event["changes"]]
    return sorted(found, key=lambda row: (row["seq"], row["name"], row["row_id"]))


def _touched(event: Json, change: Json) -> Json:
    before, after = change["before"], change["after"]
    stood, stands = _column(before), _column(after)
    changed = {name for name in after or () if before and before[name] != after[name]} - COUNTED
    return {
        "board_id": event["board_id"],
        "row_id": change["id"],
        "seq": event["seq"],
        "name": change["table"],
        "fields": sorted(changed) if before and after else None,
        "gained": bool(after) - bool(before),
        "left_id": stood if stood != stands else None,
        "entered_id": stands if stood != stands else None,
    }


def _column(row: Any) -> str | None:
    return row.get("column_id") if row and row.get("rank") else None


def in_order(rows: list[Json]) -> list[Json]:
    return [{**row, "fields": row["fields"] and sorted(row["fields"])} for row in rows]


async def test_every_row_of_every_kind_of_event_is_kept(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with the fields that stayed the same."""
    world = await world_of(api, db)
    for deed in STORY:
        await world.do(deed)
    events = await log_of(db, world.board)
    kept = in_order(await noted(db, world.board))
    assert [{**row, "fields": row["fields"] or (row["fields"] and [])} for row in kept] == [
        {**row, "fields": row["fields"] or (row["fields"] and [])} for row in expected(events)
    ]
    assert Counter(row["gained"] for row in kept).keys() == {-1, 0, 1}
    assert any(row["left_id"] for row in kept)
    assert any(row["entered_id"] for row in kept)


async def test_a_log_that_there_was_before_is_read_in_steps(server_url: str) -> None:
    """Seen to fail with the first step alone."""
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        async with another_api(url) as api:
            anna = await api.user()
            board = await anna.board()
            await anna.task(await anna.column(board))
        connection = await asyncpg.connect(url)
        await connection.execute(OLD, board["id"], OLD_EVENTS)
        before = await noted(connection, board["id"])
        assert len(before) > OLD_EVENTS
        await go_back(settings_for(url), BEFORE)
        await migrate(settings_for(url))
        assert await noted(connection, board["id"]) == before
        await connection.close()


async def test_nothing_is_kept_of_a_board_that_is_gone(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user()
    board, other = await anna.board(), await anna.board()
    assert (await anna.delete(f"/boards/{board['id']}")).status_code == 204
    assert await noted(db, board["id"]) == []
    assert len(await noted(db, other["id"])) > 0


async def test_a_column_is_filled_up_only_by_what_has_left_it(api: Api) -> None:
    """Tasks that came meanwhile count against it. Seen to fail when only leaving was counted."""
    scene = await scene_of(api)
    limit = {"task_limit": 1, "limit_is_hard": True}
    await done(scene, Write("", "PATCH", "/columns/{todo}", limit))
    seq = await done(scene, DELETE_DRAW)
    assert (await undo(scene, seq, headers={"Prefer": "dry-run"})).is_success
    await scene.people["anna"].patch(f"/columns/{scene.names['todo']}", limit_is_hard=False)
    await done(scene, CREATE_TASK)
    await scene.people["anna"].patch(f"/columns/{scene.names['todo']}", limit_is_hard=True)
    refused(await undo(scene, seq), 409, "column-full")


async def test_what_came_and_went_was_not_there_before(api: Api) -> None:
    """Though an event that is read for other rows touched it too.

    Seen to fail with all rows of the events that are read.
    """
    anna = await api.user()
    board = await anna.board()
    first, second = await anna.column(board), await anna.column(board)
    kept = await anna.task(first, "Draw")
    path = f"/boards/{board['id']}/snapshot"
    before = await anna.read(path)
    passing = await anna.task(first, "Pass by")
    emptied = await anna.delete(f"/columns/{first['id']}", tasks="move", to=second["id"])
    assert emptied.is_success
    assert (await anna.delete(f"/tasks/{passing['id']}")).is_success
    then = await anna.read(path, at=before["seq"])
    assert then == before | {"columns": then["columns"]}
    assert [task["id"] for task in then["tasks"]] == [kept["id"]]
