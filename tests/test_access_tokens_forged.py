"""What is no access token, however much it looks like one."""

import base64
import hashlib
from collections.abc import Callable
from uuid import UUID

import pytest

from api import Api
from checks import refused
from doska.identity.access_tokens import make_token
from people import claims_of, signed, token_of, with_cookie
from tokens import CLEAR, holder, is_good, new_token


def parts(token: str) -> tuple[bytes, bytes, bytes]:
    content = base64.urlsafe_b64decode(token.removeprefix(CLEAR) + "==")
    return content[:16], content[16:32], content[32:]


def joined(*content: bytes) -> str:
    return CLEAR + base64.urlsafe_b64encode(b"".join(content)).rstrip(b"=").decode()


def other_last_letter(token: str, _: str) -> str:
    """Write the same bytes otherwise: the last letter holds four bits of none."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + letters[letters.index(token[-1]) ^ 1]
    assert parts(other) == parts(token)
    return other


Forgery = Callable[[str, str], str]
FORGERIES: dict[str, Forgery] = {
    "one letter less": lambda own, _: own[:-1],
    "one letter more": lambda own, _: own + "A",
    "padded": lambda own, _: own + "==",
    "another last letter": other_last_letter,
    "other chance": lambda own, _: joined(*parts(own)[:2], b"x" * 32),
    "no chance": lambda own, _: joined(*parts(own)[:2]),
    "chance of another": lambda own, other: joined(*parts(own)[:2], parts(other)[2]),
    "user of another": lambda own, other: joined(parts(own)[0], parts(other)[1], parts(own)[2]),
    "id of another": lambda own, other: joined(parts(other)[0], *parts(own)[1:]),
    "the hash": lambda own, _: joined(*parts(own)[:2], hashlib.sha256(own.encode()).digest()),
    "prefix alone": lambda _own, _other: CLEAR,
    "no prefix": lambda own, _: own.removeprefix(CLEAR),
    "prefix in capitals": lambda own, _: own.replace(CLEAR, CLEAR.upper()),
    "twice": lambda own, _: f"{own} {own}",
    "no letters": lambda own, _: own[:-3] + "%\x7f=",
    "very long": lambda own, _: own + "A" * 60_000,
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_token_that_is_not_good_is_refused(api: Api, name: str) -> None:
    """Seen to fail when the hash was not compared, when it was that of the chance alone.

    And when what is for people only refused tokens without judging them.
    """
    anna, boris = await api.user(), await api.user()
    own, other = (await new_token(anna))["token"], (await new_token(boris))["token"]
    forged = holder(api, FORGERIES[name](own, other))
    refused(await forged.get("/users/me"), 401, "unauthenticated")
    refused(await forged.post("/boards", title="Forged"), 401, "unauthenticated")
    refused(await forged.get("/auth/tokens"), 401, "unauthenticated")


async def test_a_sign_in_is_no_token_and_a_token_no_sign_in(api: Api) -> None:
    """Seen to fail when a caller without a hash was taken for any row."""
    anna = await api.user()
    claims, token = claims_of(token_of(anna)), await new_token(anna)
    assert not await is_good(with_cookie(api, signed(api, {**claims, "sid": token["id"]})))
    assert not await is_good(holder(api, signed(api, {**claims, "sid": token["id"]})))
    assert not await is_good(holder(api, make_token(claims["sid"], anna.id)))
    assert not await is_good(with_cookie(api, token["token"]))
    assert str(UUID(bytes=parts(token["token"])[0])) == token["id"]


async def test_a_token_wins_over_the_cookie_also_when_it_is_of_no_use(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    token = await new_token(boris)
    anna.client.headers["authorization"] = f"Bearer {token['token']}"
    assert await anna.read("/users/me") == boris.me
    await boris.delete(f"/auth/tokens/{token['id']}")
    refused(await anna.get("/users/me"), 401, "unauthenticated")
