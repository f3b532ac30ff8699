"""Columns in the archive: hidden with their tasks, which stay as they are, and restored."""

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from casts import board_with
from checks import events, refused, seq_of
from following import follow, kept_by
from works import at, ids

Scene = tuple[Person, Json, list[Json], list[Json]]


async def a_scene(api: Api) -> Scene:
    """Give a board with three columns, the second of which has a task, an archived one, and is archived."""
    anna = await api.user()
    board = await anna.board(columns=["A", "B", "C"])
    columns = await anna.items(f"/boards/{board['id']}/columns")
    tasks = [
        await anna.task(columns[1], "Open"),
        await anna.task(columns[1], "Away", is_archived=True),
    ]
    tasks.append(await anna.task(columns[0], "Shown"))
    await archive(anna, columns[1])
    return anna, board, columns, tasks


def path(column: Json) -> str:
    return f"/columns/{column['id']}"


async def archive(person: Person, column: Json, *, is_archived: bool = True) -> Json:
    answer = await person.patch(path(column), is_archived=is_archived)
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    assert changed["is_archived"] is is_archived
    return changed


async def titles(person: Person, address: str, **query: str) -> list[str]:
    return [thing["title"] for thing in await person.items(address, **query)]


async def test_an_archived_column_is_hidden_with_its_tasks_which_stay_as_they_are(api: Api) -> None:
    anna, board, columns, tasks = await a_scene(api)
    where = f"/boards/{board['id']}"

    shown = await anna.read(f"{where}/snapshot")
    assert [column["title"] for column in shown["columns"]] == ["A", "C"]
    assert ids(shown["tasks"]) == [tasks[2]["id"]]
    assert await titles(anna, "/tasks", board_id=board["id"]) == ["Shown"]
    assert await titles(anna, "/tasks", q="Open") == []
    assert (await anna.items("/boards", sort="-created_at"))[0]["task_count"] == 1

    assert await anna.read(at(tasks[0])) == tasks[0]
    assert await anna.read(at(tasks[1])) == tasks[1]
    column = await anna.read(path(columns[1]))
    assert (column["rank"], column["is_archived"], column["version"]) == (None, True, 2)


async def test_what_is_hidden_is_listed_when_it_is_asked_for(api: Api) -> None:
    anna, board, columns, _ = await a_scene(api)
    of_board = {"board_id": board["id"]}

    for address, query in ((f"/boards/{board['id']}/columns", {}), ("/columns", of_board)):
        assert await titles(anna, address, **query) == ["A", "C"]
        assert await titles(anna, address, archived="true", **query) == ["B"]
        assert await titles(anna, address, archived="all", **query) == ["A", "C", "B"]
        listed = await anna.items(address, archived="all", **query)
        assert [column["task_count"] for column in listed] == [1, 0, 1]
        page = await anna.read(address, archived="all", limit=2, **query)
        page = await anna.read(address, archived="all", cursor=page["next_cursor"], **query)
        assert [column["title"] for column in page["items"]] == ["B"]
    assert await titles(anna, "/columns", archived="all", sort="-rank", **of_board) == [
        "B",
        "C",
        "A",
    ]
    assert await titles(anna, f"{path(columns[1])}/tasks") == ["Open"]
    assert await titles(anna, "/tasks", column_id=columns[1]["id"]) == ["Open"]
    assert await titles(anna, "/tasks", archived="true", **of_board) == ["Away"]
    assert await titles(anna, "/tasks", archived="all", **of_board) == ["Open", "Away", "Shown"]


async def test_restored_it_stands_at_the_right_end_with_its_tasks(api: Api) -> None:
    anna, board, columns, tasks = await a_scene(api)
    async with events(anna, board, 2):
        restored = await archive(anna, columns[1], is_archived=False)
        await archive(anna, columns[1], is_archived=False)  # which changes nothing
        await archive(anna, columns[0])
        await archive(anna, columns[0])
    assert await titles(anna, f"/boards/{board['id']}/columns") == ["C", "B"]
    assert restored["rank"] > columns[2]["rank"]
    assert ids((await anna.read(f"/boards/{board['id']}/snapshot"))["tasks"]) == [tasks[0]["id"]]
    put = await anna.put(path(columns[0]), title="A")  # as of a task, fields left out are defaults
    assert not put.json()["is_archived"]


