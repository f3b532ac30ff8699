"""Events hold ids of people; faces are put in when they are read."""

import json

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from log_scene import WRITES, Write, scene_of

FACE = ("username", "avatar_url")


async def events_of(person: Person, board: Json) -> list[Json]:
    return await person.items(f"/boards/{board['id']}/events", limit=200)


def faces_in(value: object) -> list[Json]:
    """Find every person who is shown in it."""
    if isinstance(value, list):
        return [face for part in value for face in faces_in(part)]
    if not isinstance(value, dict):
        return []
    here = [value] if "username" in value else []
    return here + [face for part in value.values() for face in faces_in(part)]


async def shared(api: Api) -> tuple[Person, Person, Json, Json]:
    """Give anna, who will go, boris, their board, and a task that anna has written and works on."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await boris.board()
    await boris.invite(board, anna, "MODERATOR")
    task = await anna.task(await anna.column(board), assignee_ids=[boris.id, anna.id])
    return anna, boris, board, task


@pytest.mark.parametrize("write", WRITES, ids=str)
async def test_no_write_stores_a_face(api: Api, db: asyncpg.Connection, write: Write) -> None:
    """Nor does taking it back. Seen to fail when events were stored as they are shown."""
    scene = await scene_of(api)
    assert (await scene.do(write)).is_success
    anna = scene.people["anna"]
    seq = (await anna.read(f"/boards/{scene.board}"))["seq"]
    await anna.post(f"/boards/{scene.board}/undo", seq=seq)
    rows = await db.fetch("select payload::text, changes::text from events")
    stored = "".join(text for row in rows for text in row)
    assert [name for name in FACE if f'"{name}"' in stored] == []


async def test_what_happened_shows_people_as_they_are_called_today(api: Api) -> None:
    anna, boris, board, task = await shared(api)
    await anna.delete(f"/tasks/{task['id']}/assignees/{boris.id}")
    await anna.patch(f"/users/{anna.id}", name="Anna P.", username="anna2")
    events = await events_of(boris, board)
    shown = [face for face in faces_in(events) if face["id"] == anna.id]
    assert {(face["username"], face["name"]) for face in shown} == {("anna2", "Anna P.")}
    types = {event["type"] for event in events if faces_in(event["payload"])}
    assert types == {"person.added", "task.created", "task.unassigned", "user.updated"}


async def test_no_event_shows_anybody_whose_account_is_gone(api: Api) -> None:
    anna, boris, board, task = await shared(api)
    await boris.put(f"/boards/{board['id']}/users/{anna.id}", role="MEMBER")
    await boris.delete(f"/tasks/{task['id']}")
    seq = (await boris.read(f"/boards/{board['id']}"))["seq"]
    await boris.post(f"/boards/{board['id']}/undo", seq=seq)
    await anna.patch(f"/users/{anna.id}", name="Anna P.")
    await anna.delete(f"/users/{anna.id}")
    events = await events_of(boris, board)
    assert "anna" not in json.dumps(events).lower()
    by_type = {event["type"]: event for event in events}
    assert by_type["person.added"]["payload"]["person"]["user"] == {"id": anna.id}
    made = by_type["task.created"]
    assert made["actor"] is None
    assert made["payload"]["task"]["author"] is None
    assert [face["id"] for face in made["payload"]["task"]["assignees"]] == [boris.id]
    assert by_type["change.undone"]["payload"]["tasks"][0]["author"] is None
    assert by_type["user.updated"]["payload"] == {"user": {"id": anna.id}}


async def test_faces_that_an_older_release_has_stored_are_read_as_todays(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, board, _ = await shared(api)
    old = {"id": anna.id, "username": "old", "name": "Old Name", "avatar_url": "/old.svg"}
    payloads = [
        {"user": old},
        {"person": {"user": old, "role": "MEMBER", "joined_at": "2026-01-01T00:00:00Z"}},
        {"people": [{"user": old, "role": "MEMBER"}]},
        {"task": {"id": boris.id, "author": old, "assignees": [old]}},
        {"tasks": [{"id": boris.id, "author": old, "assignees": [old]}]},
    ]
    for person in (anna.me, None):
        for payload in payloads:
            found = await db.fetchval("select with_faces($1::jsonb)", json.dumps(payload))
            assert "old" not in found.lower()
            assert len(faces_in(json.loads(found))) == str(payload).count("'Old Name'") * (
                person is not None
            )
        await anna.delete(f"/users/{anna.id}")
    await boris.read(f"/boards/{board['id']}/events")


async def keyed(person: Person, path: str, body: Json) -> httpx.Response:
    """Ask for something with a key made from its address."""
    headers = {"idempotency-key": path.rpartition("/")[2]}
    return await person.send("POST", path, headers=headers, json=body)


async def test_a_kept_answer_shows_nobody_whose_account_is_gone(api: Api) -> None:
    """And is still an answer: the request is not carried out again."""
    anna, boris, board, _ = await shared(api)
    column = await boris.column(board)
    body = {"column_id": column["id"], "title": "Once", "assignee_ids": [anna.id, boris.id]}
    path, carl = f"/boards/{board['id']}/users", await api.user("carl")
    first = await keyed(boris, "/tasks", body)
    assert (await keyed(boris, path, {"user_id": carl.id})).status_code == 201
    await anna.delete(f"/users/{anna.id}")
    await carl.delete(f"/users/{carl.id}")
    again = await keyed(boris, "/tasks", body)
    assert again.headers["idempotency-replayed"] == "true"
    others = [person for person in first.json()["assignees"] if person["id"] == boris.id]
    assert again.json() == {**first.json(), "assignees": others}
    assert (await keyed(boris, path, {"user_id": carl.id})).status_code == 404
    assert len(await boris.items("/tasks", board_id=board["id"])) == 2


async def test_the_activity_names_nobody_whose_account_is_gone(api: Api) -> None:
    anna, boris, board, _ = await shared(api)
    await anna.patch(f"/users/{anna.id}", name="Anna P.")
    await anna.delete(f"/users/{anna.id}")
    told = await boris.read(f"/boards/{board['id']}/activity")
    assert "anna" not in json.dumps(told).lower()
