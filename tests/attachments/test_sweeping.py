"""What becomes of files that nothing needs any more."""

import os
import time
from pathlib import Path

import asyncpg
import pytest

from api import Api, Json, Person
from attaching import PNG, attached, content_at, post_file, stored
from casts import board_with
from checks import refused, seq_of
from doska.attachments.sweeping import handlers, remove_unknown, sweep_nightly
from doska.schemas import new_id
from labels import a_label
from works import a_task, at

LATER = "update blobs set unused_since = unused_since - interval '31 days'"


async def sweep(api: Api) -> None:
    await sweep_nightly(api.app.state.store, api.app.state.settings, {})


async def undo(person: Person, board: Json, seq: int | None = None) -> int:
    path, last = f"/boards/{board['id']}/undo", seq or await seq_of(person, board)
    return (await person.post(path, seq=last)).status_code


@pytest.fixture(autouse=True)
def emptied_store(api: Api) -> None:
    for name in stored(api):
        for path in Path(api.app.state.store.folder).rglob(name):
            path.unlink()


async def test_a_deleted_file_comes_back_by_undo(api: Api) -> None:
    """Seen to fail when the file went with its row."""
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    await anna.delete(f"/attachments/{made['id']}")
    await sweep(api)
    assert await undo(anna, board) == 200
    back = await anna.read(f"/attachments/{made['id']}")
    assert back == {**made, "version": 2}
    assert (await anna.get(content_at(made))).content == PNG


