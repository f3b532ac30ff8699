"""A board comes back from its archive: as it was for its owner, as a copy for everybody else."""

import json

import asyncpg
import pytest

from api import Api, Json, Person
from apps import another_api
from archives import lines_of, listed_anew, not_restored, opened, packed, restored, rows_in
from attaching import stored
from checks import refused
from doska.doors.archive.opening import opened as opened_archive
from doska.doors.archive.replaying import check
from doska.doors.archive.signing import key_of
from doska.doors.errors import ArchiveInconsistent
from doska.doors.source import SourceFile
from exporting import a_full_board, export_of, exported
from importing import begin, done
from people import moved, promote
from rivals_of_tellings import renamed
from tokens import script_of


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


@pytest.mark.parametrize("what", ["renamed", "deleted", "gone"])
async def test_what_was_kept_of_a_board_is_not_shown_once_it_is_back_with_other_people(
    api: Api, what: str
) -> None:
    """Its events are the same, but not who is seen. Seen to fail: it was sent as it had been kept."""
    anna, boris, board, content = await archived(api)
    path = f"/boards/{board['id']}/snapshot"
    before, csv = await anna.get(path), await exported(anna, board, "csv")
    if what == "gone":
        assert (await anna.delete(f"/boards/{board['id']}/users/{boris.id}")).status_code == 204
    await deleted(anna, board)
    if what == "renamed":
        assert (await boris.patch(f"/users/{boris.id}", name="Somebody")).status_code == 200
    if what == "deleted":
        assert (await boris.delete(f"/users/{boris.id}")).status_code == 204
    await api.work_off()

    await restored(anna, content)

    for old, where, params in ((before, path, {}), (csv, export_of(board), {"format": "csv"})):
        tag = {"if-none-match": old.headers["etag"]}
        back = await anna.send("GET", where, params=params, headers=tag)
        assert back.status_code == 200
        assert back.headers["etag"] != old.headers["etag"]
    shown = (await anna.get(path)).json()
    assert boris.me["name"] not in [p["user"]["name"] for p in shown["people"]]  # type: ignore[index]


async def test_what_was_kept_of_a_board_is_not_brought_up_to_date_once_it_is_back(api: Api) -> None:
    """It may show other people. Seen to fail: of them no event tells."""
    anna, boris, board, content = await archived(api)
    path = f"/boards/{board['id']}/snapshot"
    task = (await anna.read(path))["tasks"][0]
    await deleted(anna, board)
    assert (await renamed(boris)).status_code == 200
    await api.work_off()
    await restored(anna, content)
    assert (await anna.patch(f"/tasks/{task['id']}", title="Next")).status_code == 200
    people = [person["user"]["name"] for person in (await anna.read(path))["people"]]
    assert people == [anna.me["name"], "Newly named"]  # type: ignore[index]


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


CONTRADICTIONS = [
    ("tasks.jsonl", b'"title":"=1+1"', b'"title":"=2+2"'),
    ("tasks.jsonl", b'"number":1,', b'"number":7,'),
    ("tasks.jsonl", b'"version":', b'"version":1.5,"x":'),
    ("subtasks.jsonl", b'"is_completed":true', b'"is_completed":1'),
    ("columns.jsonl", b'"title":"Empty"', b'"title":"Em\\u202epty"'),
    ("labels.jsonl", b'"color":"#', b'"color":"url(#'),
    ("attachments.jsonl", b"https://", b"javascript:"),
    ("events.jsonl", b'"seq":3,', b'"seq":300,'),
    ("events.jsonl", b'"table":"columns"', b'"table":"users"'),
    ("events.jsonl", b'"payload":{', b'"payload":{"a":1,"a":2,'),
    ("board.json", b'"task_number":5', b'"task_number":9'),
    ("board.json", b'"key":"', b'"key":"../'),
    ("people.jsonl", b'"role":"MEMBER"', b'"role":"MEMBER","email":"a@b"'),
    ("blobs.jsonl", b'"state":"KEPT"', b'"state":"GONE"'),
    ("comment_reactions.jsonl", b'"comment_id":"', b'"comment_id":"0198c0de-0000-7000-8000-000000000001","x":"'),
]  # fmt: skip


