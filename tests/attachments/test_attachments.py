import hashlib

import pytest

from api import Api
from attaching import PDF, PNG, attached, content_at, linked, post_file, stored
from casts import board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from works import a_task, at, ids


async def test_a_file_is_attached_listed_downloaded_and_deleted(api: Api) -> None:
    anna, board, task = await a_task(api)

    async with events(anna, board, 1):
        made = await attached(anna, task)

    assert (made["title"], made["media_type"], made["size"]) == ("plan.png", "image/png", len(PNG))
    assert (made["width"], made["height"], made["url"]) == (4, 3, None)
    assert made["author"]["id"] == anna.id
    assert await anna.items(f"{at(task)}/attachments") == [made]
    assert await anna.read(at(task)) == {**task, "attachment_count": 1}
    got = await anna.get(content_at(made))
    assert got.content == PNG
    assert got.headers["etag"] == f'"{hashlib.sha256(PNG).hexdigest()}"'
    assert (await anna.delete(f"/attachments/{made['id']}")).status_code == 204
    assert await anna.read(at(task)) == task
    assert await anna.items(f"{at(task)}/attachments") == []
    refused(await anna.get(content_at(made)), 404, "not-found")


async def test_a_link_is_attached_and_has_no_content(api: Api) -> None:
    anna, board, task = await a_task(api)

    async with events(anna, board, 1):
        made = await linked(anna, task, title="The plan")

    assert (made["url"], made["title"]) == ("https://example.com/plan", "The plan")
    assert (made["media_type"], made["size"]) == (None, None)
    assert (await linked(anna, task))["title"] == "https://example.com/plan"
    refused(await anna.get(content_at(made)), 404, "not-found")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.com", "//example.com", "example.com", "http://", "https://a b",
     "http://[", "x" * 2001, "https://example.com/\u202e"],
)  # fmt: skip
async def test_a_link_is_a_web_address(api: Api, url: str) -> None:
    anna, _, task = await a_task(api)

    invalid(await anna.post(f"{at(task)}/links", url=url), "/body/url")


async def test_an_attachment_is_renamed_and_nothing_else(api: Api) -> None:
    anna, board, task = await a_task(api)
    made = await attached(anna, task)
    path = f"/attachments/{made['id']}"

    async with events(anna, board, 1):
        renamed = (await anna.patch(path, title="Plan 2.png")).json()
        same = (await anna.patch(path, title="Plan 2.png")).json()

    assert renamed == {**made, "title": "Plan 2.png", "version": 2} == same
    invalid(await anna.patch(path, url="https://example.com"), "/body/url")
    stale = await anna.send("PATCH", path, json={"title": "x"}, headers={"if-match": '"1"'})
    refused(stale, 412, "precondition-failed")


async def test_attachments_leave_the_version_of_their_task(api: Api) -> None:
    anna, _, task = await a_task(api)
    tag = (await anna.get(at(task))).headers["etag"]

    await attached(anna, task)

    assert (await anna.get(at(task))).headers["etag"] != tag
    fresh = await anna.send("PATCH", at(task), json={"title": "x"}, headers={"if-match": tag})
    assert fresh.status_code == 200


async def test_the_oldest_attachment_comes_first(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = [await attached(anna, task), await linked(anna, task), await attached(anna, task, PDF)]

    page = await anna.read(f"{at(task)}/attachments", limit=2)
    rest = await anna.items(f"{at(task)}/attachments", limit=2, cursor=page["next_cursor"])

    assert ids(page["items"] + rest) == ids(made)


@pytest.mark.parametrize("name", ["a\r\nb", "x" * 256, "", " ", "\u200b", "a\u202egpj.exe", "a\0b"])
async def test_a_name_that_is_no_title_is_refused(api: Api, name: str) -> None:
    anna, _, task = await a_task(api)
    before = stored(api)

    invalid(await post_file(anna, task, name=name), "/query/name")
    made = await linked(anna, task)
    invalid(await anna.patch(f"/attachments/{made['id']}", title=name), "/body/title")
    assert stored(api) == before


@pytest.mark.parametrize("role", ["MEMBER", "OBSERVER"])
async def test_only_who_edits_tasks_attaches_files(api: Api, role: str) -> None:
    anna, person, board = await board_with(api, role)
    task = await anna.task(await anna.column(board))
    made, before = await attached(anna, task), stored(api)

    answers = [
        await post_file(person, task),
        await person.post(f"{at(task)}/links", url="https://example.com"),
        await person.patch(f"/attachments/{made['id']}", title="x"),
        await person.delete(f"/attachments/{made['id']}"),
    ]

    if role == "OBSERVER":
        for answer in answers:
            refused(answer, 403, "not-allowed")
        assert stored(api) == before
        assert (await person.get(content_at(made))).content == PNG
    else:
        assert [answer.status_code for answer in answers] == [201, 201, 200, 204]


async def test_nobody_else_learns_of_a_file(api: Api) -> None:
    anna, _, task = await a_task(api)
    made, before = await attached(anna, task), stored(api)
    ben, nobody = await api.user(), api.nobody()

    for path in (f"/attachments/{made['id']}", content_at(made), f"{at(task)}/attachments"):
        refused(await ben.get(path), 404, "not-found")
        refused(await nobody.get(path), 401, "unauthenticated")
    refused(await post_file(ben, task), 404, "not-found")
    refused(await post_file(nobody, task), 401, "unauthenticated")
    refused(await post_file(anna, {"id": new_id()}), 404, "not-found")
    assert stored(api) == before
