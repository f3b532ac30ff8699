"""Boards, tasks and people on which there is no room for more, with small limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api import Api, Json, Person
from apps import another_api
from people import moved

SMALL: dict[str, Any] = {
    "boards_per_user_max": 3,
    "people_per_board_max": 3,
    "columns_per_board_max": 3,
    "tasks_per_board_max": 3,
    "subtasks_per_task_max": 3,
    "labels_per_board_max": 3,
    "comments_per_task_max": 3,
}
OF = {
    "boards": "boards of a person",
    "people": "people of a board",
    "columns": "columns of a board",
    "tasks": "tasks of a board",
    "subtasks": "subtasks of a task",
    "labels": "labels of a board",
    "comments": "comments of a task",
}


@dataclass
class Shelf:
    """Somebody with a board, a column and a task, where three of each kind have room."""

    owner: Person
    board: Json
    column: Json
    task: Json

    async def add(self, kind: str, **headers: str) -> httpx.Response:
        """Add one of a kind."""
        path, body = await self.request(kind)
        return await self.owner.send("POST", path, json=body, headers=headers)

    async def request(self, kind: str) -> tuple[str, Json]:
        """Prepare a request that adds one."""
        board, column, task = self.board["id"], self.column["id"], self.task["id"]
        if kind == "people":
            user = await self.owner.api.user()
            return f"/boards/{board}/users", {"user_id": user.id}
        return f"/{kind}", {
            "boards": {"title": "Shop"},
            "columns": {"board_id": board, "title": "Done"},
            "tasks": {"column_id": column, "title": "Paint"},
            "subtasks": {"task_id": task, "title": "Ink"},
            "labels": {"board_id": board, "color": "#d64545"},
            "comments": {"task_id": task, "body": "Nice"},
        }[kind]

    async def fill(self, kind: str, room: int = 0) -> Json:
        """Add as many as there is room for, but for some; gives the last one."""
        there = {"boards": 2, "subtasks": 0, "labels": 0, "comments": 0}.get(kind, 1)
        last = {}
        for _ in range(3 - there - room):
            answer = await self.add(kind)
            assert answer.status_code == 201, answer.text
            last = {**answer.json(), "path": answer.headers["location"]}
        return last

    async def count(self, kind: str) -> int:
        """Count what there is of a kind."""
        board = self.board["id"]
        path = {
            "boards": "/boards",
            "people": f"/boards/{board}/users",
            "columns": f"/boards/{board}/columns",
            "tasks": f"/tasks?board_id={board}&archived=all",
            "subtasks": f"/tasks/{self.task['id']}/subtasks",
            "labels": f"/boards/{board}/labels",
            "comments": f"/tasks/{self.task['id']}/comments",
        }[kind]
        answer = await self.owner.client.get(path)
        return len(answer.json()["items"])


@asynccontextmanager
async def shelf_on(api: Api, url: str, **settings: Any) -> AsyncIterator[Shelf]:
    """Set one up on an application with small limits."""
    async with another_api(url, **SMALL, **settings) as small:
        owner = moved(await api.user(), small)
        board = await owner.board()
        column = await owner.column(board)
        yield Shelf(owner, board, column, await owner.task(column))
