"""What is easily forgotten of a board that comes back: what is hidden, small pictures, other servers."""

import io

import asyncpg
import pytest

from api import Api, Json, Person
from archives import listed_anew, not_restored, opened, packed, restored, rows_in
from attaching import attached, content_at, linked
from checks import refused
from comments import a_comment
from exporting import exported
from people import promote


async def a_board_with_a_hidden_file(api: Api, content: bytes) -> tuple[Person, Json, Json, Json]:
    """Give its CREATOR, the board, a column in the archive, and a file of a task there."""
    anna = await api.user()
    board = await anna.board(columns=["Shown"])
    column = await anna.column(board, "Hidden")
    task = await anna.task(column, "Old")
    await anna.task(column, "Older", is_archived=True)
    file = await attached(anna, task, content)
    await linked(anna, task)
    await a_comment(anna, task, "seen?")
    await anna.patch(f"/columns/{column['id']}", is_archived=True)
    return anna, board, column, file


async def test_files_of_tasks_in_archived_columns_come_back(api: Api) -> None:
    anna, board, column, file = await a_board_with_a_hidden_file(api, b"%PDF-1.7\n%nothing\n")
    archive = (await exported(anna, board, "doska")).content
    copy = await restored(anna, archive)
    assert (await anna.delete(f"/boards/{board['id']}")).status_code == 204
    await api.work_off()

    assert await restored(anna, archive) == board["id"]

    assert (await exported(anna, board, "doska")).content == archive
    assert (await anna.get(content_at(file))).content == b"%PDF-1.7\n%nothing\n"
    answer = await anna.patch(f"/columns/{column['id']}", is_archived=False)
    assert answer.status_code == 200
    for board_id in (board["id"], copy):
        columns = await anna.items(f"/boards/{board_id}/columns", archived="all")
        hidden = next(one for one in columns if one["title"] == "Hidden")
        assert hidden["is_archived"] is (board_id == copy)
        (task,) = await anna.items(f"/columns/{hidden['id']}/tasks")
        found = await anna.items(f"/tasks/{task['id']}/attachments")
        assert [bool(one["url"]) for one in found] == [False, True]
        assert (await anna.get(content_at(found[0]))).content == b"%PDF-1.7\n%nothing\n"


@pytest.mark.parametrize("is_copy", [False, True])
async def test_pictures_get_their_thumbnails_again(api: Api, is_copy: bool) -> None:  # noqa: FBT001
    image = pytest.importorskip("PIL.Image")
    written = io.BytesIO()
    image.new("RGB", (640, 480), "#d64545").save(written, "PNG")
    anna, board, _, file = await a_board_with_a_hidden_file(api, written.getvalue())
    await api.work_off()
    before = (await anna.get(content_at(file, "thumbnail"))).content
    archive = (await exported(anna, board, "doska")).content
    if not is_copy:
        assert (await anna.delete(f"/boards/{board['id']}")).status_code == 204
        await api.work_off()

    back = await restored(anna, archive)
    await api.work_off()

    (column,) = await anna.items(f"/boards/{back}/columns", archived="true")
    (task,) = await anna.items(f"/columns/{column['id']}/tasks")
    found = (await anna.items(f"/tasks/{task['id']}/attachments"))[0]
    assert (found["id"] == file["id"]) is not is_copy
    assert (await anna.get(content_at(found, "thumbnail"))).content == before


async def elsewhere(db: asyncpg.Connection, person: Person, board: Json) -> None:
    """Forget that there ever was a board: another server has never had it."""
    assert (await person.delete(f"/boards/{board['id']}")).status_code == 204
    await person.api.work_off()
    await db.execute("delete from used_ids where board_id = $1", board["id"])


async def test_an_administrator_vouches_for_an_archive_of_another_server(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user(), await api.user()
    board = await anna.board("There", columns=["A"])
    await anna.invite(board, boris)
    (column,) = await anna.items(f"/boards/{board['id']}/columns")
    task = await boris.task(column, "By Boris")
    await a_comment(boris, task, "by him")
    archive = (await exported(anna, board, "doska")).content
    theirs = packed({**opened(archive), "signature": b"0" * 64 + b"\n"})
    root = await promote(db, await api.user())
    await elsewhere(db, anna, board)

    await not_restored(anna, theirs, "for-administrators", trust=True)
    assert await restored(root, theirs, trust=True) == board["id"]

    assert (await exported(anna, board, "doska")).content == archive
    assert (await boris.read(f"/tasks/{task['id']}"))["author"]["id"] == boris.id
    again = await restored(root, theirs, trust=True)  # its ids are taken now
    assert again != board["id"]
    refused(await anna.get(f"/boards/{again}"), 404, "not-found")


async def test_where_somebody_has_no_account_authors_of_another_server_are_names(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user()
    board = await anna.board("There", columns=["A"])
    (column,) = await anna.items(f"/boards/{board['id']}/columns")
    task = await anna.task(column, "Task")
    await a_comment(anna, task, "by her")
    members = opened((await exported(anna, board, "doska")).content)
    stranger = "0198c0de-0000-7000-8000-00000000000a"
    named = {
        name: data.replace(anna.id.encode(), stranger.encode()) for name, data in members.items()
    }
    root = await promote(db, await api.user())
    await elsewhere(db, anna, board)

    back = await restored(root, packed(listed_anew(named)), trust=True)

    assert back == board["id"]
    assert [p["id"] for p in rows_in(named, "people.jsonl")] == [stranger]
    (comment,) = await root.items(f"/tasks/{task['id']}/comments")
    assert (comment["author"], comment["author_name"]) == (None, anna.me["name"])  # type: ignore[index]
    people = (await root.read(f"/boards/{back}/snapshot"))["people"]
    assert [(p["user"]["id"], p["role"]) for p in people] == [(root.id, "CREATOR")]
