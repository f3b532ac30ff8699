"""Names for what a batch itself creates, in the place of ids."""

import json
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from batches import check_log, done, look, op, send
from checks import invalid
from doska.schemas import new_id
from operations import DOCUMENT, SCHEMAS
from works import a_column, a_task

API = Path(__file__).parents[2] / "docs" / "api.md"


async def test_a_reference_is_the_id_of_what_an_earlier_operation_creates(api: Api) -> None:
    anna, board, _ = await a_task(api)
    answer = await done(
        anna,
        board["id"],
        op("create_column", {"title": "A", "id": (own := new_id()).upper()}),
        op("create_column", {"title": "B", "id": None}),
        op("create_task", {"title": "A", "column_id": "$0.id"}),
        op("create_task", {"title": "B", "column_id": "$01.id"}),
        op("move_task", {"before": "$2.id"}, task_id="$3.id"),
        op("move_task", {"column_id": "$1.id", "at": "top"}, task_id="$2.id"),
        op("create_subtask", {"title": "A", "task_id": "$2.id"}),
        op("delete_column", column_id="$1.id", tasks="move", to="$0.id"),
    )
    results = answer["results"]
    assert results[0]["id"] == results[2]["column_id"] == results[4]["column_id"] == own
    assert results[5]["column_id"] == results[1]["id"] == results[3]["column_id"]
    tasks = await anna.items(f"/columns/{own}/tasks")
    assert [task["title"] for task in tasks] == ["B", "A"]
    assert tasks[1]["subtasks"]["total"] == 1


@pytest.mark.parametrize("given", ["$1.id", "$2.id", "$0.id", "$99.id"])
async def test_a_reference_to_what_is_not_created_before_is_refused(
    api: Api, db: asyncpg.Connection, given: str
) -> None:
    """Seen to fail with references to later operations, and with ids of what is only changed."""
    anna, board, column = await a_column(api)
    before = await look(db, board["id"])
    one = op("update_column", {"title": "B"}, column_id=column["id"])
    two = op("create_task", {"title": "A", "column_id": given})
    later = op("create_column", {"title": "A"})
    answer = await send(anna, board["id"], one, two, later)
    invalid(answer, "/body/operations/1/body/column_id")
    assert await look(db, board["id"]) == before


@pytest.mark.parametrize(
    "given", ["$0", "$.id", "$100.id", "$0.title", "$-1.id", "$٣.id", " $0.id"]
)
async def test_what_looks_like_a_reference_is_no_id(api: Api, given: str) -> None:
    anna, board, _ = await a_column(api)
    column = op("create_column", {"title": "A"})
    answer = await send(anna, board["id"], column, op("delete_column", column_id=given))
    invalid(answer, "/body/operations/1/column_id")


async def test_texts_and_people_are_no_place_for_references(api: Api) -> None:
    anna, board, column = await a_column(api)
    texts = {"title": "$0.id", "description": "$0.id", "column_id": "$0.id"}
    review = op("create_column", {"title": "$9.id"})
    made, task = (await done(anna, board["id"], review, op("create_task", texts)))["results"]
    assert (made["title"], task["title"], task["description"]) == ("$9.id", "$0.id", "$0.id")
    bad = {"title": "A", "column_id": column["id"], "id": "$0.id", "assignee_ids": ["$0.id"]}
    answer = await send(anna, board["id"], review, op("create_task", bad))
    pointers = ["/body/operations/1/body/assignee_ids/0", "/body/operations/1/body/id"]
    invalid(answer, *pointers)


async def test_a_reference_to_something_of_another_kind_is_not_found(api: Api) -> None:
    anna, board, _ = await a_column(api)
    column = op("create_column", {"title": "A"})
    answer = await send(anna, board["id"], column, op("delete_task", task_id="$0.id"))
    assert (answer.status_code, answer.json()["operation"]) == (404, 1)


@pytest.mark.parametrize("bad", ["deep", "wide", "kinds"])
async def test_operations_that_are_none_are_refused_and_do_no_harm(
    api: Api, db: asyncpg.Connection, bad: str
) -> None:
    anna, board, _ = await a_column(api)
    before = await look(db, board["id"])
    deep: Any = "$0.id"
    for _ in range(900):
        deep = [deep]
    operations: dict[str, list[Any]] = {
        "deep": [op("create_task", {"title": deep, "column_id": deep}, task_id=deep)],
        "wide": [op("create_task", {f"{n}": "$0.id" for n in range(9000)})],
        "kinds": [None, [], {"op": []}, {"op": {}}, {"op": "create_task", "body": [1]}, "$0.id"],
    }
    answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations[bad])
    assert answer.status_code in (400, 422)
    assert await look(db, board["id"]) == before


def test_the_documentation_tells_where_references_may_stand() -> None:
    def says(schema: Json) -> bool:
        kinds = schema.get("anyOf", [])
        return any("pattern" in kind and kind["pattern"].startswith(r"^\$") for kind in kinds)

    assert says(SCHEMAS["DeleteTask"]["properties"]["task_id"])
    assert says(SCHEMAS["DeleteColumn"]["properties"]["to"])
    moving = SCHEMAS["MoveTask"]["properties"]["body"]["properties"]
    assert [name for name, field in moving.items() if says(field)] == [
        "before",
        "after",
        "column_id",
    ]
    assert not says(SCHEMAS["TaskPatch"]["properties"]["column_id"])


async def own_ids(anna: Person, board: Json) -> dict[str, str]:
    """Give ids to put in the place of those of the examples."""
    task = await anna.task(await anna.column(board))
    return {"task_id": task["id"], "user_id": anna.id, "if_match": str(task["version"])}


EXAMPLES: list[Json] = SCHEMAS["BatchIn"]["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=["create", "change"])
async def test_the_examples_of_the_documentation_run(
    api: Api, db: asyncpg.Connection, example: Json
) -> None:
    anna = await api.user()
    board = await anna.board()
    ids = await own_ids(anna, board)
    operations = [{k: ids.get(k, v) for k, v in o.items()} for o in example["operations"]]
    answer = await done(anna, board["id"], *operations)
    assert all(answer["results"])
    await check_log(db, board["id"])


async def test_the_example_of_the_page_on_the_api_runs(api: Api, db: asyncpg.Connection) -> None:
    anna, board, _ = await a_column(api)
    found = re.search(r"/batch -d '(.*?)'", API.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    column, task = (await done(anna, board["id"], *json.loads(found[1])["operations"]))["results"]
    assert task["column_id"] == column["id"]
    await check_log(db, board["id"])


def test_there_are_examples_and_a_word_for_each_operation() -> None:
    described = DOCUMENT["paths"]["/boards/{board_id}/batch"]["post"]
    assert described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    items = SCHEMAS["BatchIn"]["properties"]["operations"]["items"]
    assert len(items["oneOf"]) == len(items["discriminator"]["mapping"]) == 27
    for reference in items["oneOf"]:
        assert SCHEMAS[reference["$ref"].rsplit("/", 1)[1]]["description"].startswith("As `")
