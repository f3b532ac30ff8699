"""Tokens that are not good, wherever they are sent; and how the good one travels."""

import json
import time
from collections.abc import Callable
from http.cookies import SimpleCookie

import asyncpg
import jwt
import pytest

from api import PASSWORD, Api, Json
from apps import another_api
from checks import refused
from operations import OPERATIONS, Operation, request, scene
from people import by_hand, claims_of, promote, signed, token_of, with_cookie, with_header

HS256 = '{"alg":"HS256","typ":"JWT"}'
NOBODY = "0198c0de-0000-7000-8000-000000000001"


def key_of(api: Api) -> str:
    return str(api.app.state.settings.secret_key.get_secret_value())


Forgery = Callable[[Api, Json], str]


def claiming(**changed: object) -> Forgery:
    """Sign with the right key, but other claims."""
    return lambda api, claims: signed(api, {**claims, **changed})


def without(name: str) -> Forgery:
    return lambda api, claims: signed(api, {k: v for k, v in claims.items() if k != name})


def saying(**raw: str) -> Forgery:
    """Sign claims with raw JSON in them that no encoder would write."""

    def forge(api: Api, claims: Json) -> str:
        members = {name: json.dumps(value) for name, value in claims.items()} | raw
        text = ",".join(f'"{name}":{value}' for name, value in members.items())
        return by_hand(HS256, "{" + text + "}", key_of(api))

    return forge


def under(digest: str = "sha256", **header: object) -> Forgery:
    """Sign with the right key under another header."""
    full = json.dumps({"alg": "HS256", "typ": "JWT", **header})
    return lambda api, claims: by_hand(full, json.dumps(claims), key_of(api), digest)


def holding(payload: str, header: str = HS256) -> Forgery:
    """Sign something that is no claims with the right key."""
    return lambda api, _: by_hand(header, payload, key_of(api))


def with_key(key: str) -> Forgery:
    return lambda _, claims: by_hand(HS256, json.dumps(claims), key)


def patched(api: Api, claims: Json) -> str:
    """Put other claims between the header and the signature of a good token."""
    header, _, signature = signed(api, claims).split(".")
    payload = signed(api, {**claims, "admin": True}).split(".")[1]
    return f"{header}.{payload}.{signature}"


