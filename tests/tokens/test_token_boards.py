"""Access tokens for certain boards: no other exists for them."""

import asyncpg
import pytest

from api import Api, Json, Person
from checks import refused
from foreign import CANARY, LISTS, OF_THINGS, each, listings, put
from matrix_rival import board_held
from operations import Operation, Scene, all_rows, request, scene
from people import promote
from stream_client import watching
from stream_server import port_of
from tokens import new_token, script_of

OF_BOARDS = [place for place in OF_THINGS if place[0].is_for_tokens]
LISTS_FOR_TOKENS = [operation for operation in LISTS if operation.is_for_tokens]


async def two_scenes(api: Api) -> tuple[Scene, Scene, Person]:
    """Give two boards that somebody is on, and a script of theirs for the first alone."""
    own, other = await scene(api, "own"), await scene(api, CANARY)
    await other.owner.invite({"id": other.ids["board_id"]}, own.owner, "MODERATOR")
    return own, other, await script_of(own.owner, board_ids=[own.ids["board_id"]])


@each(OF_BOARDS)
async def test_beyond_its_boards_an_id_is_as_good_as_none(
    api: Api, db: asyncpg.Connection, operation: Operation, where: str, name: str
) -> None:
    """Seen to fail when the boards of a token were not asked for."""
    own, other, script = await two_scenes(api)
    asked = request(own, operation)
    put(asked, where, name, other)
    asked.person, before = script, await all_rows(db)
    answer = await asked.send()
    assert await all_rows(db) == before
    assert CANARY not in answer.text
    if operation.method == "get" and where == "query":
        assert (answer.status_code, answer.json()["items"]) == (200, [])
    else:
        refused(answer, 404, "not-found")


@pytest.mark.parametrize("operation", LISTS_FOR_TOKENS, ids=str)
async def test_nothing_of_other_boards_is_in_any_list(api: Api, operation: Operation) -> None:
    """Seen to fail when lists did not ask for the boards of a token."""
    own, other, script = await two_scenes(api)
    texts = [other.ids["board_id"], other.ids["task_id"]]
    texts += [] if operation.id == "list_users" else [CANARY]
    for asked in listings(own, other, operation):
        asked.person = script
        answer = await asked.send()
        assert answer.status_code in (
            200,
            403,
            422,
        )  # all is for administrators, people have no title
        assert not [found for found in texts if found in answer.text]


async def test_its_own_boards_are_all_that_it_lists(api: Api) -> None:
    """Else the tests above would prove nothing."""
    own, _, script = await two_scenes(api)
    for path, kind in (("/boards", "board"), ("/columns", "column"), ("/tasks", "task")):
        assert own.ids[f"{kind}_id"] in [thing["id"] for thing in await script.items(path)]
    assert [board["id"] for board in await script.items("/boards")] == [own.ids["board_id"]]


async def test_a_public_board_is_none_of_its_boards(api: Api) -> None:
    """Seen to fail when a public board was everybody's."""
    anna, boris = await api.user(), await api.user()
    public = await boris.board(is_public=True)
    script = await script_of(anna, board_ids=[(await anna.items("/boards"))[0]["id"]])
    assert (await anna.get(f"/boards/{public['id']}")).status_code == 200
    for path in ("", "/snapshot", "/events", "/columns", "/users"):
        refused(await script.get(f"/boards/{public['id']}{path}"), 404, "not-found")
    assert public["id"] not in [board["id"] for board in await script.items("/boards")]


async def test_a_board_that_one_may_not_see_is_none_to_make_a_token_for(api: Api) -> None:
    """Seen to fail when the boards of a new token were not judged."""
    anna, boris = await api.user(), await api.user()
    mine, secret = await anna.board(), await boris.board()
    body = {"name": "A", "scope": "read", "board_ids": [mine["id"], secret["id"]]}
    refused(await anna.post("/auth/tokens", **body), 404, "not-found")
    assert await anna.items("/auth/tokens") == []


async def test_a_board_that_one_loses_is_lost_to_the_token(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, boris)
    script = await script_of(boris, board_ids=[board["id"]])
    path = f"/boards/{board['id']}"
    assert (await script.get(path)).status_code == 200
    await anna.delete(f"{path}/users/{boris.id}")
    refused(await script.get(path), 404, "not-found")


async def test_such_a_token_makes_no_board(api: Api, db: asyncpg.Connection) -> None:
    """Not even for a task that names none. Seen to fail for each of the two."""
    anna, boris = await api.user(), await api.user()
    theirs = await boris.board()
    await boris.invite(theirs, anna)
    script = await script_of(anna, board_ids=[theirs["id"]])
    before = await all_rows(db)
    refused(await script.post("/boards", title="New"), 403, "scope-too-small")
    refused(await script.post("/tasks", title="New"), 404, "not-found")
    assert await all_rows(db) == before


async def test_an_answer_of_another_board_is_not_replayed(api: Api) -> None:
    """Seen to fail when the boards of a token were not asked for before a replay."""
    anna = await api.user()
    board, (home,) = await anna.board(), (await anna.items("/boards"))[:1]
    script = await script_of(anna, board_ids=[home["id"]])
    path, headers = f"/boards/{board['id']}", {"idempotency-key": "once"}
    body = {"json": {"title": "Secret"}}
    assert (await anna.send("PATCH", path, headers=headers, **body)).status_code == 200
    refused(await script.send("PATCH", path, headers=headers, **body), 404, "not-found")
    gone: Json = {"headers": {"idempotency-key": "gone"}}
    assert (await anna.send("DELETE", path, **gone)).status_code == 204
    assert (await anna.send("DELETE", path, **gone)).status_code == 204
    refused(await script.send("DELETE", path, **gone), 404, "not-found")


async def test_who_may_not_write_there_does_not_wait_for_a_board(
    api: Api, db: asyncpg.Connection
) -> None:
    """A rival holds the board. Seen to fail for each kind when the lock did not ask for it."""
    anna, root = await api.user(), await promote(db, await api.user())
    board, (home,) = await anna.board(), (await anna.items("/boards"))[:1]
    elsewhere = await script_of(anna, board_ids=[home["id"]])
    reader, modest = await script_of(anna, "read"), await script_of(root, "write")
    path = f"/boards/{board['id']}"
    async with board_held(db, board["id"]):
        refused(await elsewhere.patch(path, title="New"), 404, "not-found")
        refused(await modest.patch(path, title="New"), 404, "not-found")
        refused(await reader.patch(path, title="New"), 403, "scope-too-small")


async def test_an_administrators_token_is_for_its_boards_only(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when an administrator could reach all boards with it."""
    anna, root = await api.user(), await promote(db, await api.user())
    first, second = await anna.board(), await anna.board()
    script = await script_of(root, "admin", board_ids=[first["id"]])
    assert (await script.patch(f"/boards/{first['id']}", title="New")).status_code == 200
    refused(await script.patch(f"/boards/{second['id']}", title="New"), 404, "not-found")
    assert [board["id"] for board in await script.items("/boards", visibility="all")] == [
        first["id"]
    ]


async def test_there_is_no_stream_of_another_board(api: Api) -> None:
    """Seen to fail when the boards of a token were not asked for."""
    anna = await api.user()
    first, second = await anna.board(), await anna.board()
    token = await new_token(anna, "read", board_ids=[first["id"]])
    sent = {"authorization": f"Bearer {token['token']}"}
    async with port_of(api) as address:
        async with watching(address, api.nobody(), first["id"], **sent) as watch:
            assert watch.status == 200
        async with watching(address, api.nobody(), second["id"], **sent) as watch:
            assert watch.status == 404
