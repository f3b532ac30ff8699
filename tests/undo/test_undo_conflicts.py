"""What stands in the way of an undo is named, with the event that put it there."""

import asyncio
from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from checks import refused
from log_board import counters, stored
from log_rival import all_wait, rival_on
from log_scene import WRITES, Scene, Write, scene_of
from undoing import CREATE_TASK, DELETE_DRAW, done, seq_of, undo
from used_ids import free_again


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


def retitled(title: str, what: str = "tasks/{draw}") -> Write:
    return Write("", "PATCH", f"/{what}", {"title": title})


CREATE_COLUMN = Write("", "POST", "/columns", {"board_id": "{board}", "title": "Review"})
CREATE_SUBTASK = Write("", "POST", "/subtasks", {"task_id": "{draw}", "title": "Oil"})
ADD_OLGA = Write("", "POST", "/boards/{board}/users", {"user_id": "{olga}"})
REMOVE_IVAN = Write("", "DELETE", "/boards/{board}/users/{ivan}", {})
UNDO_LAST = Write("", "POST", "/boards/{board}/undo", {"seq": "{seq}"})
MOVE_DRAW = Write("", "POST", "/tasks/{draw}/move", {"column_id": "{done}"})
EMPTY_TODO = Write("", "DELETE", "/columns/{todo}", {"tasks": "move", "to": "{empty}"})

# What is done, what somebody does then, and what stands in the way: kind, name, fields.
BUILT_UPON = [
    (retitled("A"), retitled("B"), ("task", "draw", ["title"])),
    (retitled("A", "columns/{todo}"), retitled("B", "columns/{todo}"), ("column", "todo", ["title"])),
    (retitled("A", "boards/{board}"), retitled("B", "boards/{board}"), ("board", "board", ["title"])),
    (retitled("A", "subtasks/{ink}"), retitled("B", "subtasks/{ink}"), ("subtask", "ink", ["title"])),
    (retitled("A"), DELETE_DRAW, ("task", "draw", [])),
    (MOVE_DRAW, Write("", "POST", "/tasks/{draw}/move", {"column_id": "{todo}", "at": "top"}),
     ("task", "draw", ["column_id"])),
    (CREATE_TASK, retitled("B", "tasks/{new}"), ("task", "new", ["title"])),
    (CREATE_TASK, Write("", "DELETE", "/tasks/{new}", {}), ("task", "new", [])),
    (CREATE_SUBTASK, DELETE_DRAW, ("subtask", "new", [])),
    (CREATE_COLUMN, Write("", "POST", "/tasks/{draw}/move", {"column_id": "{new}"}), ("task", "draw", [])),
    (CREATE_COLUMN, Write("", "PATCH", "/tasks/{kept}", {"column_id": "{new}"}), ("task", "kept", [])),
    (ADD_OLGA, Write("", "PUT", "/tasks/{draw}/assignees/{olga}", {}), ("assignee", "olga", [])),
    (ADD_OLGA, Write("", "PUT", "/boards/{board}/users/{olga}", {"role": "OBSERVER"}),
     ("person", "olga", ["role"])),
    (REMOVE_IVAN, UNDO_LAST, ("person", "ivan", [])),
    (Write("", "DELETE", "/subtasks/{ink}", {}), DELETE_DRAW, ("task", "draw", [])),
    (Write("", "DELETE", "/tasks/{sleep}", {}), Write("", "DELETE", "/columns/{full}", {}),
     ("column", "full", [])),
    (Write("", "POST", "/tasks/{sleep}/move", {"column_id": "{todo}"}), Write("", "DELETE", "/columns/{full}", {}),
     ("column", "full", [])),
    (EMPTY_TODO, retitled("A"), None),
    (EMPTY_TODO, Write("", "POST", "/tasks/{paint}/move", {"at": "top"}), ("task", "paint", ["rank"])),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "found"), BUILT_UPON, ids=str)