FORGERIES: dict[str, Forgery] = {
    "alg none": lambda _, claims: jwt.encode(claims, "", algorithm="none"),
    "alg None": under(alg="None"),
    "HS384": under("sha384", alg="HS384"),
    "HS512": under("sha512", alg="HS512"),
    "RS256 in name": under(alg="RS256"),
    "ES256 in name": under(alg="ES256"),
    "no alg": under(alg=None),
    "crit": under(crit=["exp"]),
    "b64": under(b64=False, crit=["b64"]),
    "wrong key": with_key("another key that is as long as it should be"),
    "empty key": with_key(""),
    "no signature": lambda api, claims: signed(api, claims).rpartition(".")[0] + ".",
    "two parts": lambda api, claims: signed(api, claims).rpartition(".")[0],
    "other payload": patched,
    **{f"without {name}": without(name) for name in ("sub", "admin", "sid", "iss", "iat", "exp")},
    "exp as text": claiming(exp=str(int(time.time()) + 9999)),
    "exp with a fraction": claiming(exp=time.time() + 9999),
    "exp true": claiming(exp=True),
    "exp null": claiming(exp=None),
    "exp infinite": saying(exp="Infinity"),
    "exp not a number": saying(exp="NaN"),
    "exp 1e400": saying(exp="1e400"),
    "exp 400 digits": saying(exp="9" * 400),
    "exp too many digits": saying(exp="9" * 2500),
    "exp past": claiming(exp=int(time.time()) - 1),
    "iat as text": claiming(iat=str(int(time.time()))),
    "iat in the future": claiming(iat=int(time.time()) + 99_999),
    "iat 400 digits": saying(iat="-" + "9" * 400),
    "other iss": claiming(iss="somebody else"),
    "iss in a list": saying(iss='["doska"]'),
    "one claim more": claiming(role="CREATOR"),
    "nbf in the future": claiming(nbf=int(time.time()) + 99_999),
    "aud": claiming(aud="doska"),
    "sub no id": claiming(sub="anna"),
    "sub a number": claiming(sub=1),
    "sub of nobody": claiming(sub=NOBODY),
    "sid no id": claiming(sid="1"),
    "sid a list": claiming(sid=[]),
    "sid of nobody": claiming(sid=NOBODY),
    "sub with a lone surrogate": saying(sub='"\\ud800"'),
    "claims in a list": holding("[1]"),
    "claims no JSON": holding("{"),
    "claims twice": holding("{}{}"),
    "claims very deep": holding("[" * 2900),
    "header very deep": holding("{}", header="[" * 2900),
    "5 kB": claiming(admin="x" * 5000),
    "nothing": lambda _api, _claims: "",
    "dots": lambda _api, _claims: "..",
    "no base64": lambda _api, _claims: "%%%.???.***",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_token_that_is_not_good_is_refused(api: Api, name: str) -> None:
    claims = claims_of(token_of(await api.user("anna")))
    forged = FORGERIES[name](api, claims)
    for person in (with_cookie(api, forged), with_header(api, f"Bearer {forged}")):
        refused(await person.get("/users/me"), 401, "unauthenticated")
        refused(await person.post("/boards", title="Forged"), 401, "unauthenticated")


async def test_the_same_claims_signed_rightly_are_good(api: Api) -> None:
    """Else the test above would prove nothing."""
    anna = await api.user("anna")
    claims = claims_of(token_of(anna))
    for forge in (claiming(), saying(), under(), claiming(admin=True)):
        token = forge(api, claims)
        for person in (with_cookie(api, token), with_header(api, f"Bearer {token}")):
            assert await person.read("/users/me") == anna.me


async def test_a_sign_in_of_somebody_else_is_not_ones_own(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    mixed = {**claims_of(token_of(anna)), "sid": claims_of(token_of(boris))["sid"]}
    answer = await with_cookie(api, signed(api, mixed)).get("/users/me")
    refused(answer, 401, "unauthenticated")


GARBAGE = [
    b"doska_session",
    b"doska_session=",
    b"=;=;;;",
    b"doska_session=\xff\xfe\x00",
    b'doska_session="a.b.c"; doska_session=\x7f',
    b"doska_session=" + b"a" * 60_000,
    b"__Host-doska_session=a.b.c",
    "doska_session=жанна".encode(),
]


@pytest.mark.parametrize(
    "operation", [operation for operation in OPERATIONS if not operation.is_public], ids=str
)
async def test_garbage_for_a_cookie_is_refused_everywhere(api: Api, operation: Operation) -> None:
    asked = request(await scene(api, "own"), operation)
    for cookie in GARBAGE:
        asked.person = api.nobody()
        asked.person.client.headers = {b"cookie": cookie}
        refused(await asked.send(), 401, "unauthenticated")


async def test_garbage_for_a_cookie_keeps_nobody_from_public_places(api: Api) -> None:
    anna = await api.user("anna")
    for n, cookie in enumerate(GARBAGE):
        nobody = api.nobody()
        nobody.client.headers = {b"cookie": cookie}
        assert (await nobody.get("/health/live")).status_code == 200
        assert (await nobody.get(f"/users/{anna.id}/avatar.svg")).status_code == 200
        login = await nobody.post("/auth/login", login="anna", password=PASSWORD)
        assert login.status_code == 200
        fields = {"username": f"new{n}", "email": f"new{n}@example.com", "password": PASSWORD}
        assert (await nobody.post("/users", **fields)).status_code == 201


async def test_the_flag_in_a_token_gives_no_rights(api: Api, db: asyncpg.Connection) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    forged = signed(api, {**claims_of(token_of(anna)), "admin": True})
    admin_once = with_cookie(api, forged)
    board = await boris.board()
    refused(await admin_once.get(f"/boards/{board['id']}"), 404, "not-found")
    refused(await admin_once.patch(f"/users/{boris.id}", name="X"), 403, "not-your-account")
    assert "email" not in await admin_once.read(f"/users/{boris.id}")
    await promote(db, anna)
    assert (await admin_once.get(f"/boards/{board['id']}")).status_code == 200
    await db.execute("update users set is_admin = false")
    refused(await admin_once.get(f"/boards/{board['id']}"), 404, "not-found")


async def test_a_token_says_no_more_than_it_must(api: Api) -> None:
    anna = await api.user("anna")
    token = token_of(anna)
    assert claims_of(token).keys() == {"sub", "admin", "sid", "iss", "iat", "exp"}
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize(
    ("public_url", "name", "is_secure"),
    [
        ("http://localhost:8000", "doska_session", False),
        ("https://doska.example.com", "__Host-doska_session", True),
    ],
)
async def test_the_cookie_is_for_this_host_and_no_script(
    api: Api, database_url: str, public_url: str, name: str, *, is_secure: bool
) -> None:
    anna = await api.user("anna")
    async with another_api(database_url, public_url=public_url) as other:
        answer = await other.nobody().post("/auth/login", login="anna", password=PASSWORD)
        (header,) = answer.headers.get_list("set-cookie")
        (cookie,) = SimpleCookie(header).values()
        assert (cookie.key, cookie["path"], cookie["domain"]) == (name, "/", "")
        assert (bool(cookie["secure"]), cookie["httponly"]) == (is_secure, True)
        assert (cookie["samesite"], cookie["max-age"]) == ("Lax", "43200")
        assert len(header) < 4096
        for sent, status in ((name, 200), ("doska-session", 401), (f"x{name}", 401)):
            visitor = other.nobody()
            visitor.client.headers["cookie"] = f"{sent}={cookie.value}"
            assert (await visitor.get("/users/me")).status_code == status
    assert (await anna.get("/users/me")).status_code == 200


async def test_behind_https_the_plain_cookie_is_worth_nothing(api: Api, database_url: str) -> None:
    token = token_of(await api.user("anna"))
    async with another_api(database_url, public_url="https://doska.example.com") as other:
        refused(await with_cookie(other, token).get("/users/me"), 401, "unauthenticated")
        assert (await with_header(other, f"Bearer {token}").get("/users/me")).status_code == 200
