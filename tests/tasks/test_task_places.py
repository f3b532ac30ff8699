"""How column, status, completion, archive and limits of a task go together."""

import pytest

from api import Api, Json, Person
from checks import events, invalid, refused
from doska.schemas import new_id
from works import a_column, a_task, at, order

FULL: Json = {"task_limit": 1, "limit_is_hard": True}


async def status_columns(api: Api) -> tuple[Person, dict[str, Json]]:
    """Give somebody with a board that has a column for each status but one, and one for none."""
    anna = await api.user()
    board = await anna.board()
    columns = {s: await anna.column(board, s, status=s) for s in ("TODO", "IN_PROGRESS", "DONE")}
    return anna, {**columns, "none": await anna.column(board, "none")}


async def two_columns(
    api: Api, **fields: object
) -> tuple[Person, Json, dict[str, Json], dict[str, Json]]:
    """Give somebody with tasks A, B in one column, X in another that has these fields."""
    anna = await api.user()
    board = await anna.board()
    here, there = await anna.column(board), await anna.column(board)
    tasks = {name: await anna.task(here, name) for name in "AB"}
    tasks["X"] = await anna.task(there, "X")
    await anna.patch(f"/columns/{there['id']}", **fields)
    return anna, board, {"here": here, "there": there}, tasks


async def test_a_task_is_completed_as_long_as_it_is_done(api: Api) -> None:
    anna, _, task = await a_task(api)

    done = (await anna.patch(at(task), status="завершена")).json()
    assert done["completed_at"] == done["updated_at"]
    renamed = (await anna.patch(at(task), title="A")).json()
    assert renamed["completed_at"] == done["completed_at"] < renamed["updated_at"]
    again = (await anna.put(at(task), title="B", status="DONE")).json()
    assert again["completed_at"] == done["completed_at"]
    assert (await anna.patch(at(task), status="REJECTED")).json()["completed_at"] is None


@pytest.mark.parametrize("given", ["task", "column"])
async def test_a_task_that_is_made_done_is_completed_since_then(api: Api, given: str) -> None:
    status = {"status": "DONE"}
    anna, _, column = await a_column(api, **(status if given == "column" else {}))

    task = await anna.task(column, **(status if given == "task" else {}))

    assert (task["status"], task["completed_at"]) == ("DONE", task["created_at"])


