"""What is shown of activity in the documentation is what is answered."""

import json
import re
from datetime import datetime
from pathlib import Path

import asyncpg

from activity_scene import SET_AT, asked, path_of
from api import Api, Json
from operations import DOCUMENT


async def test_the_example_of_the_documentation_is_what_is_answered(
    api: Api, db: asyncpg.Connection
) -> None:
    described = DOCUMENT["paths"]["/boards/{board_id}/activity"]["get"]["responses"]["200"]
    (example,) = described["content"]["application/json"]["example"]["items"]
    anna = await api.user("anna", name=example["actor"]["name"])
    board = await anna.board(columns=["To do", "Done"])
    todo, done = await anna.items(f"/boards/{board['id']}/columns")
    task = await anna.task(todo, example["task"]["title"])
    await anna.post(f"/tasks/{task['id']}/move", column_id=done["id"])
    await db.execute(SET_AT, board["id"], datetime.fromisoformat(example["at"]))
    item = (await anna.items(path_of(board)))[0]
    for name in ("type", "text", "when", "at"):
        assert item[name] == example[name]


def example_of_the_page() -> Json:
    page = Path(__file__).parents[2].joinpath("docs", "api.md").read_text(encoding="utf-8")
    match = re.search(r"/activity\?.*?```json\n(.*?)```", page, re.DOTALL)
    assert match
    example: Json = json.loads(match.group(1))
    return example


async def test_the_example_of_the_page_on_the_api_is_what_is_answered(
    api: Api, db: asyncpg.Connection
) -> None:
    (example,) = example_of_the_page()["items"]
    anna = await api.user("anna", name=example["actor"]["name"])
    _, *columns = re.findall("«(.+?)»", example["text"])
    board = await anna.board("Сайт", columns=columns)
    todo, done = await anna.items(f"/boards/{board['id']}/columns")
    task = await anna.task(todo, example["task"]["title"], id=example["task"]["id"])
    await anna.post(f"/tasks/{task['id']}/move", column_id=done["id"])
    await db.execute(SET_AT, board["id"], datetime.fromisoformat(example["at"]))
    query = {"task_id": task["id"], "limit": 1, "time_zone": "Europe/Moscow"}
    answer = (await asked(anna, board["id"], "ru", **query)).text
    assert json.loads(answer.replace(anna.id, example["actor"]["id"])) == example_of_the_page()
