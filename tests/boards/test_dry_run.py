"""Prefer: dry-run tells what a write would do, or its refusal, and does nothing."""

import asyncio
from dataclasses import replace

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from checks import invalid, refused
from doska.boards.kinds import kind_of
from log_board import Rows, counters, listening, log_of, stored
from log_rival import all_wait, rival_on
from log_scene import NO_CHANGE, REFUSED, WRITES, Scene, Write, scene_of
from operations import KEYED, Operation, request
from operations import scene as made_scene
from people import moved

DRY = {"Prefer": "dry-run"}
OF_BOARD = [write for write in WRITES if not write.kind.startswith("user.")]
ABOUT_BOARD = [write for write in [*REFUSED, *NO_CHANGE] if "/users/" not in write.path[:7]]
FOLLOWS_TIME = {"id", "updated_at", "created_at", "completed_at", "edited_at", "joined_at"}
WORDS = ("created", "changed", "deleted")
NOTHING: Json = {"events": [], "counts": {}, "is_replayed": False}
KEY = {"Idempotency-Key": "once"}


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


async def dry(scene: Scene, write: Write) -> httpx.Response:
    """Ask what a write would do."""
    return await scene.do(replace(write, headers=DRY))


def counts_of(before: Rows, after: Rows) -> Json:
    """Count what is different, as a report does."""
    counts: dict[str, Json] = {}
    for place in {*before, *after}:
        old, new = before.get(place), after.get(place)
        if old != new:
            count = counts.setdefault(kind_of(place[0]).plural, dict.fromkeys(WORDS, 0))
            count["created" if old is None else "deleted" if new is None else "changed"] += 1
    return counts


def timeless(value: object) -> object:
    """Leave out what is different each time: times, ids of what is new and so their order."""
    if isinstance(value, list):
        return sorted((timeless(item) for item in value), key=str)
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in FOLLOWS_TIME}
    return value


@pytest.mark.parametrize("write", OF_BOARD, ids=str)
async def test_it_tells_what_the_write_then_does(
    scene: Scene, db: asyncpg.Connection, write: Write
) -> None:
    """As clients read it then, with faces, which the log itself does not keep.

    Seen to fail with rows that are not counted, and with a report that is made before.
    """
    before, events = await stored(db, scene.board), await log_of(db, scene.board)
    report = (await dry(scene, write)).json()
    assert (await stored(db, scene.board), await log_of(db, scene.board)) == (before, events)
    assert (await scene.do(write)).is_success
    path = f"/boards/{scene.board}/events"
    done = await scene.people["anna"].items(path, after=events[-1]["seq"])
    assert [event["type"] for event in report["events"]] == [event["type"] for event in done]
    assert timeless(report["events"][0]["payload"]) == timeless(done[0]["payload"])
    assert report["counts"] == counts_of(before, await stored(db, scene.board))


@pytest.mark.parametrize("write", ABOUT_BOARD, ids=str)
async def test_it_refuses_as_the_write_does(scene: Scene, write: Write) -> None:
    """Seen to fail with a dry run that ends before the statement that writes."""
    tried, done = await dry(scene, write), await scene.do(write)
    assert str(tried.status_code) == str(done.status_code) == write.kind
    if tried.is_success:
        assert tried.json() == NOTHING
    else:
        assert {**tried.json(), "request_id": ""} == {**done.json(), "request_id": ""}