async def test_a_task_takes_the_status_of_its_column_unless_it_names_one(api: Api) -> None:
    anna, _, column = await a_column(api, status="IN_PROGRESS")

    assert (await anna.task(column))["status"] == "IN_PROGRESS"
    rejected = await anna.task(column, status="REJECTED")
    assert rejected["status"] == "REJECTED"
    assert (await anna.put(at(rejected), title="A")).json()["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_another_column_takes_a_task_at_its_bottom(api: Api, method: str) -> None:
    anna, board, columns, tasks = await two_columns(api, status="DONE")

    async with events(anna, board, 1):
        body = {"title": "A", "column_id": columns["there"]["id"]}
        response = await anna.send(method, at(tasks["A"]), json=body)

    moved = response.json()
    assert (moved["status"], moved["completed_at"]) == ("DONE", moved["updated_at"])
    assert moved["version"] == 2
    assert await order(anna, columns["here"]) == "B"
    assert await order(anna, columns["there"]) == "XA"


async def test_the_status_that_is_named_counts_more_than_that_of_the_column(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api, status="DONE")

    body = {"column_id": columns["there"]["id"], "status": "REJECTED"}
    moved = (await anna.patch(at(tasks["A"]), **body)).json()

    assert (moved["column_id"], moved["status"]) == (columns["there"]["id"], "REJECTED")
    assert moved["completed_at"] is None


async def test_a_column_of_another_board_is_not_there(api: Api) -> None:
    anna, board, task = await a_task(api)
    own = await anna.column(await anna.board())
    _, _, foreign = await a_column(api)

    async with events(anna, board, 0):
        for column_id in (own["id"], foreign["id"], new_id()):
            for refusal in (
                await anna.patch(at(task), column_id=column_id),
                await anna.put(at(task), title="A", column_id=column_id),
                await anna.post(f"{at(task)}/move", column_id=column_id, at="top"),
            ):
                refused(refusal, 404, "not-found")


async def test_a_new_status_moves_a_task_to_the_column_that_stands_for_it(api: Api) -> None:
    anna, columns = await status_columns(api)
    task = await anna.task(columns["TODO"])
    last = await anna.task(columns["DONE"])

    done = (await anna.patch(at(task), status="DONE")).json()

    assert done["column_id"] == columns["DONE"]["id"]
    assert done["rank"].encode() > last["rank"].encode()


async def test_a_new_status_that_no_column_stands_for_leaves_a_task_in_its_place(api: Api) -> None:
    anna, columns = await status_columns(api)
    task, free = await anna.task(columns["TODO"]), await anna.task(columns["none"])

    rejected = (await anna.patch(at(task), status="REJECTED")).json()
    done = (await anna.patch(at(free), status="DONE")).json()

    assert [rejected["column_id"], rejected["rank"]] == [task["column_id"], task["rank"]]
    assert [done["column_id"], done["rank"]] == [free["column_id"], free["rank"]]


async def test_a_move_changes_the_place_and_what_comes_with_it_and_nothing_else(api: Api) -> None:
    anna, board, columns, tasks = await two_columns(api, status="IN_PROGRESS")

    async with events(anna, board, 1):
        moved = (await anna.post(f"{at(tasks['A'])}/move", before=tasks["X"]["id"])).json()

    named = ("column_id", "status", "rank", "version", "updated_at")
    assert moved == {**tasks["A"], **{name: moved[name] for name in named}}
    assert (moved["status"], moved["version"]) == ("IN_PROGRESS", 2)
    assert await order(anna, columns["there"]) == "AX"


async def test_a_move_within_a_column_keeps_the_status(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api, status="DONE")
    below = await anna.task(columns["there"], "Y", status="TODO")

    moved = (await anna.post(f"{at(below)}/move", before=tasks["X"]["id"])).json()

    assert (moved["status"], moved["completed_at"]) == ("TODO", None)
    assert await order(anna, columns["there"]) == "YX"


async def test_a_move_names_a_place_and_a_task_that_there_is(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api)
    move = f"{at(tasks['A'])}/move"

    invalid(await anna.post(move), "/body")
    invalid(await anna.post(move, at="bottom", after=tasks["X"]["id"]), "/body")
    invalid(await anna.post(move, at="left"), "/body/at")
    refused(await anna.post(move, after=new_id()), 404, "not-found")
    elsewhere = {"column_id": columns["here"]["id"], "after": tasks["X"]["id"]}
    refused(await anna.post(move, **elsewhere), 409, "neighbour-elsewhere")


async def test_an_archived_task_has_no_place(api: Api) -> None:
    anna, board, columns, tasks = await two_columns(api)

    async with events(anna, board, 1):
        archived = (await anna.patch(at(tasks["A"]), is_archived=True)).json()

    assert (archived["is_archived"], archived["rank"], archived["version"]) == (True, None, 2)
    assert await order(anna, columns["here"]) == "B"
    refused(await anna.post(f"{at(tasks['A'])}/move", at="top"), 409, "task-archived")


async def test_a_restored_task_goes_to_the_bottom(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api)
    await anna.patch(at(tasks["A"]), is_archived=True)

    restored = (await anna.patch(at(tasks["A"]), is_archived=False)).json()

    assert (restored["is_archived"], restored["version"]) == (False, 3)
    assert await order(anna, columns["here"]) == "BA"


async def test_an_archived_task_can_be_changed_and_stays_archived(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api, **FULL)
    await anna.patch(at(tasks["A"]), is_archived=True)

    body = {"title": "C", "column_id": columns["there"]["id"]}
    changed = (await anna.patch(at(tasks["A"]), **body)).json()

    assert changed.items() >= {**body, "is_archived": True, "rank": None}.items()
    restoring = await anna.patch(at(tasks["A"]), is_archived=False)
    refused(restoring, 409, "column-full", limit=1, current=1)


async def test_a_hard_limit_refuses_every_way_in(api: Api) -> None:
    """Seen to fail with a hard limit that only new tasks are measured by."""
    anna, board, columns, tasks = await two_columns(api, **FULL, status="DONE")
    await anna.patch(f"/columns/{columns['here']['id']}", status="TODO")
    full = columns["there"]["id"]

    async with events(anna, board, 0):
        for refusal in (
            await anna.post("/tasks", column_id=full, title="C"),
            await anna.put(at(tasks["A"]), title="A", column_id=full),
            await anna.patch(at(tasks["A"]), column_id=full),
            await anna.patch(at(tasks["A"]), status="DONE"),
            await anna.post(f"{at(tasks['A'])}/move", column_id=full, at="top"),
        ):
            refused(refusal, 409, "column-full", limit=1, current=1)


async def test_a_full_column_lets_its_own_tasks_change_and_leave(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api, **FULL)

    assert (await anna.put(at(tasks["X"]), title="Y")).status_code == 200
    assert (await anna.post(f"{at(tasks['X'])}/move", at="bottom")).status_code == 200
    moved = await anna.post(f"{at(tasks['X'])}/move", before=tasks["B"]["id"])
    assert moved.status_code == 200
    assert await order(anna, columns["here"]) == "AYB"


async def test_a_soft_limit_only_shows(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api, task_limit=1)

    await anna.task(columns["there"], "Y")
    assert (await anna.patch(at(tasks["A"]), column_id=columns["there"]["id"])).status_code == 200

    assert await order(anna, columns["there"]) == "XYA"


async def test_what_is_archived_does_not_count_towards_a_limit(api: Api) -> None:
    """Seen to fail with a limit that counts the archived ones."""
    anna, _, columns, tasks = await two_columns(api, **FULL)
    await anna.patch(at(tasks["X"]), is_archived=True)

    await anna.task(columns["there"], "Y")
    await anna.task(columns["there"], "Z", is_archived=True)

    assert await order(anna, columns["there"]) == "Y"


async def test_a_limit_below_the_count_puts_nobody_out_and_lets_nobody_in(api: Api) -> None:
    anna, _, columns, tasks = await two_columns(api)
    limited = await anna.patch(f"/columns/{columns['here']['id']}", **FULL)

    assert limited.status_code == 200
    assert await order(anna, columns["here"]) == "AB"
    refusal = await anna.patch(at(tasks["X"]), column_id=columns["here"]["id"])
    refused(refusal, 409, "column-full", limit=1, current=2)
