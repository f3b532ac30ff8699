"""Links as tests need them."""

from typing import Any

import asyncpg
import httpx

from api import Json, Person

LATER = "update {table} set expires_at = now() - interval '1 second'"


def token_in(answer: httpx.Response) -> str:
    """Give what stands in the fragment of a new link."""
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"].partition("#")[2])


async def password_link(administrator: Person, person: Person) -> str:
    return token_in(await administrator.post(f"/users/{person.id}/password-link"))


async def invitation(person: Person, board: Json, role: str = "MEMBER") -> str:
    return token_in(await person.post(f"/boards/{board['id']}/invitations", role=role))


async def expire(db: asyncpg.Connection, table: str) -> None:
    await db.execute(LATER.format(table=table))


def void(answer: httpx.Response) -> dict[str, Any]:
    """Check that a link is good for nothing; gives all that is told of why."""
    assert answer.status_code == 404, answer.text
    told: Json = answer.json()
    assert told["type"] == "/problems/link-void"
    return {name: value for name, value in told.items() if name != "request_id"}
