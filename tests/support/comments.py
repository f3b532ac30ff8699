"""Comments to try things on."""

from typing import Any

from api import Api, Json, Person
from casts import add
from works import a_column

THUMB, HEART = "👍", "❤️"


def comment_at(comment: Json) -> str:
    return f"/comments/{comment['id']}"


def reaction_at(comment: Json, emoji: str = THUMB) -> str:
    return f"{comment_at(comment)}/reactions/{emoji}"


async def a_task(api: Api) -> tuple[Person, Json, Json]:
    """Give somebody with a board, the board, and a task on it."""
    anna, board, column = await a_column(api)
    return anna, board, await anna.task(column)


async def a_comment(person: Person, task: Json, body: str = "Looks good", **fields: Any) -> Json:
    """Comment on a task."""
    return await person.make("/comments", task_id=task["id"], body=body, **fields)


async def commenters(api: Api, *roles: str) -> tuple[list[Person], Json, Json]:
    """Give a CREATOR and people in these roles, their board, and a task on it."""
    anna, board, task = await a_task(api)
    return [anna, *[await add(api, anna, board, role) for role in roles]], board, task
