"""Changes that are made to be taken back."""

from typing import Any

import httpx

from log_scene import Scene, Write


async def undo(scene: Scene, seq: int, by: str = "anna", **options: Any) -> httpx.Response:
    path = f"/boards/{scene.board}/undo"
    return await scene.people[by].send("POST", path, json={"seq": seq}, **options)


async def seq_of(scene: Scene) -> int:
    return int((await scene.people["anna"].read(f"/boards/{scene.board}"))["seq"])


async def done(scene: Scene, write: Write) -> int:
    """Do it, and give its event's number."""
    answer = await scene.do(write)
    assert answer.is_success, answer.text
    if answer.status_code == 201:
        scene.names["new"] = answer.json().get("id", "")
    seq = await seq_of(scene)
    scene.names["seq"] = str(seq)
    return seq


CREATE_TASK = Write("", "POST", "/tasks", {"column_id": "{todo}", "title": "Say"})


DELETE_DRAW = Write("", "DELETE", "/tasks/{draw}", {})
