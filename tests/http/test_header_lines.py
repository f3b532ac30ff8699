"""A header field may come in several lines, which are one list (RFC 9110, 5.3)."""

import asyncpg
import httpx
import pytest

from api import Api, Person
from checks import invalid, refused
from operations import OPERATIONS, Operation, all_rows, request, scene
from people import another_device, token_of
from stream_server import port_of

Lines = list[tuple[str, str]]

TRIED = [o for o in OPERATIONS if any(p["name"] == "Prefer" for p in o.parameters("header"))]
OWN_TRIAL = {"create_import"}  # tried out behind the request, and answered as what it is
FINAL = [o for o in OPERATIONS if o.is_writing and o not in TRIED and o.id not in OWN_TRIAL]
PREFERENCES: list[Lines] = [
    [("prefer", "wait=5"), ("prefer", "dry-run")],
    [("prefer", "dry-run"), ("prefer", "wait=5")],
    [("Prefer", "wait=5"), ("accept", "*/*"), ("pReFeR", "a, Dry-Run")],
    [("prefer", 'foo="a, b"'), ("prefer", "dry-run")],
    [("prefer", 'foo="a\\""'), ("prefer", "dry-run")],
    [("prefer", "wait=5; dry-run")],
    [("prefer", "dry-run=yes; x=1")],
]
NO_PREFERENCES: list[Lines] = [
    [("prefer", 'foo="a, dry-run"'), ("prefer", "wait=5")],
    [("prefer", 'foo="\\", dry-run, "')],
    [("prefer", "dry-runs"), ("prefer", "a dry-run")],
    [("prefer", "wait=dry-run")],
]


def named(lines: Lines) -> str:
    return " | ".join(f"{name}: {value}" for name, value in lines)


async def send(person: Person, method: str, path: str, lines: Lines) -> httpx.Response:
    response = await person.client.request(method, path, headers=lines)
    person.api.contract.check(response)
    return response


@pytest.mark.parametrize("operation", TRIED, ids=str)
async def test_a_dry_run_that_is_asked_for_in_a_second_line_changes_nothing(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """Seen to fail when the first line alone was read: a board was gone."""
    asked = request(await scene(api, "own"), operation)
    before = await all_rows(db)
    answer = await asked.send(headers=PREFERENCES[0])
    assert (answer.status_code, answer.headers.get("preference-applied")) == (200, "dry-run")
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", FINAL, ids=str)
async def test_what_cannot_be_tried_out_is_refused_whichever_line_asks(
    api: Api, operation: Operation
) -> None:
    asked = request(await scene(api, "own"), operation)
    invalid(await asked.send(headers=PREFERENCES[0]), "/header/Prefer")


@pytest.mark.parametrize("lines", PREFERENCES, ids=named)
async def test_a_dry_run_is_found_among_other_preferences(api: Api, lines: Lines) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    assert (await send(anna, "DELETE", path, lines)).headers["preference-applied"] == "dry-run"
    assert (await anna.get(path)).status_code == 200


@pytest.mark.parametrize("lines", NO_PREFERENCES, ids=named)
async def test_what_only_holds_the_word_is_no_dry_run(api: Api, lines: Lines) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    assert (await send(anna, "DELETE", path, lines)).status_code == 204
    assert (await anna.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (['"0"', '"1"'], 204),
        (['"1"', '"0"'], 204),
        (['"98"', '"99"'], 412),
        (['"1"', "1"], 422),
        (["*", '"1"'], 422),
    ],
)
async def test_tags_to_match_are_those_of_all_lines(api: Api, tags: list[str], status: int) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    answer = await send(anna, "DELETE", path, [("if-match", tag) for tag in tags])
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("what", ["", "/snapshot"])
async def test_tags_that_are_known_are_those_of_all_lines(api: Api, what: str) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}{what}"
    tag = (await anna.get(path)).headers["etag"]
    lines = [("if-none-match", '"0"'), ("if-none-match", tag)]
    assert (await send(anna, "GET", path, lines)).status_code == 304


async def test_what_a_client_takes_is_in_all_lines(api: Api) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    languages = [("accept-language", "de"), ("accept-language", "ru")]
    told = await send(anna, "GET", f"{path}/activity", languages)
    assert told.headers["content-language"] == "ru"
    codings = [("accept-encoding", "br"), ("accept-encoding", "gzip")]
    packed = await send(anna, "GET", f"{path}/snapshot", codings)
    assert packed.headers["content-encoding"] == "gzip"
    kinds = [("accept", "application/json"), ("accept", "text/event-stream")]
    cookie = ("cookie", f"doska_session={token_of(anna)}")
    async with (
        port_of(api) as address,
        httpx.AsyncClient(base_url=address) as client,
        client.stream("GET", f"{path}/events", headers=[*kinds, cookie]) as streamed,
    ):
        assert streamed.headers["content-type"].startswith("text/event-stream")


async def test_cookies_may_be_split(api: Api) -> None:
    """As HTTP/2 allows, and as a proxy may pass them on."""
    anna = await api.user("anna")
    lines = [("cookie", "theme=dark"), ("cookie", f"doska_session={token_of(anna)}")]
    assert (await send(api.nobody(), "GET", "/users/me", lines)).status_code == 200


async def test_of_two_keys_neither_is_a_requests(api: Api) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    lines = [("idempotency-key", "one"), ("idempotency-key", "two")]
    invalid(await send(anna, "DELETE", path, lines), "/header/Idempotency-Key")


async def test_of_two_credentials_neither_is_good(api: Api) -> None:
    anna = await api.user("anna")
    boris = await another_device(api, await api.user("boris"))
    lines = [("authorization", f"Bearer {token_of(p)}") for p in (anna, boris)]
    refused(await send(api.nobody(), "GET", "/users/me", lines), 401, "unauthenticated")


@pytest.mark.parametrize(
    "lines",
    [
        [("origin", "http://localhost:8000"), ("origin", "https://evil.example")],
        [("origin", "https://evil.example"), ("origin", "http://localhost:8000")],
        [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    ],
    ids=named,
)
async def test_a_request_that_comes_from_two_places_comes_from_elsewhere(
    api: Api, lines: Lines
) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    refused(await send(anna, "DELETE", path, lines), 403, "cross-site")
