"""Doska as people deploy it: below a path, beside another Doska, behind a proxy with a password."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from api import PASSWORD, Api
from apps import another_api
from checks import refused
from conftest import settings_for
from doska.server import Unusable, listen
from people import claims_of, signed, token_of, with_cookie, with_header
from programs import Served, a_data_folder, run, serving

OUTSIDE = "https://example.com/doska"
BASIC = "Basic dGVhbTpzZWNyZXQ="
NAME = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}


@asynccontextmanager
async def proxied(api: Api, *, strips: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """Reach an application through a proxy that takes its path off, or leaves it."""

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["path"].startswith("/doska/"), scope["path"]
        path = scope["path"].removeprefix("/doska") if strips else scope["path"]
        await api.app({**scope, "path": path}, receive, send)

    transport = httpx.ASGITransport(app=proxy)
    async with httpx.AsyncClient(transport=transport, base_url=OUTSIDE) as client:
        client.headers["accept-encoding"] = "gzip"
        yield client


@pytest.fixture
async def below(api: Api, database_url: str) -> AsyncIterator[Api]:
    del api  # empties the tables afterwards
    async with another_api(database_url, public_url=OUTSIDE) as other:
        yield other


@pytest.mark.parametrize("strips", [True, False])
async def test_below_a_path_whatever_points_to_us_does_so_from_outside(
    below: Api, *, strips: bool
) -> None:
    """Seen to fail: all of it pointed to the root of the host."""
    async with proxied(below, strips=strips) as client:
        made = await client.post("/users", json=NAME)
        anna = made.json()
        assert made.headers["location"] == f"/doska/users/{anna['id']}"
        assert anna["avatar_url"] == f"/doska/users/{anna['id']}/avatar.svg"
        picture = await client.get(f"https://example.com{anna['avatar_url']}")
        assert picture.headers["content-type"] == "image/svg+xml"
        board = await client.post("/boards", json={"title": "B"})
        assert (await client.get(f"https://example.com{board.headers['location']}")).is_success
        page = await client.get("/boards", params={"limit": 1})
        (following,) = re.findall(r"<(.*)>; rel", page.headers["link"])
        assert following.startswith("/doska/boards?")
        assert (await client.get(f"https://example.com{following}")).json()["items"]
        for path in ("snapshot", "events", "activity", "users"):
            answer = await client.get(f"/boards/{board.json()['id']}/{path}")
            assert int(answer.headers["content-length"]) == len(answer.content)
            assert "/users/" in answer.text
            assert not re.search(r'"avatar_url" ?: ?"/users/', answer.text)
        head = await client.head("/users/me")
        assert head.headers["content-length"] == str(len((await client.get("/users/me")).content))


async def test_below_a_path_what_was_read_may_be_written_back(below: Api) -> None:
    async with proxied(below) as client:
        anna = (await client.post("/users", json=NAME)).json()
        written = {n: anna[n] for n in ("username", "name", "email", "avatar_url")}
        answer = await client.put(f"/users/{anna['id']}", json=written)
        assert answer.json()["avatar_url"] == anna["avatar_url"]
        other = written | {"avatar_url": anna["avatar_url"].replace(anna["id"], "0" * 36)}
        answer = await client.put(f"/users/{anna['id']}", json=other)
        assert answer.status_code == 422


async def test_a_text_that_looks_like_a_picture_stays_as_it_was_written(below: Api) -> None:
    text = '{"avatar_url":"/users/x", "avatar_url" : "/users/y"}'
    async with proxied(below) as client:
        await client.post("/users", json=NAME)
        board = await client.post("/boards", json={"title": text, "description": text})
        read = await client.get(f"https://example.com{board.headers['location']}")
        assert (read.json()["title"], read.json()["description"]) == (text, text)


async def test_below_a_path_the_document_names_the_server_and_pages_find_their_files(
    below: Api, api: Api
) -> None:
    async with proxied(below) as client:
        page = (await client.get("/docs")).text
        for path in re.findall(r'(?:src|href)="([^":]+)"', page):
            assert (await client.get(f"/{path}")).status_code == 200
        document = (await client.get("/openapi.json")).json()
    assert document["servers"] == [{"url": "/doska"}]
    assert "servers" not in api.app.openapi()
    named = document["components"]["securitySchemes"]["cookie"]["name"]
    assert named == "__Host-doska_session_doska"


COOKIES = [
    ({}, "doska_session", "/"),
    ({"port": 9000}, "doska_session_9000", "/"),
    ({"port": 0}, "doska_session", "/"),
    ({"port": 9000, "public_url": "http://localhost:8000"}, "doska_session_9000", "/"),
    ({"public_url": "http://localhost:9001"}, "doska_session_9001", "/"),
    ({"public_url": "http://localhost:9001/a/b"}, "doska_session_9001_a_b", "/a/b"),
    ({"public_url": "https://a.example"}, "__Host-doska_session", "/"),
    ({"public_url": "https://a.example:443", "port": 9000}, "__Host-doska_session", "/"),
    ({"public_url": "https://a.example:8443"}, "__Host-doska_session_8443", "/"),
    ({"public_url": "https://a.example/doska"}, "__Host-doska_session_doska", "/"),
    ({"cookie_name": "team"}, "team", "/"),
    ({"cookie_name": "team", "public_url": "https://a.example/x"}, "__Host-team", "/"),
]


@pytest.mark.parametrize(("given", "name", "path"), COOKIES)
async def test_a_cookie_is_called_so_that_another_doska_of_the_host_has_its_own(
    api: Api, database_url: str, given: dict[str, object], name: str, path: str
) -> None:
    """Seen to fail: browsers keep one cookie for all ports of a host."""
    assert settings_for(database_url, **given).session_cookie == name
    await api.user("anna")
    async with another_api(database_url, **given) as other:
        answer = await other.nobody().post("/auth/login", login="anna", password=PASSWORD)
        (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
        assert (cookie.key, cookie["path"]) == (name, path)
        visitor = other.nobody()
        visitor.client.headers["cookie"] = f"{name}={cookie.value}"
        assert (await visitor.get("/users/me")).status_code == 200
        gone = (await visitor.post("/auth/logout")).headers["set-cookie"]
        assert gone.startswith(f"{name}=; Path={path}; Max-Age=0")


@pytest.mark.parametrize("foreign", [BASIC, "basic x", "Digest a", "Negotiate b", "x", ""])
async def test_a_password_for_the_proxy_does_not_shut_out_the_cookie(
    api: Api, foreign: str
) -> None:
    """Seen to fail with 401: nobody could use Doska behind a proxy that asks for a password."""
    anna = await api.user("anna")
    anna.client.headers["authorization"] = foreign
    assert (await anna.get("/users/me")).status_code == 200
    assert (await anna.post("/boards", title="B")).status_code == 201
    refused(await with_header(api, foreign).get("/users/me"), 401, "unauthenticated")


@pytest.mark.parametrize(("ahead", "status"), [(5, 200), (50, 200), (120, 401)])
async def test_the_clock_of_another_copy_may_be_a_little_ahead(
    api: Api, ahead: int, status: int
) -> None:
    """Seen to fail with 401 right after signing in."""
    anna = await api.user("anna")
    now = int(time.time())
    claims = {**claims_of(token_of(anna)), "iat": now + ahead, "exp": now + 999}
    token = signed(api, claims)
    assert (await with_cookie(api, token).get("/users/me")).status_code == status
    assert (await with_header(api, f"Bearer {token}").get("/users/me")).status_code == status


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        yield place


def test_localhost_is_served_as_either_family(database_url: str) -> None:
    """Seen to fail: browsers try ::1 first, and some never try the other."""
    with listen(settings_for(database_url, host="localhost", port=0)) as sockets:
        port = sockets[0].getsockname()[1]
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, port), timeout=5).close()


def test_localhost_is_refused_where_either_is_taken(database_url: str) -> None:
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = settings_for(database_url, host="localhost", port=port)
        with pytest.raises(Unusable, match=f"localhost:{port} cannot be used"), listen(settings):
            pass


async def test_the_port_of_the_command_line_is_in_the_cookies_name(folder: Path) -> None:
    port = str(await asyncio.to_thread(a_free_port))
    with serving(folder, "--port", port) as server:
        assert await cookie_of(server) == f"doska_session_{port}"


async def cookie_of(server: Served) -> str:
    async with server.client() as client:
        (name,) = (await client.post("/users", json=NAME)).cookies
        return str(name)


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
