"""Many operations on a board, all or nothing."""

from typing import Any

import asyncpg
import pytest

from api import Api, Json
from batches import check_log, done, look, op, send
from checks import invalid, refused
from doska.schemas import new_id
from log_board import listening, log_of
from log_scene import Scene, scene_of
from statements import watching
from works import a_column, order


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


def each_kind(names: dict[str, str]) -> list[Json]:
    """Write every kind of operation once; the second creates what later ones refer to."""
    return [
        op("create_column", {"title": "Review", "board_id": names["board"]}),
        op("create_task", {"column_id": "$0.id", "title": "Say", "assignee_ids": [names["ivan"]]}),
        op("create_subtask", {"task_id": "$1.id", "title": "Ink"}),
        op("update_column", {"color": "#2f80ed"}, column_id="$0.id"),
        op("move_column", {"before": names["todo"]}, column_id="$0.id"),
        op("update_task", {"status": "завершена"}, task_id="$1.id"),
        op("move_task", {"before": "$1.id"}, task_id=names["draw"]),
        op("assign_task", task_id="$1.id", user_id=names["anna"]),
        op("unassign_task", task_id=names["draw"], user_id=names["anna"]),
        op("update_subtask", {"is_completed": True}, subtask_id="$2.id"),
        op("move_subtask", {"before": names["sketch"]}, subtask_id=names["ink"]),
        op("delete_subtask", subtask_id=names["sketch"]),
        op("delete_task", task_id=names["paint"]),
        op("delete_column", column_id=names["todo"], tasks="move", to="$0.id"),
        op("create_label", {"title": "Late", "color": "#2f80ed"}),
        op("update_label", {"color": "#d64545"}, label_id="$14.id"),
        op("move_label", {"before": names["idea"]}, label_id="$14.id"),
        op("label_task", task_id="$1.id", label_id="$14.id"),
        op("unlabel_task", task_id=names["draw"], label_id=names["bug"]),
        op("delete_label", label_id=names["bug"]),
        op("create_comment", {"task_id": "$1.id", "body": "Made by @ivan"}),
        op("update_comment", {"body": "@IVAN has made it"}, comment_id="$20.id"),
        op("add_reaction", comment_id=names["said"], emoji="🎉"),
        op("remove_reaction", comment_id=names["said"], emoji="👍"),
        op("delete_comment", comment_id=names["asked"]),
    ]


async def test_every_operation_is_done_in_its_turn(scene: Scene, db: asyncpg.Connection) -> None:
    """Seen to fail with a world that does not take over what an operation has changed."""
    answer = await done(scene.people["anna"], scene.board, *each_kind(scene.names))

    results, shown = answer["results"], await scene.shown()
    assert [n for n, result in enumerate(results) if result is None] == [
        8,
        11,
        12,
        13,
        18,
        19,
        23,
        24,
    ]
    for number in (4, 9, 10, 16, 21):  # what no later operation has touched
        assert results[number] == shown[results[number]["id"]]
    made, draw = shown[results[1]["id"]], shown[scene.names["draw"]]
    assert (made["status"], made["subtasks"]) == ("DONE", {"total": 1, "completed": 1})
    assert (results[7]["version"], made["version"]) == (4, 6)
    assert made["label_ids"] == [results[14]["id"]]
    assert draw["label_ids"] == []
    assert made["column_id"] == draw["column_id"] == results[0]["id"]
    assert not {scene.names[name] for name in ("todo", "paint", "sketch")} & shown.keys()
    await check_log(db, scene.board)