async def test_it_is_refused_where_others_have_built_upon_it(
    scene: Scene, db: asyncpg.Connection, first: Write, then: Write, found: Any
) -> None:
    """Seen to fail with rows that are not compared, and with what hangs on them not looked for."""
    seq = await done(scene, first)
    later = await done(scene, then)
    before = await stored(db, scene.board), await counters(db, scene.board)
    answer = await undo(scene, seq)
    if found is None:
        assert answer.status_code == 200
        return
    kind, name, fields = found
    (conflict, *_) = refused(answer, 409, "built-upon")["conflicts"]
    event = {"seq": later, "type": conflict["type"]}
    assert conflict == {"kind": kind, "id": scene.names[name], "fields": fields, **event}
    assert (await stored(db, scene.board), await counters(db, scene.board)) == before


async def test_the_event_that_is_named_has_changed_that_very_field(scene: Scene) -> None:
    """Seen to fail with the first later event, and with the last, whatever these have changed."""
    seq = await done(scene, retitled("A"))
    await done(scene, Write("", "PATCH", "/tasks/{draw}", {"color": "#000000"}))
    culprit = await done(scene, retitled("B"))
    await done(scene, Write("", "PATCH", "/tasks/{draw}", {"color": "#ffffff"}))
    (conflict,) = refused(await undo(scene, seq), 409, "built-upon")["conflicts"]
    assert (conflict["seq"], conflict["type"]) == (culprit, "task.updated")


async def test_what_others_have_done_to_other_fields_stays(scene: Scene) -> None:
    """Seen to fail with whole rows written back."""
    seq = await done(scene, retitled("A"))
    await done(scene, Write("", "PATCH", "/tasks/{draw}", {"priority": "HIGH"}, by="ivan"))
    await done(scene, MOVE_DRAW)
    assert (await undo(scene, seq)).is_success
    task = (await scene.shown())[scene.names["draw"]]
    moved = (task["priority"], task["column_id"])
    assert (task["title"], *moved) == ("Draw", "HIGH", scene.names["done"])


async def test_what_is_taken_back_once_is_not_taken_back_again(scene: Scene) -> None:
    seq = await done(scene, retitled("A"))
    assert (await undo(scene, seq)).is_success
    (conflict,) = refused(await undo(scene, seq), 409, "built-upon")["conflicts"]
    assert (conflict["seq"], conflict["type"]) == (seq + 1, "change.undone")


async def test_of_two_at_once_one_takes_it_back(
    scene: Scene, db: asyncpg.Connection, database_url: str
) -> None:
    seq = await done(scene, retitled("A"))
    async with rival_on(scene.board, database_url, db) as rival:
        both = [asyncio.ensure_future(undo(scene, seq, by)) for by in ("anna", "ivan")]
        await all_wait(db, both[0])
        await rival.do("commit")
        answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_place_that_is_taken_becomes_the_next_one_below(scene: Scene) -> None:
    """Seen to fail with the old key written whoever has it."""
    anna, todo = scene.people["anna"], scene.names["todo"]
    await done(scene, CREATE_TASK)
    new = scene.names["new"]
    seq = await done(scene, Write("", "POST", "/tasks/{new}/move", {"at": "top"}))
    await done(scene, CREATE_TASK)  # takes the place that became free
    assert (await undo(scene, seq)).is_success
    order = [task["id"] for task in await anna.items(f"/columns/{todo}/tasks")]
    places = [scene.names["draw"], scene.names["paint"], scene.names["new"], new]
    assert order == places


async def test_a_hard_limit_holds(scene: Scene, db: asyncpg.Connection) -> None:
    """Seen to fail without the check."""
    seq = await done(scene, Write("", "DELETE", "/tasks/{sleep}", {}))
    await done(scene, Write("", "POST", "/tasks", {"column_id": "{full}", "title": "Say"}))
    before = await stored(db, scene.board)
    refused(await undo(scene, seq), 409, "column-full", limit=1, current=1)
    assert await stored(db, scene.board) == before