async def test_a_column_may_be_archived_from_the_first(api: Api) -> None:
    anna, board, _, _ = await a_scene(api)
    made = await anna.column(board, "Old", is_archived=True)
    assert (made["rank"], made["is_archived"]) == (None, True)
    feed = await anna.items(f"/boards/{board['id']}/activity", limit=1)
    assert "created the column “Old”; archived" in feed[0]["text"]


async def test_a_column_is_archived_exactly_when_it_has_no_rank(
    api: Api, db: asyncpg.Connection
) -> None:
    _, _, columns, _ = await a_scene(api)
    for change, column in (("rank = 'a9'", 1), ("rank = null", 0), ("archived_at = now()", 0)):
        with pytest.raises(asyncpg.CheckViolationError, match="columns_archived_without_rank"):
            await db.execute(f"update columns set {change} where id = $1", columns[column]["id"])


BATCHED = [
    ("create_task", {"body": {"column_id": "{B}", "title": "X"}}),
    ("update_task", {"task_id": "{Shown}", "body": {"column_id": "{B}"}}),
    ("update_task", {"task_id": "{Away}", "body": {"is_archived": False}}),
    ("move_task", {"task_id": "{Shown}", "body": {"column_id": "{B}"}}),
    ("move_task", {"task_id": "{Shown}", "body": {"before": "{Open}"}}),
    ("move_task", {"task_id": "{Open}", "body": {"at": "top"}}),
    ("delete_column", {"column_id": "{A}", "tasks": "move", "to": "{B}"}),
    ("move_column", {"column_id": "{B}", "body": {"at": "top"}}),
    ("move_column", {"column_id": "{A}", "body": {"after": "{B}"}}),
]
ALONE = [
    ("POST", "/tasks", {"column_id": "{B}", "title": "X"}),
    ("POST", "/tasks", {"column_id": "{B}", "title": "X", "is_archived": True}),
    ("PATCH", "/tasks/{Shown}", {"column_id": "{B}"}),
    ("PUT", "/tasks/{Shown}", {"title": "X", "column_id": "{B}", "is_archived": True}),
    ("PATCH", "/tasks/{Away}", {"is_archived": False}),
    ("POST", "/tasks/{Shown}/move", {"column_id": "{B}"}),
    ("POST", "/tasks/{Shown}/move", {"before": "{Open}"}),
    ("POST", "/tasks/{Open}/move", {"at": "top"}),
    ("POST", "/columns/{B}/move", {"at": "top"}),
    ("POST", "/columns/{A}/move", {"after": "{B}"}),
    ("DELETE", "/columns/{A}", {"tasks": "move", "to": "{B}"}),
]  # fmt: skip


async def test_nothing_comes_into_an_archived_column_or_beside_it(api: Api) -> None:
    """Alone or in a batch; and nothing is changed."""
    anna, board, columns, tasks = await a_scene(api)
    names = {thing["title"]: thing["id"] for thing in [*columns, *tasks]}

    def filled(value: object) -> object:
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return value.format(**names) if isinstance(value, str) else value

    async with events(anna, board, 0):
        for method, address, body in ALONE:
            where = "params" if method == "DELETE" else "json"
            answer = await anna.send(method, address.format(**names), **{where: filled(body)})
            refused(answer, 409, "column-archived", column_id=columns[1]["id"])
        for op, fields in BATCHED:
            operations = [{"op": op, **filled(fields)}]  # type: ignore[dict-item]
            answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations)
            refused(answer, 409, "column-archived", column_id=columns[1]["id"])