async def test_a_file_is_given_up_after_thirty_days(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with an undo that does not ask whether the file is there."""
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    await anna.delete(f"/attachments/{made['id']}")
    seq = await seq_of(anna, board)
    await sweep(api)
    assert len(stored(api)) == 1
    await db.execute(LATER)
    await sweep(api)
    assert stored(api) == []
    path = f"/boards/{board['id']}/undo"
    refused(await anna.post(path, seq=seq), 409, "content-gone")


async def test_a_file_is_given_up_when_no_log_knows_of_it_any_more(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task)
    await anna.delete(f"/attachments/{made['id']}")
    settings = api.app.state.settings.model_copy(update={"history_days": 7})
    for days, count in ((6, 1), (2, 0)):
        await sweep_nightly(api.app.state.store, settings, {})
        await db.execute(
            "update blobs set unused_since = unused_since - $1 * interval '1 day'", float(days)
        )
        await sweep_nightly(api.app.state.store, settings, {})
        assert len(stored(api)) == count


async def test_what_came_back_is_not_given_up(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without a look at what has rows again."""
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    await anna.delete(f"/attachments/{made['id']}")
    await sweep(api)
    await undo(anna, board)
    await db.execute(LATER)
    await sweep(api)
    assert (await anna.get(content_at(made))).content == PNG
    assert await db.fetchval("select unused_since from blobs") is None


async def test_the_files_of_a_deleted_board_go_at_once(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when they waited for the night."""
    anna, board, task = await a_task(api)
    other = await anna.task(await anna.column(await anna.board()))
    await attached(anna, task)
    kept = await attached(anna, other)
    await anna.delete(f"/boards/{board['id']}")
    await api.work_off()
    assert len(stored(api)) == 1
    assert (await anna.get(content_at(kept))).content == PNG
    assert await db.fetchval("select count(*) from blobs where state = 'GONE'") == 1


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def age(folder: Path) -> None:
    """Let all files be more than a day old."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 90_000,) * 2)


async def test_files_without_a_row_are_removed_after_a_day(api: Api) -> None:
    """Also those of uploads that have ended half-way. Seen to fail without a look at their age."""
    anna, _, task = await a_task(api)
    kept = await attached(anna, task)
    folder, name = Path(api.app.state.store.folder), new_id()
    strange = put(folder / "stored" / "ab" / "README")
    files = [put(folder / "stored" / name[34:36] / name), put(folder / "uploading" / new_id())]
    await sweep(api)
    assert all(path.exists() for path in files)
    age(folder)
    await sweep(api)
    assert [path.exists() for path in (*files, strange)] == [False, False, True]
    assert (await anna.get(content_at(kept))).content == PNG


async def test_the_files_of_another_database_are_left_alone(api: Api) -> None:
    """Seen to fail: a new database on an old folder emptied it."""
    store = api.app.state.store
    for _ in range(21):
        put(Path(store.folder) / "uploading" / new_id())
    age(Path(store.folder))
    assert await remove_unknown(store) == 0
    assert len(stored(api)) == 21


async def test_a_file_is_erased_at_once_and_for_good(api: Api, db: asyncpg.Connection) -> None:
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    dry = await anna.send(
        "DELETE",
        f"/attachments/{made['id']}",
        params={"erase": True},
        headers={"prefer": "dry-run"},
    )
    assert dry.json()["counts"]["attachments"]["deleted"] == 1
    assert len(stored(api)) == 1
    assert (await anna.delete(f"/attachments/{made['id']}", erase=True)).status_code == 204
    assert stored(api) == []
    assert await db.fetchval("select state from blobs") == "GONE"
    path = f"/boards/{board['id']}/undo"
    refused(await anna.post(path, seq=await seq_of(anna, board)), 409, "content-gone")


@pytest.mark.parametrize(("role", "status"), [("MEMBER", 403), ("MODERATOR", 204)])
async def test_only_its_author_and_moderators_erase_a_file(
    api: Api, role: str, status: int
) -> None:
    anna, person, board = await board_with(api, role)
    task = await anna.task(await anna.column(board))
    made = await attached(anna, task)
    answer = await person.delete(f"/attachments/{made['id']}", erase=True)
    assert answer.status_code == status
    assert len(stored(api)) == (1 if status == 403 else 0)


async def test_a_file_that_others_need_is_not_erased(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without a look at who else has it."""
    anna, _, task = await a_task(api)
    made, copy = await attached(anna, task), await attached(anna, task)
    await db.execute(
        "update attachments set blob_id = (select blob_id from attachments where id = $1)"
        " where id = $2",
        made["id"], copy["id"],
    )  # fmt: skip
    refused(await anna.delete(f"/attachments/{made['id']}", erase=True), 409, "file-shared")
    await anna.delete(f"/attachments/{copy['id']}")
    assert (await anna.delete(f"/attachments/{made['id']}", erase=True)).status_code == 204


async def test_files_go_with_their_task_and_come_back(api: Api) -> None:
    anna, board, task = await a_task(api)
    await a_label(anna, board)
    made = await attached(anna, task)
    before = await anna.read(at(task))
    await anna.delete(at(task))
    refused(await anna.get(content_at(made)), 404, "not-found")
    assert await undo(anna, board) == 200
    after = await anna.read(at(task))
    assert after["attachment_count"] == before["attachment_count"] == 1
    assert (await anna.get(content_at(made))).content == PNG


async def test_a_task_shows_how_many_it_had(api: Api) -> None:
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    seq = await seq_of(anna, board)
    await anna.delete(f"/attachments/{made['id']}")
    assert (await anna.read(at(task), at=seq))["attachment_count"] == 1
    past = await anna.read(f"/boards/{board['id']}/snapshot", at=seq)
    assert past["tasks"][0]["attachment_count"] == 1


async def test_a_batch_renames_and_deletes_attachments(api: Api) -> None:
    anna, board, task = await a_task(api)
    first, second = await attached(anna, task), await attached(anna, task)
    operations = [
        {"op": "update_attachment", "attachment_id": first["id"], "body": {"title": "A"}},
        {"op": "delete_attachment", "attachment_id": second["id"]},
    ]
    answer = await anna.post(f"/boards/{board['id']}/batch", operations=operations)
    assert answer.json()["results"][0] == {**first, "title": "A", "version": 2}
    assert (await anna.read(at(task)))["attachment_count"] == 1


def test_every_job_has_a_handler(api: Api) -> None:
    found = handlers(api.app.state.store, api.app.state.settings)
    assert sorted(found) == ["held.sweep", "held.sweep-nightly"]


async def test_an_upload_of_nobody_leaves_no_job(api: Api, db: asyncpg.Connection) -> None:
    refused(await post_file(api.nobody(), {"id": new_id()}), 401, "unauthenticated")
    assert await db.fetchval("select count(*) from jobs") == 0