async def test_an_assignment_of_somebody_who_has_left_does_not_come_back(scene: Scene) -> None:
    """Seen to fail with all assignments written: the database refuses them."""
    seq = await done(scene, DELETE_DRAW)
    await done(scene, REMOVE_IVAN)
    assert (await undo(scene, seq)).is_success
    task = (await scene.shown())[scene.names["draw"]]
    assert [person["id"] for person in task["assignees"]] == [scene.names["anna"]]
    assert task["author"]["id"] == scene.names["ivan"]


async def test_a_task_comes_back_without_an_author_who_is_gone(scene: Scene) -> None:
    seq = await done(scene, DELETE_DRAW)
    assert (await scene.people["ivan"].delete(f"/users/{scene.names['ivan']}")).is_success
    assert (await undo(scene, seq)).is_success
    assert (await scene.shown())[scene.names["draw"]]["author"] is None


async def test_a_person_comes_back_to_the_tasks_that_are_still_there(scene: Scene) -> None:
    seq = await done(scene, REMOVE_IVAN)
    await done(scene, DELETE_DRAW)
    assert (await undo(scene, seq)).is_success
    shown = await scene.shown()
    assert [person["id"] for person in shown[scene.names["paint"]]["assignees"]] == [
        scene.names["ivan"]
    ]


async def test_an_id_that_another_board_has_by_now_is_refused(
    scene: Scene, cleaner: asyncpg.Connection
) -> None:
    seq = await done(scene, DELETE_DRAW)
    anna = scene.people["anna"]
    column = await anna.column(await anna.board())
    await free_again(cleaner, scene.names["draw"])
    new = {"id": scene.names["draw"], "column_id": column["id"], "title": "Draw"}
    assert (await anna.post("/tasks", **new)).status_code == 201  # the old one's comments wait yet
    refused(await undo(scene, seq), 409, "already-exists")


@pytest.mark.parametrize("write", [w for w in WRITES if w.kind.startswith("user.")], ids=str)
async def test_what_people_do_with_their_accounts_is_not_taken_back(
    scene: Scene, write: Write
) -> None:
    await scene.do(write)
    refused(await undo(scene, await seq_of(scene)), 409, "not-undoable")


async def test_the_making_of_a_board_is_not_taken_back(scene: Scene) -> None:
    refused(await undo(scene, 1), 409, "not-undoable")


async def test_nobody_comes_back_whose_account_is_gone_or_disabled(
    scene: Scene, cleaner: asyncpg.Connection
) -> None:
    seq = await done(scene, REMOVE_IVAN)
    await cleaner.execute("update users set is_active = false where id = $1", scene.names["ivan"])
    refused(await undo(scene, seq), 409, "account-disabled")
    await cleaner.execute("set session_replication_role = replica")  # nothing refers to it then
    await cleaner.execute("delete from users where id = $1", scene.names["ivan"])
    refused(await undo(scene, seq), 409, "not-undoable")


async def test_a_number_that_is_no_event_of_this_board_is_not_found(scene: Scene) -> None:
    anna: Person = scene.people["anna"]
    for seq in (await seq_of(scene) + 1, 2**31 - 1):
        refused(await undo(scene, seq), 404, "not-found")
    for wrong in (0, -1, 2**31, "7", 1.5, None):
        answer = await anna.post(f"/boards/{scene.board}/undo", seq=wrong)
        assert answer.status_code == 422


async def test_it_is_safe_to_repeat_and_to_try_out(scene: Scene, db: asyncpg.Connection) -> None:
    seq = await done(scene, retitled("A"))
    before = await stored(db, scene.board)
    tried: Json = (await undo(scene, seq, headers={"Prefer": "dry-run"})).json()
    assert [event["type"] for event in tried["events"]] == ["change.undone"]
    assert tried["counts"] == {"tasks": {"created": 0, "changed": 1, "deleted": 0}}
    assert await stored(db, scene.board) == before
    answers = [await undo(scene, seq, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"


async def test_a_column_that_was_too_full_before_may_be_so_again(scene: Scene) -> None:
    """Seen to fail with the limit alone."""
    await done(
        scene, Write("", "PATCH", "/columns/{todo}", {"task_limit": 1, "limit_is_hard": True})
    )
    seq = await done(scene, DELETE_DRAW)
    assert (await undo(scene, seq)).is_success
