"""Access tokens as tests need them."""

from typing import Any

from api import Api, Json, Person
from people import with_header

CLEAR = "doska_pat_"  # how each begins


async def new_token(person: Person, scope: str = "write", **fields: Any) -> Json:
    """Have somebody make a token."""
    answer = await person.post("/auth/tokens", name="Script", scope=scope, **fields)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def is_good(person: Person) -> bool:
    """Tell whether somebody's token, of whatever kind, is good."""
    answer = await person.get("/users/me")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def holder(api: Api, token: Json | str) -> Person:
    """Be whoever sends this token."""
    return with_header(api, f"Bearer {token if isinstance(token, str) else token['token']}")


async def script_of(person: Person, scope: str = "write", **fields: Any) -> Person:
    """Be a script that works for somebody with a token of this kind."""
    script = holder(person.api, await new_token(person, scope, **fields))
    script.me = person.me
    return script