async def test_an_archive_that_contradicts_itself_is_refused(api: Api) -> None:
    anna, _, _, content = await archived(api)
    key = key_of(api.app.state.settings)
    for member, old, new in CONTRADICTIONS:
        members = opened(content)
        assert old in members[member], member
        members[member] = members[member].replace(old, new, 1)
        for changed in (members, listed_anew(members)):
            with pytest.raises(ArchiveInconsistent) as caught:
                check(opened_archive(SourceFile(packed(changed)), key))
            assert caught.value.more["at"], member

    headless = {**opened(content), "board.json": b"{}\n"}
    problem = await not_restored(anna, packed(headless), "archive-inconsistent")
    assert problem["at"] == "board.json"
    check(opened_archive(SourceFile(packed(opened(content))), key))


async def test_what_only_the_database_and_the_bytes_know_is_refused_too(api: Api) -> None:
    anna, _, _, content = await archived(api)
    before = stored(api)
    members = opened(content)
    members["events.jsonl"] = members["events.jsonl"].replace(
        b'"payload":{', b'"payload":{"people":7,', 1
    )
    unreadable = packed(listed_anew(members))
    members = opened(content)
    members["blobs.jsonl"] = members["blobs.jsonl"].replace(b"image/png", b"image/gif")
    disguised = packed(listed_anew(members))

    for archive in (unreadable, disguised):
        await not_restored(anna, archive, "archive-inconsistent")

    assert len(await anna.items("/boards")) == 2
    assert stored(api) == before


async def test_an_archive_that_is_not_safe_to_open_is_refused(api: Api) -> None:
    anna, _, _, content = await archived(api)

    await not_restored(anna, packed({**opened(content), "../board.json": b"{}"}), "archive-unsafe")
    await not_restored(
        anna, packed({**opened(content), "more.json": b"{}"}), "archive-inconsistent"
    )
    await not_restored(anna, content[:-200], "broken-file")


async def test_a_restored_board_counts_like_any_other(api: Api, database_url: str) -> None:
    anna, _, board, content = await archived(api)
    for settings, kind in (
        ({"boards_per_user_max": 1}, "limit-reached"),
        ({"tasks_per_board_max": 3}, "limit-reached"),
    ):
        async with another_api(database_url, **settings) as other:
            await not_restored(moved(anna, other), content, kind)
    script = await script_of(anna, "read")
    refused(await begin(script, content), 403, "scope-too-small")
    await not_restored(anna, content, "for-administrators", trust=True)
    await not_restored(anna, content, "invalid", into=board["id"])


async def test_a_dry_run_tells_what_would_come_back_and_writes_nothing(api: Api) -> None:
    anna, boris, board, content = await archived(api)
    await deleted(anna, board)

    mine = await done(anna, content, dry_run=True)
    other = await done(boris, content, dry_run=True)

    (told,) = mine["boards"]
    assert told["board_id"] == board["id"]
    assert sorted(told["readers"]) == sorted([anna.id, boris.id])
    assert (told["created"]["tasks"], told["created"]["columns"]) == (4, 3)
    assert mine["totals"]["values"] == mine["totals"]["kept"] + mine["totals"]["dropped"]
    assert mine["warnings"] == []
    assert [w["code"] for w in other["warnings"]] == [
        "ids-dealt-anew", "people-became-names", "people-not-back",
    ]  # fmt: skip
    refused(await anna.get(f"/boards/{board['id']}"), 404, "not-found")


async def test_a_newer_archive_is_refused_before_anything_else_is_read(api: Api) -> None:
    anna = await api.user()
    head = lines_of([{"format": "doska-board", "version": 2, "more": True}])

    problem = await not_restored(anna, packed({"doska.json": head}), "archive-too-new")

    assert (problem["version"], problem["known"]) == (2, 1)
