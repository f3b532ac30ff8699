"""Bad input in paths and queries, and addresses and methods that do not exist."""

import base64
import json
from typing import Any

import asyncpg
import pytest

from api import Api
from checks import invalid, refused
from operations import DOCUMENT, OPERATIONS, Operation, all_rows, request, scene

UNKNOWN = "0198c0de-0000-7000-8000-000000000001"


def takes(name: str) -> list[Operation]:
    """List the operations that have a query parameter of this name."""
    return [o for o in OPERATIONS if any(p["name"] == name for p in o.parameters("query"))]


WITH_PATH = [operation for operation in OPERATIONS if operation.parameters("path")]
BAD_IDS = (
    "1", "x", "%00", UNKNOWN.replace("-", ""), f"{{{UNKNOWN}}}", f"urn:uuid:{UNKNOWN}",
    f"{UNKNOWN}0", f"{UNKNOWN}%0A", f"%20{UNKNOWN}", "0" * 5000, "%D9%A1" * 36, "null", "%FF",
    f"{UNKNOWN}'--",
)  # fmt: skip


@pytest.mark.parametrize("operation", WITH_PATH, ids=str)
async def test_what_is_no_id_in_a_path_is_refused(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    asked = request(await scene(api, "own"), operation)
    before, path = await all_rows(db), asked.path
    for name in path:
        for bad in BAD_IDS:
            asked.path = {**path, name: bad}
            invalid(await asked.send(), f"/path/{name}")
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", WITH_PATH, ids=str)
async def test_an_id_of_nothing_is_not_found(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    asked = request(await scene(api, "own"), operation)
    before, path = await all_rows(db), asked.path
    for name in path:
        asked.path = {**path, name: UNKNOWN}
        answer = await asked.send()
        is_invalid = (operation.id, name) == ("assign_task", "user_id") or name == "emoji"
        assert answer.status_code == (422 if is_invalid else 404)
    assert await all_rows(db) == before


async def test_an_id_in_capitals_is_the_same_id(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    assert await anna.read(f"/boards/{board['id'].upper()}") == board
    answer = await anna.post("/columns", board_id=board["id"].upper(), title="To do")
    assert answer.json()["board_id"] == board["id"]


@pytest.mark.parametrize("operation", takes("limit"), ids=str)
async def test_a_limit_is_a_number_from_one_on_and_cut_to_two_hundred(
    api: Api, operation: Operation
) -> None:
    asked = request(await scene(api, "own"), operation)
    for bad in ("0", "-1", "x", "", "1.5", "9" * 5000, "NaN", "1e3"):
        asked.query = {"limit": bad}
        invalid(await asked.send(), "/query/limit")
    for good in ("1", "200", "201", "2147483648", str(2**70)):
        asked.query = {"limit": good}
        answer = await asked.send()
        assert answer.status_code == 200
        assert 1 <= len(answer.json()["items"]) <= min(int(good), 200)


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


GARBAGE = (
    "x", "é", "AAAA", "[" * 1000, "%00", "\x00", "-" * 2001, cursor_of(), cursor_of(1, 2),
    cursor_of("a"), cursor_of("a", "b"), cursor_of("a", UNKNOWN, "c"), cursor_of("a\x00", UNKNOWN),
    cursor_of("a", UNKNOWN + "\x00"), cursor_of("\ud800", UNKNOWN), cursor_of("a", None),
    base64.urlsafe_b64encode(b"[" * 1400).decode(), base64.urlsafe_b64encode(b"\xff" * 9).decode(),
    base64.urlsafe_b64encode(b'"ab"').decode(), base64.urlsafe_b64encode(b"null").decode(),
)  # fmt: skip


@pytest.mark.parametrize("operation", takes("cursor"), ids=str)
async def test_a_cursor_of_ones_own_making_is_refused(api: Api, operation: Operation) -> None:
    asked = request(await scene(api, "own"), operation)
    for garbage in GARBAGE:
        asked.query = {"cursor": garbage}
        invalid(await asked.send(), "/query/cursor")


ELSEWHERE: tuple[Any, ...] = (
    "2020-W01-1", "2020-01-01", "infinity", "9" * 400, "1_0", "٣", "99999999999", "-1", "", "~",
    "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999-23:59", None, True, 1.5, {}, [],
)  # fmt: skip


@pytest.mark.parametrize("operation", takes("cursor"), ids=str)
async def test_the_cursor_of_another_list_gives_a_page_or_a_refusal(
    api: Api, operation: Operation
) -> None:
    """It can hold anything that looks like a key; it shows nothing beyond the list's own items."""
    asked = request(await scene(api, "own"), operation)
    everything = (await asked.send()).json()["items"]
    sorts = [
        p["schema"]["items"]["$ref"] for p in operation.parameters("query") if p["name"] == "sort"
    ]
    names = DOCUMENT["components"]["schemas"][sorts[0].rsplit("/")[-1]]["enum"] if sorts else [None]
    for sort in names:
        for key in ELSEWHERE:
            asked.query = {"cursor": cursor_of(key, UNKNOWN), **({"sort": sort} if sort else {})}
            answer = await asked.send()
            assert answer.status_code in (200, 422), answer.text
            assert all(item in everything for item in answer.json().get("items", []))


@pytest.mark.parametrize("operation", takes("sort"), ids=str)
@pytest.mark.parametrize(
    "sort", ["owner__password_hash", "password_hash", "-", "", "title;--", "created_at,,title", "1"]
)
async def test_lists_are_sorted_by_what_is_offered_only(
    api: Api, operation: Operation, sort: str
) -> None:
    asked = request(await scene(api, "own"), operation)
    asked.query = {"sort": sort}
    invalid(await asked.send(), "/query/sort")


SPECIAL = ("100%", "a_b", "back\\slash", "it's", 'say "hi"', "a%b", "$1", ":q", "{x}", "ё")


@pytest.mark.parametrize("part", ["%", "_", "\\", "'", '"', "$1", ":q", "{", "Ё", "'; --", "%%"])
async def test_what_is_searched_for_is_taken_literally(api: Api, part: str) -> None:
    anna = await api.user()
    board = await anna.board(columns=["To do"])
    (column,) = await anna.items(f"/boards/{board['id']}/columns")
    for title in SPECIAL:
        await anna.task(column, title)
        await anna.column(board, title)
        await anna.board(title)
    expected = {title for title in SPECIAL if part.lower() in title}
    for path in ("/tasks", "/columns", "/boards", f"/columns/{column['id']}/tasks"):
        assert {item["title"] for item in await anna.items(path, q=part)} == expected


@pytest.mark.parametrize("operation", takes("q"), ids=str)
async def test_a_search_for_what_no_text_can_hold_is_refused(
    api: Api, operation: Operation
) -> None:
    asked = request(await scene(api, "own"), operation)
    for bad in ("\x00", "a\nb", "\x1b", "x" * 201):
        asked.query = {"q": bad}
        invalid(await asked.send(), "/query/q")
    asked.query = {"q": "\udcff"}  # which no UTF-8 can hold: httpx sends a question mark
    assert (await asked.person.client.get(f"{path_of(asked)}?q=%ff%fe")).status_code == 200


def path_of(asked: Any) -> str:
    return str(asked.operation.path.format(**asked.path))


@pytest.mark.parametrize("operation", takes("archived") + takes("status"), ids=str)
async def test_a_filter_takes_the_values_offered_only(api: Api, operation: Operation) -> None:
    asked = request(await scene(api, "own"), operation)
    for name in {"archived", "status", "priority"} & {
        p["name"] for p in operation.parameters("query")
    }:
        asked.query = {name: "x' or true --"}
        errors = (await asked.send()).json()["errors"]
        assert {error["pointer"].split("/")[2] for error in errors} == {name}


@pytest.mark.parametrize(
    "due",
    [
        "",
        "x",
        "2026",
        "2026-12-31",
        "2026-12-31T18:00:00",
        "1",
        "infinity",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-13-01T00:00:00Z",
    ],
)
async def test_what_is_no_moment_is_refused(api: Api, due: str) -> None:
    anna = await api.user()
    invalid(await anna.get("/tasks", due_before=due), "/query/due_before")
    invalid(await anna.post("/tasks", title="Due", due_at=due), "/body/due_at")


@pytest.mark.parametrize(
    "path", ["/nothing", "/tasks/", "/tasks/x/y/z", "/.env", "/users/me/x", "/%00"]
)
async def test_an_address_that_does_not_exist_is_a_problem(api: Api, path: str) -> None:
    anna = await api.user()
    for method in ("GET", "POST", "DELETE"):
        answer = await anna.send(method, path)
        refused(answer, 404, "not-found")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", DOCUMENT["paths"])
async def test_another_method_is_refused_with_those_that_there_are(api: Api, path: str) -> None:
    anna = await api.user()
    methods = {method.upper() for method in DOCUMENT["paths"][path]}
    concrete = path.replace("{", "").replace("}", "")
    wrong = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - methods
    for method in wrong - ({"PUT", "PATCH", "DELETE"} if path == "/users/me" else set()):
        answer = await anna.client.request(method, concrete)
        refused(answer, 405, "method-not-allowed")
        allowed = set(answer.headers["allow"].split(", "))
        assert allowed >= methods
        assert method not in allowed
