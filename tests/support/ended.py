"""People whose ways in have all been ended, each in another way; and tokens that never were any."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import jwt

from api import PASSWORD, Api, Json, Person
from people import another_device, by_hand, claims_of, token_of, with_cookie, with_header
from tokens import new_token

NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "another horse battery 9"}


@dataclass
class Ways:
    """What somebody can show: a cookie's token, and an access token with its id."""

    person: Person
    cookie: str
    token: Json

    def all(self, api: Api) -> dict[str, Person]:
        """Try each wherever it can be shown."""
        return {
            "cookie": with_cookie(api, self.cookie),
            "bearer": with_header(api, f"Bearer {self.cookie}"),
            "access token": with_header(api, f"Bearer {self.token['token']}"),
        }


async def ways_of(person: Person) -> Ways:
    return Ways(person, token_of(person), await new_token(person))


async def _log_out(ways: Ways, _: Person) -> None:
    await ways.person.delete(f"/auth/tokens/{ways.token['id']}")
    await ways.person.post("/auth/logout")


async def _end_from_elsewhere(ways: Ways, _: Person) -> None:
    phone = await another_device(ways.person.api, ways.person)
    session = claims_of(ways.cookie)["sid"]
    await phone.delete(f"/auth/tokens/{ways.token['id']}")
    assert (await phone.delete(f"/auth/sessions/{session}")).status_code == 204


async def _change_password(ways: Ways, _: Person) -> None:
    phone = await another_device(ways.person.api, ways.person)
    assert (await phone.put("/users/me/password", **NEW_PASSWORD)).status_code == 204


async def _disable(ways: Ways, root: Person) -> None:
    assert (await root.patch(f"/users/{ways.person.id}", is_active=False)).status_code == 200


async def _disable_and_enable(ways: Ways, root: Person) -> None:
    await _disable(ways, root)
    assert (await root.patch(f"/users/{ways.person.id}", is_active=True)).status_code == 200


async def _delete(ways: Ways, _: Person) -> None:
    assert (await ways.person.delete(f"/users/{ways.person.id}")).status_code == 204


async def _delete_and_register_again(ways: Ways, root: Person) -> None:
    await _delete(ways, root)
    me = ways.person.me or {}
    names = {name: me[name] for name in ("username", "email")}
    again = await root.post("/users", **names, password=PASSWORD)
    assert again.status_code == 201, again.text


ENDINGS: dict[str, Callable[[Ways, Person], Awaitable[None]]] = {
    "signed out": _log_out,
    "ended from elsewhere": _end_from_elsewhere,
    "password changed": _change_password,
    "disabled": _disable,
    "enabled again": _disable_and_enable,
    "deleted": _delete,
    "deleted and registered again": _delete_and_register_again,
}


def forgeries(key: str, good: str, other: str) -> dict[str, str]:
    """Write tokens that claim what a good one does, or a part of it; ``other`` is another's."""
    claims, others = claims_of(good), claims_of(other)

    def under(with_key: str, digest: str = "sha256", **header: object) -> str:
        full = json.dumps({"alg": "HS256", "typ": "JWT", **header})
        return by_hand(full, json.dumps(claims), with_key, digest)

    mine = "a key that the forger has made for this, long enough"
    return {
        "alg none": jwt.encode(claims, "", algorithm="none"),
        "HS384": under(key, "sha384", alg="HS384"),
        "HS512": under(key, "sha512", alg="HS512"),
        "RS256": under(key, alg="RS256"),
        "crit": under(key, crit=["exp"]),
        "key in the header": under(mine, jwk={"kty": "oct", "k": mine}),
        "key at an address": under(mine, jku="https://evil.example/keys", kid="1"),
        "key in a file": under("", kid="../../../dev/null"),
        "other's sid": jwt.encode({**claims, "sid": others["sid"]}, key),
        "other's sub": jwt.encode({**claims, "sub": others["sub"]}, key),
        "admin": jwt.encode({**claims, "admin": True}, mine),
        "very long": good + "A" * 100_000,
        "very deep": "[" * 50_000,
        "many dots": "." * 50_000,
    }