async def test_it_leaves_counters_keys_and_listeners_alone(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """Seen to fail with a report that commits."""
    before = await counters(db, scene.board)
    headers = {**DRY, "Idempotency-Key": "once"}
    move = Write("", "POST", "/tasks/{draw}/move", {"at": "bottom"}, headers=headers)
    async with listening(db) as ear:
        for _ in range(2):
            answer = await scene.do(move)
            assert answer.headers["preference-applied"] == "dry-run"
            assert "idempotency-replayed" not in answer.headers
        assert await ear.heard() == []
    assert await counters(db, scene.board) == before
    assert not await db.fetchval("select count(*) from idempotency_keys")


async def test_it_tells_that_its_key_was_used_for_it_and_refuses_one_used_for_another(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """As the request would be. Seen to fail when a dry run overlooked its key."""
    anna, path = scene.people["anna"], f"/tasks/{scene.names['draw']}"
    renaming: Json = {"method": "PATCH", "path": path, "json": {"title": "Say"}}
    assert (await anna.send(**renaming, headers=KEY)).is_success
    before = await stored(db, scene.board)
    again = await anna.send(**renaming, headers={**KEY, **DRY})
    assert (again.status_code, again.json()) == (200, {**NOTHING, "is_replayed": True})
    other: Json = {**renaming, "json": {"title": "Sing"}}
    refused(await anna.send(**other, headers={**KEY, **DRY}), 422, "key-reused")
    assert await stored(db, scene.board) == before
    await db.execute("update idempotency_keys set at = now() - interval '24 hours 1 second'")
    found = (await anna.send(**other, headers={**KEY, **DRY})).json()
    assert (found["is_replayed"], len(found["events"])) == (False, 1)


REPORTING = [o for o in KEYED if o.id != "create_import"]  # whose dry run is an import, too


@pytest.mark.parametrize("operation", REPORTING, ids=str)
async def test_every_action_is_told_as_carried_out_before(api: Api, operation: Operation) -> None:
    """Also a deletion, whose object is gone. Seen to fail for each place that claims a key."""
    asked = request(await made_scene(api, "one"), operation)
    assert (await asked.send(headers=KEY)).is_success
    again = await asked.send(headers={**KEY, **DRY})
    assert (again.status_code, again.json()) == (200, {**NOTHING, "is_replayed": True})


async def test_what_is_under_way_is_waited_for_and_told_as_carried_out(
    scene: Scene, db: asyncpg.Connection, database_url: str
) -> None:
    """By another process, where nobody waits for a turn. Seen to fail when it was looked for before."""
    anna, path = scene.people["anna"], f"/tasks/{scene.names['draw']}"
    async with (
        another_api(database_url, pool_max=4) as other,
        rival_on(scene.board, database_url, db) as rival,
    ):
        first = asyncio.ensure_future(anna.send("DELETE", path, headers=KEY))
        await rival.is_waited_for(first)
        again = moved(anna, other).send("DELETE", path, headers={**KEY, **DRY})
        dry = asyncio.ensure_future(again)
        await all_wait(db, first, dry)
        await rival.do("commit")
        assert (await first).status_code == 204
        assert (await dry).json() == {**NOTHING, "is_replayed": True}


async def test_who_may_not_see_the_board_any_more_is_not_told(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, boris, "MODERATOR")
    renaming: Json = {"method": "PATCH", "path": f"/boards/{board['id']}", "json": {"title": "B"}}
    assert (await boris.send(**renaming, headers=KEY)).is_success
    await anna.delete(f"/boards/{board['id']}/users/{boris.id}")
    refused(await boris.send(**renaming, headers={**KEY, **DRY}), 404, "not-found")


async def test_it_compares_versions(scene: Scene) -> None:
    anna, headers = scene.people["anna"], {**DRY, "If-Match": '"0"'}
    answer = await anna.send("DELETE", f"/tasks/{scene.names['draw']}", headers=headers)
    refused(answer, 412, "precondition-failed")


async def test_a_board_is_not_made_by_it(api: Api) -> None:
    anna = await api.user()
    body = {"title": "Website", "columns": ["To do", "Done"]}
    report = (await anna.send("POST", "/boards", json=body, headers=DRY)).json()
    assert [event["type"] for event in report["events"]] == ["board.created"]
    created = {kind: count["created"] for kind, count in report["counts"].items()}
    assert created == {"boards": 1, "people": 1, "columns": 2}
    assert [board["title"] for board in await anna.items("/boards")] == ["My tasks"]


async def test_a_board_is_not_deleted_by_it(scene: Scene, db: asyncpg.Connection) -> None:
    before = await stored(db, scene.board)
    delete = Write("", "DELETE", "/boards/{board}", {})
    refused(await dry(scene, replace(delete, by="ivan")), 403, "not-allowed")
    report = (await dry(scene, delete)).json()
    assert [event["type"] for event in report["events"]] == ["board.deleted"]
    assert report["counts"] == counts_of(before, {})
    assert await stored(db, scene.board) == before


async def test_a_task_of_ones_own_is_tried_out_without_a_board_to_put_it_on(api: Api) -> None:
    """Seen to fail with a home board that is left behind."""
    anna = await api.user()
    (home,) = await anna.items("/boards")
    await anna.delete(f"/boards/{home['id']}")
    report = (await anna.send("POST", "/tasks", json={"title": "Buy"}, headers=DRY)).json()
    assert [event["type"] for event in report["events"]] == ["task.created"]
    assert await anna.items("/boards") == []


@pytest.mark.parametrize("given", ["Dry-Run", "respond-async, dry-run; x=1", "dry-run=yes"])
async def test_the_header_is_read_as_the_standard_says(api: Api, given: str) -> None:
    anna = await api.user()
    answer = await anna.send("POST", "/boards", json={"title": "A"}, headers={"Prefer": given})
    assert answer.headers["preference-applied"] == "dry-run"


async def test_other_preferences_are_ignored(api: Api) -> None:
    anna = await api.user()
    other = {"Prefer": "return=minimal"}
    assert (await anna.send("POST", "/boards", json={"title": "A"}, headers=other)).is_success


async def test_what_cannot_be_tried_out_is_not_done(api: Api) -> None:
    """Seen to fail with accounts that ignore the header."""
    anna = await api.user()
    await cannot(anna, "DELETE", f"/users/{anna.id}")
    await cannot(anna, "PATCH", f"/users/{anna.id}", json={"name": "A."})
    await cannot(anna, "POST", "/auth/logout")
    await cannot(anna, "POST", "/users", json={})
    assert (await anna.get(f"/users/{anna.id}")).json() == anna.me


async def cannot(person: Person, method: str, path: str, json: Json | None = None) -> None:
    invalid(await person.send(method, path, json=json, headers=DRY), "/header/Prefer")