async def test_its_tasks_may_be_changed_and_taken_out_of_it(api: Api) -> None:
    """Whoever follows the board has not had what comes out: all of it is told."""
    anna, board, columns, tasks = await a_scene(api)
    kept = await kept_by(anna, board["id"])
    assert (await anna.patch(at(tasks[0]), title="Open still")).json()["column_id"] == columns[1][
        "id"
    ]
    await follow(anna, kept)
    ways = [
        anna.post(f"{at(tasks[0])}/move", column_id=columns[0]["id"]),
        anna.patch(at(tasks[0]), column_id=columns[0]["id"]),
        anna.post(f"/boards/{board['id']}/batch", operations=[
            {"op": "move_task", "task_id": tasks[0]["id"], "body": {"column_id": columns[0]["id"]}}]),
        anna.patch(at(tasks[1]), column_id=columns[0]["id"], is_archived=False),
    ]  # fmt: skip
    for way in ways:
        assert (await way).is_success
        await follow(anna, kept)
        undone = await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board))
        assert undone.status_code == 200  # back into the archived column, as it was
        await follow(anna, kept)
        again = await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board))
        assert again.status_code == 200
        await follow(anna, kept)
        assert (
            await anna.post(f"/boards/{board['id']}/undo", seq=undone.json()["seq"] + 1)
        ).is_success
    assert (await anna.delete(at(tasks[0]))).status_code == 204
    await follow(anna, kept)


async def test_a_status_leads_to_no_archived_column(api: Api) -> None:
    anna = await api.user()
    (home,) = [board for board in await anna.items("/boards") if board["title"] == "My tasks"]
    columns = await anna.items(f"/boards/{home['id']}/columns")
    await archive(anna, columns[2])
    done = await anna.make("/tasks", title="Done", status="DONE")
    assert done["column_id"] == columns[0]["id"]
    assert (await anna.patch(at(done), status="IN_PROGRESS")).json()["column_id"] == columns[1][
        "id"
    ]
    body = {"op": "update_task", "task_id": done["id"], "body": {"status": "DONE"}}
    await anna.post(f"/boards/{home['id']}/batch", operations=[body])
    assert (await anna.read(at(done)))["column_id"] == columns[1]["id"]
    for column in columns[:2]:
        await archive(anna, column)
    refused(await anna.post("/tasks", title="Nowhere"), 409, "no-column")


async def test_archived_columns_count_toward_the_limit_of_a_board(database_url: str) -> None:
    async with another_api(database_url, columns_per_board_max=3) as few:
        anna, board, columns, _ = await a_scene(few)
        refused(await anna.post("/columns", board_id=board["id"], title="D"), 409, "limit-reached")
        operations = [{"op": "create_column", "body": {"title": "D"}}]
        answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations)
        refused(answer, 409, "limit-reached", limit=3)
        assert (await anna.delete(path(columns[1]), tasks="delete")).status_code == 204
        assert (await anna.post("/columns", board_id=board["id"], title="D")).status_code == 201
        undo = await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board) - 1)
        refused(undo, 409, "limit-reached")


async def test_archiving_and_restoring_are_undone_and_followed(api: Api) -> None:
    anna, board, columns, tasks = await a_scene(api)
    kept, before = await kept_by(anna, board["id"]), await seq_of(anna, board)
    undone = await anna.post(f"/boards/{board['id']}/undo", seq=before)
    assert undone.json()["payload"]["columns"][0]["from_archive"] is True
    assert await titles(anna, f"/boards/{board['id']}/columns") == ["A", "B", "C"]
    await follow(anna, kept)
    for _ in range(2):  # archived anew, and restored
        assert (
            await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board))
        ).is_success
        await follow(anna, kept)
    await archive(anna, columns[1])
    await anna.delete(path(columns[1]), tasks="move", to=columns[2]["id"])
    await follow(anna, kept)
    assert (await anna.read(at(tasks[0])))["column_id"] == columns[2]["id"]
    assert (
        await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board))
    ).is_success
    await follow(anna, kept)
    assert (await anna.read(path(columns[1])))["is_archived"]
    past = await anna.read(f"/boards/{board['id']}/snapshot", at=before - 1)
    assert [column["title"] for column in past["columns"]] == ["A", "B", "C"]
    assert tasks[0]["id"] in ids(past["tasks"])
    past = await anna.read(f"/boards/{board['id']}/snapshot", at=before)
    assert ids(past["tasks"]) == [tasks[2]["id"]]


