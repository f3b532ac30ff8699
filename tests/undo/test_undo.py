"""Undo: any change of a board is taken back by a new event, which is taken back in turn."""

import asyncpg
import pytest

from api import Api, Json
from log_board import Rows, is_gap_free, log_of, replayed, stored
from log_scene import WRITES, Scene, Write, scene_of

UNDOABLE = [write for write in WRITES if write.is_undoable]
COUNTED = {"version", "updated_at"}
MERGED = ("columns", "labels", "tasks", "subtasks", "comments", "attachments")


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


def undo(seq: int, by: str = "anna") -> Write:
    return Write("change.undone", "POST", "/boards/{board}/undo", {"seq": seq}, by=by)


def uncounted(rows: Rows) -> Rows:
    """Leave out what counts every change."""
    return {p: {k: v for k, v in row.items() if k not in COUNTED} for p, row in rows.items()}


async def last_seq(scene: Scene, db: asyncpg.Connection) -> int:
    return int(await db.fetchval("select seq from boards where id = $1", scene.board))


async def undone(scene: Scene, seq: int) -> Json:
    """Take a change back, by whoever owns the board now."""
    people = scene.people.values()
    roles = {p.id: (await p.get(f"/boards/{scene.board}")).json().get("role") for p in people}
    owner = next(name for name, p in scene.people.items() if roles[p.id] == "CREATOR")
    answer = await scene.do(undo(seq, by=owner))
    assert answer.status_code == 200, answer.text
    event: Json = answer.json()
    return event


@pytest.mark.parametrize("write", UNDOABLE, ids=str)
async def test_every_write_is_taken_back_and_done_again(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    before = await stored(db, scene.board)
    assert (await scene.do(write)).is_success
    done, seq = await stored(db, scene.board), await last_seq(scene, db)
    assert (await undone(scene, seq))["seq"] == seq + 1
    assert uncounted(await stored(db, scene.board)) == uncounted(before)
    await undone(scene, seq + 1)
    assert uncounted(await stored(db, scene.board)) == uncounted(done)
    events = await log_of(db, scene.board)
    assert is_gap_free(events)
    assert replayed(events) == await stored(db, scene.board)


@pytest.mark.parametrize("write", UNDOABLE, ids=str)
async def test_what_the_event_tells_brings_a_client_up_to_date(scene: Scene, write: Write) -> None:
    """Seen to fail with tasks told without their assignees, and without their subtasks."""
    anna = scene.people["anna"]
    assert (await scene.do(write)).is_success
    client = await scene.shown()
    answer = await undone(scene, (await anna.read(f"/boards/{scene.board}"))["seq"])
    merge(client, answer["payload"])
    for task in answer["payload"].get("tasks", []):
        if "created_at" in task:  # what was said of a task that is back is asked for
            said = await anna.items(f"/tasks/{task['id']}/comments")
            client |= {comment["id"]: comment for comment in said}
    assert client == await scene.shown()


def merge(client: dict[str, Json], payload: Json) -> None:
    """Take over what an event tells, as a client does: by id."""
    board = [payload["board"]] if "board" in payload else []
    for thing in [*board, *(t for kind in MERGED for t in payload.get(kind, []))]:
        if thing.get("is_deleted"):
            del client[thing["id"]]
        else:
            known = {**client.get(thing["id"], {}), **thing}
            for name in ("from_column_id", "from_archive"):  # where it came from, not what it is
                known.pop(name, None)
            client[thing["id"]] = known


async def test_any_event_of_a_batch_takes_the_whole_batch_back(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """Seen to fail with the one event taken back alone."""
    operations = [
        {"op": "create_task", "body": {"column_id": "{todo}", "title": "Say"}},
        {"op": "create_subtask", "body": {"task_id": "$0.id", "title": "Loud"}},
        {"op": "update_task", "task_id": "$0.id", "body": {"title": "Sing"}},
        {"op": "delete_column", "column_id": "{todo}", "tasks": "move", "to": "{empty}"},
        {"op": "delete_task", "task_id": "{draw}"},
    ]
    before, first = await stored(db, scene.board), await last_seq(scene, db) + 1
    batch = Write("", "POST", "/boards/{board}/batch", {"operations": operations})
    assert (await scene.do(batch)).status_code == 200
    event = await undone(scene, first + 2)
    told = event["payload"]["undone"]
    assert (told["seq"], told["count"], event["seq"]) == (first, 5, first + 5)
    assert told["batch_id"]
    assert uncounted(await stored(db, scene.board)) == uncounted(before)
    assert replayed(await log_of(db, scene.board)) == await stored(db, scene.board)
