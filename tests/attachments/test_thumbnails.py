"""Small pictures: made apart, within bounds, from nothing but pixels."""

import io
import struct
import zlib
from typing import Any

import asyncpg
import pytest

from api import Api, Json
from attaching import PNG, attached, content_at, drawn, linked, stored
from checks import refused
from doska.attachments.drawing import is_drawable
from works import a_task

Image = pytest.importorskip("PIL.Image")


def picture(format_: str = "PNG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#d64545").save(written, format_, **more)
    return written.getvalue()


def declared(width: int, height: int) -> bytes:
    """Make a small PNG whose header says that it is so large."""
    head = struct.pack(">II", width, height) + b"\x08\2\0\0\0"
    chunk = b"IHDR" + head
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + crc + PNG[33:]


async def thumbnail_of(api: Api, content: bytes) -> Any:
    anna, _, task = await a_task(api)
    made = await attached(anna, task, content)
    early = await anna.get(content_at(made, "thumbnail"))
    if is_drawable(made["media_type"], made["width"], made["height"]):
        refused(early, 404, "no-thumbnail-yet")
        assert early.headers["retry-after"] == "2"
    await api.work_off()
    return await anna.get(content_at(made, "thumbnail"))


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
async def test_a_picture_gets_a_thumbnail(api: Api, format_: str) -> None:
    answer = await thumbnail_of(api, picture(format_))

    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 240)


async def test_a_photograph_stands_upright_and_says_nothing_of_where_it_was(api: Api) -> None:
    """Seen to fail when what the picture carried was copied along."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"  # turned by a quarter; its maker
    answer = await thumbnail_of(api, picture("JPEG", exif=exif))

    found = Image.open(io.BytesIO(answer.content))
    assert found.size == (240, 320)
    assert len(found.getexif()) == 0


@pytest.mark.parametrize(
    "content",
    [declared(20_000, 20_000), declared(5_001, 5_000), b"%PDF-1.7", b"<svg/>"],
    ids=["huge", "just over", "pdf", "svg"],
)
async def test_what_is_too_large_or_no_picture_is_never_opened(
    api: Api, db: asyncpg.Connection, content: bytes
) -> None:
    """By its header alone. Seen to fail without the bound: Pillow only warns."""
    answer = await thumbnail_of(api, content)

    refused(answer, 404, "not-found")
    assert await db.fetchval("select count(*) from jobs") == 0


async def test_a_picture_that_cannot_be_read_has_none_and_stops_nobody(
    api: Api, db: asyncpg.Connection
) -> None:
    answer = await thumbnail_of(api, declared(4, 3) + b"nonsense")

    refused(answer, 404, "no-thumbnail-yet")
    assert await db.fetchval("select count(*) from jobs") == 0


async def test_a_picture_is_drawn_as_large_as_its_header_says(api: Api) -> None:
    """Whatever comes after it."""
    lying = picture("PNG", (6000, 5000))
    small = declared(4, 3)[:33] + lying[33:]

    answer = await thumbnail_of(api, small)

    assert Image.open(io.BytesIO(answer.content)).size == (4, 3)


async def test_thumbnails_are_for_who_sees_the_file(api: Api) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task, picture())
    await api.work_off()
    ben = await api.user()

    refused(await ben.get(content_at(made, "thumbnail")), 404, "not-found")
    tag = (await anna.get(content_at(made, "thumbnail"))).headers["etag"]
    known: Json = {"if-none-match": tag}
    again = await anna.send("GET", content_at(made, "thumbnail"), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    link = await linked(anna, task)
    refused(await anna.get(content_at(link, "thumbnail")), 404, "not-found")


@pytest.mark.parametrize(
    ("accepted", "kind", "how"),
    [
        ("*/*", "image/webp", "inline"),
        ("image/avif,image/*,application/octet-stream;q=0.8", "image/webp", "inline"),
        ("application/octet-stream", "application/octet-stream", "attachment"),
    ],
)
async def test_a_thumbnail_is_an_image_unless_bytes_are_asked_for(
    api: Api, accepted: str, kind: str, how: str
) -> None:
    anna, _, task = await a_task(api)
    made = await attached(anna, task)
    await drawn(api, made, b"some pixels")
    headers: Json = {"accept": accepted}
    answer = await anna.send("GET", content_at(made, "thumbnail"), headers=headers)

    assert (answer.headers["content-type"], answer.content) == (kind, b"some pixels")
    assert answer.headers["content-disposition"].startswith(how)
    assert answer.headers.get_list("vary") == ["Accept, Origin"]


async def test_a_thumbnail_goes_with_its_picture(api: Api) -> None:
    anna, _, task = await a_task(api)
    before = stored(api)
    made = await attached(anna, task, picture())
    await api.work_off()
    assert len(stored(api)) == len(before) + 2

    await anna.delete(f"/attachments/{made['id']}", erase=True)

    assert stored(api) == before
