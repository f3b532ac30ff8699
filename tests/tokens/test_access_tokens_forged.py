"""What is no access token, however much it looks like one."""

from uuid import UUID

import pytest

from api import Api
from checks import refused
from doska.identity.access_tokens import make_token
from forgeries import FORGERIES, parts
from people import claims_of, signed, token_of, with_cookie
from tokens import holder, is_good, new_token


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