async def test_a_move_of_what_is_archived_since_is_built_upon(api: Api) -> None:
    anna, board, columns, _ = await a_scene(api)
    await anna.post(f"{path(columns[0])}/move", at="bottom")
    moved = await seq_of(anna, board)
    await archive(anna, columns[0])
    refused(await anna.post(f"/boards/{board['id']}/undo", seq=moved), 409, "built-upon")


async def test_a_batch_restores_fills_and_archives(api: Api) -> None:
    anna, board, columns, _ = await a_scene(api)
    kept = await kept_by(anna, board["id"])
    operations = [
        {"op": "update_column", "column_id": columns[1]["id"], "body": {"is_archived": False}},
        {"op": "create_task", "body": {"column_id": columns[1]["id"], "title": "New"}},
        {"op": "update_column", "column_id": columns[0]["id"], "body": {"is_archived": True}},
        {"op": "create_column", "body": {"title": "D"}},
    ]
    answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations)
    assert answer.status_code == 200, answer.text
    await follow(anna, kept)
    assert await titles(anna, f"/boards/{board['id']}/columns") == ["C", "B", "D"]
    assert await titles(anna, f"{path(columns[1])}/tasks") == ["Open", "New"]


async def test_it_is_told_in_words(api: Api) -> None:
    anna, board, columns, _ = await a_scene(api)
    await archive(anna, columns[1], is_archived=False)
    for language, words in (
        ("en", ["restored the column “B” from the archive", "archived the column “B”"]),
        ("ru", ["колонка «B» возвращена из архива", "колонка «B» отправлена в архив"]),
    ):
        answer = await anna.send(
            "GET",
            f"/boards/{board['id']}/activity?limit=2",
            headers={"accept-language": language},
        )
        for item, text in zip(answer.json()["items"], words, strict=True):
            assert text in item["text"]


@pytest.mark.parametrize(
    ("role", "status"), [("MODERATOR", 200), ("MEMBER", 403), ("OBSERVER", 403)]
)
async def test_who_may_edit_the_board_archives_its_columns(
    api: Api, role: str, status: int
) -> None:
    anna, boris, board = await board_with(api, role)
    column = await anna.column(board)
    assert (await boris.patch(path(column), is_archived=True)).status_code == status


async def test_a_batch_sees_columns_as_its_earlier_operations_have_left_them(api: Api) -> None:
    anna, board, columns, tasks = await a_scene(api)
    a, b, c = (column["id"] for column in columns)
    shown = tasks[2]["id"]
    await anna.patch(path(columns[2]), status="DONE")

    def of(column_id: str, *, is_archived: bool) -> Json:
        body = {"is_archived": is_archived}
        return {"op": "update_column", "column_id": column_id, "body": body}

    async def batch(*operations: Json) -> httpx.Response:
        return await anna.post(f"/boards/{board['id']}/batch", operations=list(operations))

    into_a = {"op": "create_task", "body": {"column_id": a, "title": "X"}}
    async with events(anna, board, 0):
        for operation in (
            into_a,
            {"op": "move_task", "task_id": tasks[0]["id"], "body": {"column_id": a}},
            {"op": "delete_column", "column_id": c, "tasks": "move", "to": a},
            {"op": "move_column", "column_id": c, "body": {"before": a}},
        ):
            refused(await batch(of(a, is_archived=True), operation), 409, "column-archived")
    done = {"op": "update_task", "task_id": shown, "body": {"status": "DONE"}}
    assert (await batch(of(a, is_archived=True), of(c, is_archived=True), done)).is_success
    task = await anna.read(at(tasks[2]))
    assert (task["column_id"], task["status"]) == (a, "DONE")
    back = [of(one, is_archived=False) for one in (b, a)]
    into_b = {"op": "create_task", "body": {"column_id": b, "title": "Y"}}
    moves = {"op": "move_column", "column_id": a, "body": {"before": b}}
    assert (await batch(*back, into_b, moves)).is_success
    assert await titles(anna, f"/boards/{board['id']}/columns") == ["A", "B"]
    assert await titles(anna, f"/columns/{b}/tasks") == ["Open", "Y"]
    assert (await batch(into_a)).is_success
