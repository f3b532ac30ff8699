"""The events that follow a snapshot, applied to it, give the next snapshot exactly.

So they do in the server, which brings what it keeps up to date: to the byte what it builds anew.
"""

import asyncpg
import pytest
from hypothesis import given

from api import Api, Json, Person
from following import follow, kept_by
from log_deeds import DEEDS, STORY, examples
from log_world import Deed, World, world_of
from people import promote

pytestmark = pytest.mark.usefixtures("few_keys_fit")

# As releases before cards, and before days, wrote events: whole tasks were without due days, and
# what has changed was told all the same.
OLD = """
    update events set payload = regexp_replace(payload::text,
        case when payload -> 'task' ? 'created_at'
            then ', "(has_description": (true|false)|due_on": null)'
                '|"(has_description": (true|false)|due_on": null), '
            else ', "has_description": (true|false)|"has_description": (true|false), ' end,
        '', 'g')::jsonb
    where board_id = $1"""


async def check(world: World, reader: Person, deeds: list[Deed]) -> None:
    """Follow a board through what people do, and look at it anew after each deed."""
    board = await kept_by(reader, world.board)
    for deed in deeds:
        await world.do(deed)
        if deed[2] % 2:
            await world.db.execute(OLD, world.board)
        await follow(reader, board)


@examples(15)
@given(DEEDS)
async def test_whatever_people_do_events_lead_from_snapshot_to_snapshot(
    api: Api, db: asyncpg.Connection, deeds: list[Deed]
) -> None:
    """Seen to fail with descriptions that come without ``has_description``."""
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), deeds)


async def test_every_kind_of_event_leads_on(api: Api, db: asyncpg.Connection) -> None:
    world = await world_of(api, db)
    await check(world, await promote(db, await api.user()), STORY)


async def test_whose_tasks_somebody_was_on_are_followed_when_they_leave(api: Api) -> None:
    """Seen to fail with events of them that tell of no new ``updated_at``."""
    anna, boris = await api.user(), await api.user()
    made = await anna.board()
    await anna.invite(made, boris)
    await boris.task(await anna.column(made), assignee_ids=[anna.id, boris.id])
    board = await kept_by(anna, made["id"])
    await boris.delete(f"/boards/{made['id']}/users/{boris.id}")
    await follow(anna, board)


@pytest.mark.parametrize("text", ["In oil", ""])
async def test_events_of_the_release_before_are_followed(
    api: Api, db: asyncpg.Connection, text: str
) -> None:
    """Seen to fail without what is read of them."""
    anna = await api.user()
    made = await anna.board()
    task = await anna.task(await anna.column(made), description="" if text else "In oil")
    board = await kept_by(anna, made["id"])
    await anna.patch(f"/tasks/{task['id']}", description=text)
    await db.execute(OLD, made["id"])
    await follow(anna, board)


async def described_board(anna: Person) -> Json:
    """Make a board of events with descriptions: made, changed, emptied, restored."""
    board = await anna.board(columns=["To do"], description="Not a task's")
    column = (await anna.items(f"/boards/{board['id']}/columns"))[0]
    drawn, painted = [await anna.task(column, description=text) for text in ("In oil", "")]
    await anna.patch(f"/tasks/{drawn['id']}", description="")
    await anna.patch(f"/tasks/{painted['id']}", description="In three sizes")
    await anna.patch(f"/tasks/{painted['id']}", title="Paint")
    await anna.delete(f"/columns/{column['id']}", tasks="delete")
    seq = (await anna.read(f"/boards/{board['id']}"))["seq"]
    assert (await anna.post(f"/boards/{board['id']}/undo", seq=seq)).status_code == 200
    return board


def marks(event: Json) -> list[tuple[str | None, bool | None]]:
    """Tell what an event says of descriptions."""
    payload = event["payload"]
    tasks = [payload["task"]] if "task" in payload else payload.get("tasks", [])
    return [(task.get("description"), task.get("has_description")) for task in tasks]


async def test_beside_every_description_stands_whether_there_is_one(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with the text of the release before, and without what is read of old events."""
    anna = await api.user()
    board = await described_board(anna)
    path = f"/boards/{board['id']}/events"
    expected: list[list[tuple[str | None, bool | None]]] = [
        [], [("In oil", True)], [("", False)], [("", False)], [("In three sizes", True)],
        [(None, None)], [(None, None)] * 2, [("", False), ("In three sizes", True)],
    ]  # fmt: skip
    told = await anna.items(path)
    assert [marks(event) for event in told] == expected
    stored = "select payload::text like '%has_desc%' from events where board_id = $1 order by seq"
    assert [row[0] for row in await db.fetch(stored, board["id"])] == [
        bool(found and found[0][0] is not None) for found in expected
    ]
    await db.execute(OLD, board["id"])
    assert not any(row[0] for row in await db.fetch(stored, board["id"]))
    assert await anna.items(path) == told
