"""The board of ``log_scene`` with a name of its own for everything, and how its activity is read."""

from typing import Any

import httpx

from api import Api, Json, Person
from log_scene import Scene, scene_of

SET_AT = "update events set at = $2 where board_id = $1"
TITLES = {
    "columns": {"todo": "To do", "full": "Full", "done": "Done", "empty": "Empty"},
    "tasks": {"draw": "Draw", "paint": "Paint", "sleep": "Sleep", "kept": "Kept"},
    "subtasks": {"sketch": "Sketch", "ink": "Ink"},
}


async def named_scene(api: Api) -> Scene:
    """Make the board, with each column, task and subtask under its own name."""
    scene = await scene_of(api)
    anna = scene.people["anna"]
    for kind, titles in TITLES.items():
        for name, title in titles.items():
            await anna.patch(f"/{kind}/{scene.names[name]}", title=title)
    return scene


def path_of(board: Json) -> str:
    return f"/boards/{board['id']}/activity"


async def asked(reader: Person, board_id: str, language: str, **query: Any) -> httpx.Response:
    """Ask for a board's activity in a language."""
    headers = {"accept-language": language}
    path = f"/boards/{board_id}/activity"
    response = await reader.send("GET", path, params=query, headers=headers)
    assert response.status_code == 200, response.text
    return response


async def told(reader: Person, board_id: str, language: str = "en", **query: Any) -> list[str]:
    """Read the sentences of a page, the newest first."""
    page = (await asked(reader, board_id, language, **query)).json()
    return [item["text"] for item in page["items"]]


async def last_told(reader: Person, board_id: str) -> tuple[str, str]:
    """Read what happened last, in English and in Russian."""
    (english,) = await told(reader, board_id, "en", limit=1)
    (russian,) = await told(reader, board_id, "ru", limit=1)
    return english, russian
