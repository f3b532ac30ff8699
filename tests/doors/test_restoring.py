"""A board comes back from its archive: as it was for its owner, as a copy for everybody else."""

import json

import asyncpg
import pytest

from api import Api, Json, Person
from archives import lines_of, listed_anew, not_restored, opened, packed, restored, rows_in
from checks import refused
from exporting import a_full_board, exported
from people import promote


async def archived(api: Api) -> tuple[Person, Person, Json, bytes]:
    anna, boris, board = await a_full_board(api)
    return anna, boris, board, (await exported(anna, board, "doska")).content


async def deleted(person: Person, board: Json) -> None:
    assert (await person.delete(f"/boards/{board['id']}")).status_code == 204


async def test_a_deleted_board_comes_back_byte_for_byte(api: Api) -> None:
    anna, boris, board, content = await archived(api)
    before = await anna.read(f"/boards/{board['id']}/snapshot")
    await deleted(anna, board)
    await api.work_off()

    back = await restored(anna, content)

    assert back == board["id"]
    assert (await exported(anna, board, "doska")).content == content
    assert (await exported(boris, board, "doska")).content == content
    assert await anna.read(f"/boards/{board['id']}/snapshot") == before


async def test_what_comes_back_can_be_undone_and_looked_back_at(api: Api) -> None:
    anna, _, board, content = await archived(api)
    path = f"/boards/{board['id']}"
    past = [await anna.read(f"{path}/snapshot", at=seq) for seq in (5, 12)]
    told = await anna.items(f"{path}/activity")
    await deleted(anna, board)

    await restored(anna, content)

    assert [await anna.read(f"{path}/snapshot", at=seq) for seq in (5, 12)] == past
    assert await anna.items(f"{path}/activity") == told
    newest = await anna.read(path)
    undone = await anna.post(f"{path}/undo", seq=newest["seq"])
    assert undone.status_code == 200, undone.text
    assert undone.json()["payload"]["tasks"][0]["title"] == "Gone"


async def test_an_archive_of_a_board_that_is_there_becomes_a_copy(api: Api) -> None:
    anna, boris, board, content = await archived(api)

    copy = await restored(anna, content)

    assert copy != board["id"]
    before = await anna.read(f"/boards/{board['id']}/snapshot")
    shown = await anna.read(f"/boards/{copy}/snapshot")
    assert (await exported(anna, board, "doska")).content == content
    for name in ("columns", "labels", "tasks"):
        assert [t["title"] for t in shown[name]] == [t["title"] for t in before[name]]
        assert {t["id"] for t in shown[name]}.isdisjoint({t["id"] for t in before[name]})
    assert [(p["user"]["id"], p["role"]) for p in shown["people"]] == [(anna.id, "CREATOR")]
    assert (await boris.get(f"/boards/{copy}")).status_code == 404
    booked = next(task for task in shown["tasks"] if task["title"].startswith("Book"))
    assert (booked["author"]["id"], booked["assignees"]) == (anna.id, [])
    comments = await anna.items(f"/tasks/{booked['id']}/comments")
    assert [(c["author"] and c["author"]["id"], c["author_name"]) for c in comments] == [
        (None, boris.me["name"]), (anna.id, None),  # type: ignore[index]
    ]  # fmt: skip
    (file,) = [a for a in await anna.items(f"/tasks/{booked['id']}/attachments") if a["size"]]
    assert len((await anna.get(f"/attachments/{file['id']}/content")).content) == file["size"]


@pytest.mark.parametrize("is_signed", [True, False])
async def test_a_copy_is_as_good_as_its_original(api: Api, is_signed: bool) -> None:  # noqa: FBT001
    _, _, _, content = await archived(api)
    olga = await api.user()
    members = opened(content)
    if not is_signed:
        members["signature"] = b"0" * 64 + b"\n"

    copy = {"id": await restored(olga, packed(members))}
    again = await exported(olga, copy, "doska")
    path = f"/boards/{copy['id']}"

    assert (await exported(olga, copy, "csv")).content.count(b"\r\n") == 5
    seq = (await olga.read(path))["seq"]
    for at in range(1, seq + 1):
        await olga.read(f"{path}/snapshot", at=at)
    await olga.items(f"{path}/activity", limit=200)
    await olga.items(f"{path}/events", limit=200)
    names = {p["name"] for p in rows_in(opened(again.content), "people.jsonl")}
    assert names == {olga.me["name"]}  # type: ignore[index]
    await deleted(olga, copy)
    assert await restored(olga, again.content) == copy["id"]
    assert (await exported(olga, copy, "doska")).content == again.content
    for event in reversed(range(1, seq + 1)):
        answer = await olga.post(f"{path}/undo", seq=event)
        assert answer.status_code in (200, 409, 403), answer.text