async def test_its_events_follow_each_other_and_share_an_id(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """Seen to fail with a write that leaves out the last event."""
    before = len(await log_of(db, scene.board))
    async with listening(db) as ear:
        answer = await done(scene.people["anna"], scene.board, *each_kind(scene.names))
        notes = await ear.heard()

    events = (await check_log(db, scene.board))[before:]
    assert answer["seq"] == events[-1]["seq"] == before + 25
    assert {event["batch_id"] for event in events} == {answer["batch_id"]}
    assert len({event["at"] for event in events}) == 1
    page = await scene.people["anna"].items(f"/boards/{scene.board}/events", after=before)
    assert [event["seq"] for event in page] == [event["seq"] for event in events]
    assert [note for note in notes if scene.board in note] == [f"{scene.board}:{answer['seq']}"]


async def test_a_hundred_operations_ask_the_database_five_times(scene: Scene) -> None:
    """Seen to fail with a task that is read when its turn comes."""
    new = [op("create_task", {"column_id": scene.names["todo"], "title": "A"}) for _ in range(50)]
    moves = [op("move_task", {"at": "top"}, task_id=f"${number}.id") for number in range(50)]
    async with watching() as sent:
        answer = await done(scene.people["anna"], scene.board, *new, *moves)

    assert len(sent) == 5
    numbers = [result["number"] for result in answer["results"][:50]]
    assert numbers == list(range(5, 55))


async def test_what_is_only_made_goes_past_what_no_operation_names(api: Api) -> None:
    """Seen to fail with only the bottom of the column read."""
    anna, board, column = await a_column(api)
    for name in "ABC":
        await anna.task(column, name)
    new = op("create_task", {"title": "D", "column_id": column["id"]})
    await done(anna, board["id"], new, op("move_task", {"at": "top"}, task_id="$0.id"))
    assert await order(anna, column) == "DABC"


async def test_tasks_of_a_batch_are_listed_as_they_were_made(scene: Scene) -> None:
    """They have one time of creation. Seen to fail with ids in no order."""
    anna = scene.people["anna"]
    new = [op("create_task", {"column_id": scene.names["todo"], "title": f"{n}"}) for n in range(9)]
    await done(anna, scene.board, *new)
    listed = await anna.items("/tasks", board_id=scene.board, sort="created_at")
    assert [task["title"] for task in listed[-9:]] == [f"{number}" for number in range(9)]


@pytest.mark.parametrize("kind", range(14))
async def test_a_refusal_at_the_end_leaves_nothing_behind(
    scene: Scene, db: asyncpg.Connection, kind: int
) -> None:
    """Seen to fail with a batch that commits what was done until then."""
    operations = each_kind(scene.names)[: kind + 1]
    before = await look(db, scene.board)
    async with listening(db) as ear:
        last = op("delete_task", task_id=new_id())
        response = await send(scene.people["anna"], scene.board, *operations, last)
        assert await ear.heard() == []

    refused(response, 404, "not-found", operation=kind + 1)
    assert await look(db, scene.board) == before


async def test_what_changes_nothing_writes_nothing(scene: Scene, db: asyncpg.Connection) -> None:
    before = await look(db, scene.board)
    same = op("update_task", {"title": "Draw"}, task_id=scene.names["draw"])
    top = op("move_column", {"at": "top"}, column_id=scene.names["todo"])
    answer = await done(scene.people["anna"], scene.board, same, top)
    assert (answer["batch_id"], answer["seq"]) == (None, before[2]["seq"])
    assert await look(db, scene.board) == before


async def test_a_batch_has_one_to_a_hundred_operations(scene: Scene) -> None:
    anna, same = scene.people["anna"], op("update_column", {}, column_id=scene.names["todo"])
    for count in (1, 100):
        await done(anna, scene.board, *[same] * count)
    for count in (0, 101):
        invalid(await send(anna, scene.board, *[same] * count), "/body/operations")


async def test_what_is_said_of_the_body_points_into_the_operation(scene: Scene) -> None:
    """Seen to fail with the name of the operation in each pointer, as pydantic has it."""
    same = op("update_column", {}, column_id=scene.names["todo"])
    task = {"title": "", "create_task": 1, "column_id": scene.names["todo"]}
    bad: list[Any] = [op("create_task", task), {"op": "drop"}, {}, 7]
    bad.append(op("create_task", {"title": "A"}))
    answer = await send(scene.people["anna"], scene.board, same, *bad)
    places = ["1/body/title", "1/body/create_task", "2", "3", "4", "5/body/column_id"]
    invalid(answer, *(f"/body/operations/{place}" for place in places))
