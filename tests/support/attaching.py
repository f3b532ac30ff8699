"""Files to attach, and what is stored of them."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from api import Api, Json, Person
from doska.attachments.models import Attachment
from doska.files.disk import Disk
from doska.files.thumbnails import SUFFIX

PNG = (
    b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 4, 3) + b"\x08\2\0\0\0" + bytes(20)
)
PDF = b"%PDF-1.7\n%nothing\n"


def content_at(attachment: Json, suffix: str = "content") -> str:
    return f"/attachments/{attachment['id']}/{suffix}"


async def post_file(
    person: Person, task: Json, content: Any = PNG, name: str = "plan.png", **headers: str
) -> httpx.Response:
    """Upload; underscores of header names are hyphens."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    path = f"/tasks/{task['id']}/attachments"
    return await person.send("POST", path, params={"name": name}, content=content, headers=named)


async def attached(
    person: Person, task: Json, content: Any = PNG, name: str = "plan.png", **headers: str
) -> Json:
    response = await post_file(person, task, content, name, **headers)
    assert response.status_code == 201, response.text
    made: Json = response.json()
    assert response.headers["location"] == f"/attachments/{made['id']}"
    assert await person.read(response.headers["location"]) == made
    return made


async def linked(person: Person, task: Json, **body: Any) -> Json:
    body = {"url": "https://example.com/plan", **body}
    response = await person.post(f"/tasks/{task['id']}/links", **body)
    assert response.status_code == 201, response.text
    made: Json = response.json()
    return made


async def drawn(api: Api, attachment: Json, content: bytes = b"RIFF\x04\0\0\0WEBP") -> None:
    """Give a file its thumbnail, as the job would, without a process for each."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    found = await Attachment.get(id=attachment["id"])
    await api.app.state.store.keep(f"{found.blob_id}{SUFFIX}", pieces())  # type: ignore[attr-defined]


def stored(api: Api) -> list[str]:
    """Name all files in the store, half written ones too."""
    store = api.app.state.store
    assert isinstance(store, Disk)
    return sorted(path.name for path in Path(store.folder).rglob("*") if path.is_file())