async def test_a_forged_archive_speaks_for_nobody(api: Api) -> None:
    anna, boris, board, content = await archived(api)
    olga = await api.user()
    await deleted(anna, board)
    members = opened(content)
    comments = rows_in(members, "comments.jsonl")
    events = rows_in(members, "events.jsonl")
    text = json.dumps(comments[0]["text"])
    forged = {
        **members,
        "comments.jsonl": members["comments.jsonl"].replace(text.encode(), b'"I am a fool"'),
        "events.jsonl": members["events.jsonl"].replace(text.encode(), b'"I am a fool"'),
    }

    copies = [await restored(who, packed(listed_anew(forged))) for who in (olga, anna)]

    assert events
    for who, copy in zip((olga, anna), copies, strict=True):
        assert copy != board["id"]
        shown = await who.read(f"/boards/{copy}/snapshot")
        assert [(p["user"]["id"], p["role"]) for p in shown["people"]] == [(who.id, "CREATOR")]
        told = json.dumps(await who.items(f"/boards/{copy}/events", limit=200))
        assert boris.id not in told
        assert boris.me["username"] + '"' not in told.replace("@", "")  # type: ignore[index]


async def test_who_was_removed_or_disabled_does_not_come_back(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, board, _ = await archived(api)
    clara, dora = await api.user(), await api.user()
    await anna.invite(board, clara)
    await anna.invite(board, dora, "OBSERVER")
    content = (await exported(anna, board, "doska")).content
    await anna.delete(f"/boards/{board['id']}/users/{boris.id}")
    await db.execute("update users set is_active = false where id = $1", clara.id)
    await deleted(anna, board)

    back = await restored(anna, content)

    assert back == board["id"]
    shown = await anna.read(f"/boards/{back}/snapshot")
    assert {p["user"]["id"] for p in shown["people"]} == {anna.id, dora.id}
    assert (await boris.get(f"/boards/{back}")).status_code == 404
    booked = next(task for task in shown["tasks"] if task["title"].startswith("Book"))
    assert booked["assignees"] == []
    await db.execute("update users set is_active = true where id = $1", clara.id)
    refused(await anna.post(f"/boards/{back}/undo", seq=shown["seq"]), 409, "must-accept")
    again = (await exported(anna, board, "doska")).content
    await deleted(anna, board)
    assert await restored(anna, again) == board["id"]


async def test_an_administrator_brings_back_what_others_have_lost(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, board, content = await archived(api)
    await deleted(anna, board)
    root = await promote(db, await api.user())

    assert await restored(boris, content) != board["id"]  # who was a member gets a copy
    assert await restored(root, content) == board["id"]

    assert (await exported(anna, board, "doska")).content == content
    forged = packed({**opened(content), "signature": b"\n"})
    await deleted(anna, board)
    assert await restored(root, forged) != board["id"]
    trusted = await restored(root, forged, trust=True)
    assert trusted == board["id"]
    assert (await exported(boris, board, "doska")).content == content


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("tasks.jsonl", b'"title":"=1+1"', b'"title":"=2+2"'),
        ("tasks.jsonl", b'"number":1,', b'"number":7,'),
        ("subtasks.jsonl", b'"is_completed":true', b'"is_completed":1'),
        ("columns.jsonl", b'"title":"Empty"', b'"title":"Em\\u202epty"'),
        ("labels.jsonl", b'"color":"#', b'"color":"url(#'),
        ("attachments.jsonl", b"https://", b"javascript:"),
        ("events.jsonl", b'"seq":3,', b'"seq":300,'),
        ("events.jsonl", b'"table":"columns"', b'"table":"users"'),
        ("events.jsonl", b'"payload":{', b'"payload":{"a":1,"a":2,'),
        ("events.jsonl", b'"payload":{', b'"payload":{"people":7,'),
        ("board.json", b'"task_number":5', b'"task_number":9'),
        ("board.json", b'"key":"', b'"key":"../'),
        ("people.jsonl", b'"role":"MEMBER"', b'"role":"MEMBER","email":"a@b"'),
        ("blobs.jsonl", b'"state":"KEPT"', b'"state":"GONE"'),
        ("blobs.jsonl", b'"media_type":"image/png"', b'"media_type":"text/html"'),
        ("comment_reactions.jsonl", b'"comment_id":"', b'"comment_id":"0198c0de-0000-7000-8000-000000000001","x":"'),
        ("tasks.jsonl", b'"version":', b'"version":1.5,"x":'),
    ],
)  # fmt: skip
async def test_an_archive_that_contradicts_itself_is_refused(
    api: Api, member: str, old: bytes, new: bytes
) -> None:
    anna, _, _, content = await archived(api)
    members = opened(content)
    assert old in members[member]
    members[member] = members[member].replace(old, new, 1)

    for changed in (members, listed_anew(members)):
        await not_restored(anna, packed(changed), "archive-inconsistent")
    assert len(await anna.items("/boards")) == 2


async def test_a_newer_archive_is_refused_before_anything_else_is_read(api: Api) -> None:
    anna = await api.user()
    head = lines_of([{"format": "doska-board", "version": 2, "more": True}])

    problem = await not_restored(anna, packed({"doska.json": head}), "archive-too-new")

    assert (problem["version"], problem["known"]) == (2, 1)
