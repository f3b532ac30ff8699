"""Files on their way out: nothing of them runs, nobody else gets them."""

import hashlib
import struct

import pytest

from api import Api, Json, Person
from attaching import PDF, PNG, attached, content_at
from casts import board_with
from checks import refused
from works import a_task

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
JPEG = b"\xff\xd8\xff\xe0\0\4\0\0" + b"\xff\xc0\0\x0b\x08" + struct.pack(">HH", 3, 4) + bytes(8)
GIF = b"GIF89a" + struct.pack("<HH", 4, 3) + bytes(10)
WEBP = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\3\0\0\2\0\0" + bytes(8)
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", 4, 3)
TEXT = "Привет".encode()


async def got(person: Person, attachment: Json, **headers: str) -> Json:
    response = await person.send("GET", content_at(attachment), headers=headers)
    return {"status": response.status_code, "body": response.content, **response.headers}


@pytest.mark.parametrize(
    ("content", "media_type", "is_shown"),
    [
        (PNG, "image/png", True), (JPEG, "image/jpeg", True), (GIF, "image/gif", True),
        (WEBP, "image/webp", True), (AVIF, "image/avif", True), (PDF, "application/pdf", False),
        (TEXT, "text/plain; charset=utf-8", False), (SVG, "text/plain; charset=utf-8", False),
        (HTML, "text/plain; charset=utf-8", False), (b"\0\1", "application/octet-stream", False),
        (TEXT[:-1], "application/octet-stream", False), (b"MZ\x90", "application/octet-stream", False),
    ],
)  # fmt: skip
async def test_what_a_file_is_is_told_by_its_bytes(
    api: Api, content: bytes, media_type: str, *, is_shown: bool
) -> None:
    """Seen to fail with the type that the client says."""
    anna, _, task = await a_task(api)

    made = await attached(anna, task, content, "x.html", content_type="text/html")

    sides = (4, 3) if is_shown else (None, None)
    assert (made["media_type"], made["width"], made["height"]) == (media_type, *sides)
    answer = await anna.get(content_at(made))
    assert (answer.content, answer.headers["content-type"]) == (content, media_type)
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''x.html"
    inline = await anna.get(content_at(made), inline="true")
    how = "inline" if is_shown else "attachment"
    assert inline.headers["content-disposition"].startswith(f"{how};")


async def test_a_file_is_sent_so_that_nothing_of_it_runs_or_is_kept(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task, SVG, "a.svg")

    for params in ({}, {"inline": "true"}):
        headers = (await anna.get(content_at(made), **params)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert headers["cache-control"] == "private, no-cache"
        assert headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../x", ".._x"), ("..\\x", ".._x"), ("/etc/passwd", "_etc_passwd"),
        ('a"; filename=b', "a%22%3B%20filename%3Db"), ("%2e%2e%2fx", "%252e%252e%252fx"),
        ("ж" * 255, "%D0%B6" * 255), ("CON", "CON"), ("a;b,c", "a%3Bb%2Cc"),
    ],
)  # fmt: skip
async def test_a_name_is_no_path_and_no_header(api: Api, name: str, shown: str) -> None:
    anna, _, task = await a_task(api)

    made = await attached(anna, task, name=name)

    assert made["title"] == name
    found = (await anna.get(content_at(made))).headers["content-disposition"]
    assert found == f"attachment; filename*=UTF-8''{shown}"


async def test_a_part_of_a_file_is_sent(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task, b"0123456789", "a.txt")
    tag = f'"{hashlib.sha256(b"0123456789").hexdigest()}"'

    for asked, part, where in (
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
        ("bytes=5-99", b"56789", "bytes 5-9/10"),
    ):
        answer = await got(anna, made, range=asked)
        assert (answer["status"], answer["body"], answer["content-range"]) == (206, part, where)
    for ignored in ("bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=x-"):
        answer = await got(anna, made, range=ignored)
        assert (answer["status"], answer["body"]) == (200, b"0123456789")
    for beyond in ("bytes=10-", "bytes=-0", "bytes=10-12"):
        answer = await got(anna, made, range=beyond)
        assert (answer["status"], answer["content-range"]) == (416, "bytes */10")
    assert (await got(anna, made, range="bytes=0-1", **{"if-range": tag}))["status"] == 206
    assert (await got(anna, made, range="bytes=0-1", **{"if-range": '"old"'}))["status"] == 200


async def test_a_file_that_the_client_has_is_not_sent_again(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task)
    tag = (await got(anna, made))["etag"]

    answer = await got(anna, made, **{"if-none-match": tag})

    assert (answer["status"], answer["body"], answer["etag"]) == (304, b"", tag)
    assert (await got(anna, made, **{"if-none-match": '"old"'}))["status"] == 200


async def test_a_head_has_all_but_the_file(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task)

    answer = await anna.client.head(content_at(made))

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(PNG))


async def test_who_has_lost_the_role_reads_no_file_any_more(api: Api) -> None:
    """Seen to fail with contents that are judged by the id alone."""
    anna, ben, board = await board_with(api, "MEMBER")
    task = await anna.task(await anna.column(board))
    made = await attached(ben, task)
    tag = (await got(ben, made))["etag"]

    await anna.delete(f"/boards/{board['id']}/users/{ben.id}")

    refused(await ben.get(content_at(made)), 404, "not-found")
    assert (await got(ben, made, **{"if-none-match": tag}))["status"] == 404
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    assert (await got(ben, made))["status"] == 200


async def test_an_access_token_reads_files_of_its_boards_only(api: Api) -> None:
    anna, _, task = await a_task(api)
    made, other = await attached(anna, task), await anna.board()
    token = await anna.post("/auth/tokens", name="t", scope="write", board_ids=[other["id"]])
    bearer = {"authorization": f"Bearer {token.json()['token']}"}

    nobody = api.nobody()

    refused(await nobody.send("GET", content_at(made), headers=bearer), 404, "not-found")
    response = await nobody.send(
        "POST", f"/tasks/{task['id']}/attachments", params={"name": "a"}, content=b"x",
        headers=bearer,
    )  # fmt: skip
    refused(response, 404, "not-found")


async def test_a_file_that_is_missing_from_the_store_is_gone(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task)
    for name in api.app.state.store.folder.rglob("*"):
        if name.is_file():
            name.unlink()

    refused(await anna.get(content_at(made)), 410, "file-gone")
