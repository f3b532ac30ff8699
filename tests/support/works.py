"""Somebody with a board, a column and a task to try things on."""

from typing import Any

from api import Api, Json, Person

GIVEN: Json = {
    "title": "Нарисовать логотип",
    "description": "Круглый,\nжёлтый",
    "status": "IN_PROGRESS",
    "priority": "HIGH",
    "color": "#2f80ed",
    "due_at": "2026-12-31T18:00:00+00:00",
    "due_on": None,
}
DEFAULTS: Json = {
    "description": "",
    "status": "TODO",
    "priority": "MEDIUM",
    "color": None,
    "due_at": None,
    "due_on": None,
}


async def a_column(api: Api, **fields: Any) -> tuple[Person, Json, Json]:
    """Give a CREATOR, the board and a column of it."""
    anna = await api.user()
    board = await anna.board()
    return anna, board, await anna.column(board, **fields)


async def a_task(api: Api, **fields: Any) -> tuple[Person, Json, Json]:
    """Give a CREATOR, the board and a task on it."""
    anna, board, column = await a_column(api)
    return anna, board, await anna.task(column, **fields)


def at(task: Json) -> str:
    return f"/tasks/{task['id']}"


def ids(things: list[Json]) -> list[str]:
    return [thing["id"] for thing in things]


async def order(person: Person, column: Json) -> str:
    """Read the titles of a column's tasks from top to bottom."""
    tasks = await person.items(f"/columns/{column['id']}/tasks")
    return "".join(task["title"] for task in tasks)
