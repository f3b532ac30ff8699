"""People as tests need them beyond ``api.user``."""

import base64
import hmac
import secrets

import asyncpg
import jwt

from api import PASSWORD, Api, Json, Person

COOKIE = "doska_session"


def fresh_name(word: str) -> str:
    """Make a username that nobody has."""
    return f"{word}-{secrets.token_hex(4)}"


async def promote(db: asyncpg.Connection, person: Person) -> Person:
    """Make somebody an administrator."""
    await db.execute("update users set is_admin = true where id = $1", person.id)
    return person


async def another_device(api: Api, person: Person, password: str = PASSWORD) -> Person:
    """Sign the same person in once more."""
    twin = Person(api, person.me)
    answer = await twin.post("/auth/login", login=(person.me or {})["username"], password=password)
    assert answer.status_code == 200, answer.text
    return twin


def moved(person: Person, api: Api) -> Person:
    """Let somebody use another application with the cookie that they have."""
    twin = Person(api, person.me)
    twin.client.cookies = person.client.cookies
    return twin


def token_of(person: Person) -> str:
    """Give the token that somebody's cookie holds."""
    return str(person.client.cookies[COOKIE])


def claims_of(token: str) -> Json:
    """Read a token's claims, whoever has signed it."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def signed(api: Api, claims: Json) -> str:
    """Sign claims of any kind with the application's own key."""
    key = api.app.state.settings.secret_key.get_secret_value()
    return jwt.encode(claims, key, algorithm="HS256")


def by_hand(header: str, payload: str, key: str, digest: str = "sha256") -> str:
    """Sign any text, whatever its header says."""
    parts = [base64.urlsafe_b64encode(text.encode()).rstrip(b"=") for text in (header, payload)]
    signature = hmac.digest(key.encode(), b".".join(parts), digest)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def with_cookie(api: Api, token: str) -> Person:
    """Be whoever sends this as the cookie."""
    person = Person(api)
    person.client.cookies.set(COOKIE, token)
    return person


def with_header(api: Api, authorization: str) -> Person:
    """Be whoever sends this as ``Authorization``."""
    person = Person(api)
    person.client.headers["authorization"] = authorization
    return person


async def administrator(api: Api, db: asyncpg.Connection, username: str = "root") -> Person:
    """Make an administrator who signed in as one, so that the token says so, too."""
    person = await api.user(username)
    await db.execute("update users set is_admin = true where id = $1", person.id)
    await person.post("/auth/login", login=username, password=PASSWORD)
    return person
