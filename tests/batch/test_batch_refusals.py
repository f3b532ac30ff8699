"""What a batch refuses, and how it says which operation it was."""

import asyncpg
import pytest

from api import Api, Json, Person
from batches import done, look, op, send
from checks import invalid, refused
from doska.boards.operations import operations
from doska.schemas import new_id
from log_scene import Scene, scene_of
from operations import DOCUMENT
from works import a_column, a_task

ACCESS = {
    described["operationId"]: described["x-access"]
    for path in DOCUMENT["paths"].values()
    for described in path.values()
}
OF_COLUMNS = [
    op("create_column", {"title": "A"}),
    op("update_column", {"title": "A"}, column_id="{todo}"),
    op("move_column", {"at": "bottom"}, column_id="{todo}"),
    op("delete_column", column_id="{empty}"),
]


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


def test_an_operation_needs_the_right_that_its_endpoint_needs() -> None:
    """Seen to fail with a ``delete_column`` that EDIT_TASKS is enough for."""
    for name, kind in operations().items():
        (access,) = ACCESS[name]
        assert access["right"] == kind.right, name
    (access,) = ACCESS["run_batch"]
    assert access == {"rule": "role", "right": "COMMENT", "on": "board", "in": "path.board_id"}


@pytest.mark.parametrize("refused_one", OF_COLUMNS, ids=lambda operation: str(operation["op"]))
async def test_a_member_does_nothing_with_columns_in_a_batch(
    scene: Scene, db: asyncpg.Connection, refused_one: Json
) -> None:
    """Seen to fail with rights of operations that are not asked for."""
    before, names = await look(db, scene.board), scene.names
    filled = {k: v.format(**names) if isinstance(v, str) else v for k, v in refused_one.items()}
    own = op("delete_task", task_id=names["draw"])
    answer = await send(scene.people["ivan"], scene.board, own, filled)
    refused(answer, 403, "not-allowed", operation=1, role="MEMBER")
    assert await look(db, scene.board) == before


async def test_who_may_not_work_on_the_board_is_refused_as_a_whole(scene: Scene) -> None:
    own = op("delete_task", task_id=scene.names["draw"])
    answer = await send(scene.people["vera"], scene.board, own)
    assert "operation" not in refused(answer, 403, "not-allowed")
    assert "operation" not in refused(
        await send(scene.people["stranger"], scene.board, own), 404, "not-found"
    )


async def two_boards(api: Api) -> tuple[Person, dict[str, str], dict[str, str]]:
    """Give somebody with two boards, and what is on each."""
    anna = await api.user()
    boards = []
    for _ in range(2):
        board = await anna.board()
        columns = [await anna.column(board), await anna.column(board)]
        task = await anna.task(columns[0])
        subtask = await anna.subtask(task)
        made = {"board": board, "column": columns[0], "to": columns[1], "task": task}
        boards.append({k: str(v["id"]) for k, v in {**made, "subtask": subtask}.items()})
    return anna, boards[0], boards[1]


def with_ids(own: dict[str, str], other: dict[str, str]) -> list[Json]:
    """Write each operation once for each id that it takes, with another board's in its place."""
    return [
        op("update_column", {"title": "B"}, column_id=other["column"]),
        op("move_column", {"at": "bottom"}, column_id=other["column"]),
        op("move_column", {"after": other["to"]}, column_id=own["column"]),
        op("delete_column", column_id=other["to"]),
        op("delete_column", column_id=other["column"], tasks="delete"),
        op("delete_column", column_id=own["column"], tasks="move", to=other["to"]),
        op("create_task", {"title": "B", "column_id": other["column"]}),
        op("update_task", {"title": "B"}, task_id=other["task"]),
        op("update_task", {"column_id": other["to"]}, task_id=own["task"]),
        op("move_task", {"at": "top"}, task_id=other["task"]),
        op("move_task", {"after": other["task"]}, task_id=own["task"]),
        op("move_task", {"at": "top", "column_id": other["to"]}, task_id=own["task"]),
        op("assign_task", task_id=other["task"], user_id=new_id()),
        op("unassign_task", task_id=other["task"], user_id=new_id()),
        op("delete_task", task_id=other["task"]),
        op("create_subtask", {"title": "B", "task_id": other["task"]}),
        op("update_subtask", {"title": "B"}, subtask_id=other["subtask"]),
        op("move_subtask", {"at": "top"}, subtask_id=other["subtask"]),
        op("move_subtask", {"after": other["subtask"]}, subtask_id=own["subtask"]),
        op("delete_subtask", subtask_id=other["subtask"]),
    ]


async def test_what_is_on_another_board_does_not_exist(api: Api, db: asyncpg.Connection) -> None:
    """Also on one's own. Seen to fail with tasks, and with columns, that are read from every board."""
    anna, own, other = await two_boards(api)
    before = [await look(db, board["board"]) for board in (own, other)]
    never = dict.fromkeys(other, new_id())
    for foreign, unknown in zip(with_ids(own, other), with_ids(own, never), strict=True):
        answers = [(await send(anna, own["board"], o)).json() for o in (foreign, unknown)]
        told = [{k: v for k, v in answer.items() if k != "request_id"} for answer in answers]
        assert told[0] == told[1]
        assert (told[0]["status"], told[0]["operation"]) == (404, 0), foreign
    assert [await look(db, board["board"]) for board in (own, other)] == before


