"""HEAD is answered wherever GET is: as `curl -I`, `wget --spider` and monitors ask."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api import Api
from apps import another_api
from checks import refused
from operations import OPERATIONS, Operation, request, scene
from people import moved, token_of
from stream_server import port_of

READING = [operation for operation in OPERATIONS if not operation.is_writing]
PAGES = ["/docs", "/docs/start.js", "/docs/swagger-ui.css", "/openapi.json", "/health/live"]
OWN = {"x-request-id", "date", "ratelimit"}
STREAM = {"accept": "text/event-stream"}


def comparable(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_it_tells_of_every_read_what_get_would(api: Api, operation: Operation) -> None:
    """Seen to fail with 405."""
    asked = request(await scene(api, "own"), operation)
    path = operation.path.format(**asked.path)
    got = await asked.person.client.get(path, params=asked.query)
    told = await asked.person.client.head(path, params=asked.query)
    assert (told.status_code, comparable(told)) == (got.status_code, comparable(got))
    assert (told.content, got.content != b"") == (b"", True)


@pytest.mark.parametrize("path", PAGES)
async def test_pages_and_files_have_it_too(api: Api, path: str) -> None:
    nobody = api.nobody().client
    got, told = await nobody.get(path), await nobody.head(path)
    assert (told.status_code, told.content) == (200, b"")
    assert comparable(told) == comparable(got)


async def test_it_is_refused_as_get_is(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    path = f"/boards/{(await anna.board())['id']}"
    tag = {"if-none-match": (await anna.get(path)).headers["etag"]}
    assert (await anna.client.head(path, headers=tag)).status_code == 304
    assert (await boris.client.head(path)).status_code == 404
    assert (await api.nobody().client.head(path)).status_code == 401
    answer = await anna.client.head("/tasks?limit=0")
    assert (answer.status_code, answer.content) == (422, b"")
    assert (await anna.client.head("/auth/login")).status_code == 405


async def test_what_takes_get_says_that_it_takes_head(api: Api) -> None:
    anna = await api.user("anna")
    for path, allowed in (
        ("/health/live", "GET, HEAD"),
        ("/boards", "GET, HEAD, POST"),
        ("/auth/login", "POST"),
    ):
        answer = await anna.client.options(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_over_a_connection_nothing_follows_the_headers(api: Api) -> None:
    anna = await api.user("anna")
    cookie = {"cookie": f"doska_session={token_of(anna)}"}
    async with port_of(api) as url, httpx.AsyncClient(base_url=url, headers=cookie) as client:
        for _ in range(2):  # what followed would be taken for the next answer
            told, got = await client.head("/boards"), await client.get("/boards")
            assert told.status_code == got.status_code == 200
            assert told.headers["content-length"] == str(len(got.content))


@pytest.fixture
async def without_streams(api: Api, database_url: str) -> AsyncIterator[Api]:
    del api  # empties the tables afterwards
    async with another_api(database_url, streams_max=0) as other:
        yield other


async def test_of_a_stream_the_headers_are_told_and_none_is_counted(without_streams: Api) -> None:
    """Seen to fail when HEAD followed the board for ever."""
    anna, boris = await without_streams.user("anna"), await without_streams.user("boris")
    path = f"/boards/{(await anna.board())['id']}/events"
    refused(await anna.send("GET", path, headers=STREAM), 503, "too-many-streams")
    async with port_of(without_streams) as url:
        for person, status in ((anna, 200), (boris, 404)):
            cookie = {"cookie": f"doska_session={token_of(person)}"}
            async with httpx.AsyncClient(base_url=url, headers=cookie, timeout=10) as client:
                told = await client.head(path, headers=STREAM)
                assert (told.status_code, told.content) == (status, b"")
    assert (
        (await moved(anna, without_streams).client.head(path, headers=STREAM))
        .headers["content-type"]
        .startswith("text/event-stream")
    )
