"""Requests that are repeated under a key, and how their answers are compared."""

from typing import Any

import httpx

from api import Json, Person

KEY = {"idempotency-key": "0198c0de-key"}
SHOWN = ("etag", "location")


def shown(answer: httpx.Response) -> tuple[Any, ...]:
    """Give what two answers are compared by."""
    return (answer.status_code, answer.content, *(answer.headers.get(name) for name in SHOWN))


def is_replayed(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("idempotency-replayed") == "true")


async def create(person: Person, title: str = "Once", **headers: str) -> httpx.Response:
    return await person.send("POST", "/boards", json={"title": title}, headers={**KEY, **headers})


async def a_task(person: Person) -> Json:
    return await person.task(await person.column(await person.board()))


async def rename(person: Person, task: Json, title: str = "New") -> httpx.Response:
    path = f"/tasks/{task['id']}"
    return await person.send("PATCH", path, json={"title": title}, headers=KEY)