async def test_a_column_for_another_board_is_refused(api: Api) -> None:
    anna, own, other = await two_boards(api)
    column = op("create_column", {"title": "B", "board_id": other["board"]})
    invalid(await send(anna, own["board"], column), "/body/operations/0/body/board_id")


async def test_people_who_are_not_on_the_board_are_pointed_at(api: Api) -> None:
    anna, board, task = await a_task(api)
    stranger = await api.user()
    same = op("update_task", {}, task_id=task["id"])
    assigning = op("assign_task", task_id=task["id"], user_id=stranger.id)
    answer = await send(anna, board["id"], same, assigning)
    invalid(answer, "/body/operations/1/user_id", kind="not-on-board")
    both = op("update_task", {"assignee_ids": [anna.id, stranger.id]}, task_id=task["id"])
    answer = await send(anna, board["id"], same, same, both)
    invalid(answer, "/body/operations/2/body/assignee_ids/1", kind="not-on-board")
    assert answer.json()["operation"] == 2


async def test_a_refusal_is_that_of_the_endpoint(api: Api) -> None:
    """But for the number of the operation."""
    anna, board, column = await a_column(api, task_limit=1, limit_is_hard=True)
    await anna.task(column)
    body = {"column_id": column["id"], "title": "One more"}
    alone = refused(await anna.post("/tasks", **body), 409, "column-full")
    answer = await send(anna, board["id"], op("create_task", body))
    told = refused(answer, 409, "column-full")
    assert told == {**alone, "request_id": told["request_id"], "operation": 0}
    for beside in ({"tasks": "move"}, {"to": column["id"]}):
        answer = await send(
            anna, board["id"], op("delete_column", column_id=column["id"], **beside)
        )
        invalid(answer, "/body/operations/0/to")


@pytest.mark.parametrize("whose", ["own", "other", "batch"])
@pytest.mark.parametrize("noun", ["column", "task", "subtask"])
async def test_an_id_that_exists_is_named_by_its_operation(
    api: Api, db: asyncpg.Connection, noun: str, whose: str
) -> None:
    """Seen to fail with what the database alone says when all is written."""
    anna, own, other = await two_boards(api)
    places = {"column": {}, "task": {"column_id": own["column"]}}
    place = places.get(noun, {"task_id": own["task"]})
    taken = {"own": own[noun], "other": other[noun], "batch": new_id()}[whose]
    first = op(
        f"create_{noun}", {"title": "A", "id": taken if whose == "batch" else new_id(), **place}
    )
    before = await look(db, own["board"])
    again = op(f"create_{noun}", {"title": "B", "id": taken.upper(), **place})
    refused(await send(anna, own["board"], first, again), 409, "already-exists", operation=1)
    assert await look(db, own["board"]) == before


@pytest.mark.parametrize("given", ["2", '"2"', 'W/"2"', '"2.5f0c2a"', "*", "9", '"9"'])
async def test_a_version_is_compared_as_it_is_at_that_point(api: Api, given: str) -> None:
    """Seen to fail with the version that the task had before the batch."""
    anna, board, task = await a_task(api)
    first = op("update_task", {"title": "A"}, task_id=task["id"], if_match="1")
    second = op("update_task", {"title": "B"}, task_id=task["id"], if_match=given)
    answer = await send(anna, board["id"], first, second)
    if "9" not in given:
        assert [result["version"] for result in answer.json()["results"]] == [2, 3]
        return
    problem = refused(answer, 412, "precondition-failed", operation=1)
    assert (problem["current"]["title"], problem["current"]["version"]) == ("A", 2)
    assert answer.headers["etag"] == '"2"'
    assert (await anna.read(f"/tasks/{task['id']}")) == task


@pytest.mark.parametrize("noun", ["column", "task", "subtask"])
async def test_what_has_changed_is_shown_as_its_endpoint_shows_it(api: Api, noun: str) -> None:
    anna, own, _ = await two_boards(api)
    for name in (f"update_{noun}", f"move_{noun}", f"delete_{noun}"):
        body = {"update": {}, "move": {"at": "top"}}.get(name.partition("_")[0])
        one = op(name, body, if_match="7", **{f"{noun}_id": own[noun]})
        problem = refused(await send(anna, own["board"], one), 412, "precondition-failed")
        assert problem["current"] == await anna.read(f"/{noun}s/{own[noun]}")


@pytest.mark.parametrize("given", ["", "x", "3.", "-1", '"a"', '"3', "9" * 11, None, 3])
async def test_a_version_that_is_none_is_refused(api: Api, given: object) -> None:
    anna, board, task = await a_task(api)
    one = op("delete_task", task_id=task["id"], if_match=given)
    if given is None:
        await done(anna, board["id"], one)
    else:
        invalid(await send(anna, board["id"], one), "/body/operations/0/if_match")


async def test_what_makes_something_new_has_no_version(api: Api) -> None:
    anna, board, column = await a_column(api)
    one = op("create_task", {"title": "A", "column_id": column["id"]}, if_match="1")
    invalid(await send(anna, board["id"], one), "/body/operations/0/if_match")
