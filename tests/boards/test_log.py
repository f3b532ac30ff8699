"""A write appends one event that says all; whatever else happens appends none."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from api import Api, Json
from log_board import Rows, counters, listening, log_of, newest_of, stored
from log_scene import NO_CHANGE, REFUSED, WRITES, Scene, Write, scene_of

NOUNS = ("board", "column", "label", "task", "subtask", "comment", "attachment")
ABOUT_PEOPLE = ("person.removed", "user.updated", "user.deleted")
OF_TASKS = ("task", "subtask", "comment", "reaction", "attachment")
FOLLOWS = {
    "assignees",
    "author",
    "mentions",
    "updated_at",
}  # from whom such an event names, and from its time


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


@pytest.fixture
async def refusing(cleaner: asyncpg.Connection) -> AsyncIterator[str]:
    """Give a trigger function that makes the database refuse, as a lock that takes too long."""
    await cleaner.execute("""
        create function refuse() returns trigger language plpgsql as
        $$ begin raise exception using errcode = 'lock_not_available'; end $$""")
    yield "refuse()"
    await cleaner.execute("drop function refuse() cascade")


def differing(before: Rows, after: Rows) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Give the rows that are not the same any more, as they were and as they are."""
    pairs = {place: (before.get(place), after.get(place)) for place in {*before, *after}}
    return {place: pair for place, pair in pairs.items() if pair[0] != pair[1]}


def told(payload: Json) -> dict[str, Json]:
    """Give what a payload says of things on the board, by id."""
    single = [payload[noun] for noun in NOUNS if noun in payload]
    several = [thing for noun in NOUNS for thing in payload.get(f"{noun}s", [])]
    return {thing["id"]: thing for thing in [*single, *several]}


def task_of(payload: Json, things: dict[str, Json]) -> str:
    """Give the task that an event is about: named, or that of its comment."""
    named = payload.get("task") or {"id": things[payload["comment"]["id"]]["task_id"]}
    return str(named["id"])


def news(event: Json, old: Json, new: Json) -> Json:
    """Give what clients have to be told of a thing: the fields that look different now."""
    follows = FOLLOWS if event["type"] in ABOUT_PEOPLE else set()
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    return {name: value for name, value in changed.items() if name not in follows}


@pytest.mark.parametrize("write", WRITES, ids=str)
async def test_a_write_appends_one_event_that_lists_every_row_it_touched(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    """Seen to fail with ``delete_task`` that leaves the subtasks to the database's cascade."""
    before, events = await stored(db, scene.board), await log_of(db, scene.board)
    actor, known = scene.people[write.by].id, await counters(db, scene.board)

    response = await scene.do(write)

    assert response.is_success, response.text
    *same, event = await log_of(db, scene.board)
    assert same == events
    assert (event["type"], event["actor_id"]) == (write.kind, actor)
    changes = [((c["table"], c["id"]), (c["before"], c["after"])) for c in event["changes"]]
    assert len(changes) == len(dict(changes))
    assert dict(changes) == differing(before, await stored(db, scene.board))
    number = known["task_number"] + (write.kind == "task.created")
    assert await counters(db, scene.board) == {"seq": event["seq"], "task_number": number}
    assert event["seq"] == known["seq"] + 1


@pytest.mark.parametrize("write", WRITES, ids=str)
async def test_the_payload_tells_of_all_that_looks_different_and_of_nothing_else(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    """Seen to fail with a payload of ``task.updated`` that leaves out the version."""
    before = await scene.shown()
    await scene.do(write)
    after = await scene.shown()

    event = await newest_of(db, scene.board)
    said = told(event["payload"])
    for id_, thing in said.items():
        old = before.get(id_, {})
        where = {"column_id": old.get("column_id"), "from_column_id": old.get("column_id")}
        shown = after.get(id_) or {"id": id_, "is_deleted": True, **where}
        assert thing == {name: {**where, **shown}.get(name) for name in thing}
    for id_, thing in after.items():
        changed = news(event, before.get(id_, {}), thing)
        assert changed == {name: said.get(id_, {}).get(name) for name in changed}
    gone = {id_ for id_ in before.keys() - after.keys() if "task_id" not in before[id_]}
    assert gone <= said.keys()
    noun = write.kind.partition(".")[0]
    task = task_of(event["payload"], {**before, **after}) if noun in OF_TASKS else None
    assert event["task_id"] == task


@pytest.mark.parametrize("write", WRITES, ids=str)
async def test_a_write_is_notified_once_with_board_and_number(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    """Seen to fail with a ``pg_notify`` of the number before."""
    async with listening(db) as ear:
        await scene.do(write)
        notes = await ear.heard()

    known = await counters(db, scene.board)
    assert [note for note in notes if scene.board in note] == [f"{scene.board}:{known['seq']}"]


@pytest.mark.parametrize("write", [*NO_CHANGE, *REFUSED], ids=str)
async def test_what_changes_nothing_appends_nothing_and_tells_nobody(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    """Seen to fail with ``update`` that takes every row for changed."""
    before = [await look(db, scene.board) for look in (stored, log_of, counters)]
    async with listening(db) as ear:
        response = await scene.do(write)
        notes = await ear.heard()

    assert response.status_code == int(write.kind), response.text
    assert [await look(db, scene.board) for look in (stored, log_of, counters)] == before
    assert notes == []


async def test_a_new_board_begins_its_log_with_all_its_rows(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user()
    board = await anna.board(columns=["To do", "Done"])
    home = (await anna.items(f"/users/{anna.id}/boards", sort="created_at"))[0]

    for made, rows in ((board, 4), (home, 5)):
        (event,) = await log_of(db, made["id"])
        assert (event["seq"], event["type"], event["actor_id"]) == (1, "board.created", anna.id)
        changes = {(c["table"], c["id"]): c["after"] for c in event["changes"]}
        assert changes == await stored(db, made["id"])
        assert len(changes) == len(event["changes"]) == rows


async def test_a_deleted_board_takes_its_log_along_and_says_so(
    scene: Scene, db: asyncpg.Connection
) -> None:
    async with listening(db) as ear:
        assert (await scene.people["anna"].delete(f"/boards/{scene.board}")).status_code == 204
        assert await ear.heard() == [f"{scene.board}:deleted"]

    assert await log_of(db, scene.board) == []
    assert await stored(db, scene.board) == {}


async def test_an_account_that_one_board_cannot_let_go_leaves_the_others(
    scene: Scene, db: asyncpg.Connection, refusing: str
) -> None:
    """And that board when it can. Seen to fail when one that was busy ended the job."""
    anna, ivan = scene.people["anna"], scene.people["ivan"]
    busy = await anna.board()
    await anna.invite(busy, ivan)
    before = await stored(db, busy["id"]), await log_of(db, busy["id"])
    await db.execute(f"""create trigger refusing before insert on events for each row
        when (new.board_id = '{busy["id"]}') execute function {refusing}""")

    assert (await ivan.delete(f"/users/{ivan.id}")).status_code == 204
    assert (await log_of(db, scene.board))[-1]["type"] == "user.deleted"
    assert (await stored(db, busy["id"]), len(await log_of(db, busy["id"]))) == (
        before[0],
        len(before[1]),
    )
    await db.execute("drop trigger refusing on events; update jobs set run_at = now()")
    await anna.api.work_off()
    assert (await log_of(db, busy["id"]))[-1]["type"] == "user.deleted"
