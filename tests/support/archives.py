"""Archives taken apart, changed, and put together again."""

import hashlib
import io
import json
import zipfile
from typing import Any

from api import Json, Person
from importing import done, imported

Members = dict[str, bytes]


def opened(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows_in(members: Members, name: str) -> list[Json]:
    return [json.loads(line) for line in members[name].splitlines()]


def lines_of(rows: list[Any]) -> bytes:
    return b"".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        for row in rows
    )


def packed(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def listed_anew(members: Members) -> Members:
    """Give a changed archive a manifest that fits it; the signature does not."""
    manifest = json.loads(members["manifest.json"])
    for entry in manifest["files"]:
        data = members[entry["name"]]
        entry["bytes"], entry["sha256"] = len(data), hashlib.sha256(data).hexdigest()
        entry["lines"] = None if entry["lines"] is None else data.count(b"\n")
    return {**members, "manifest.json": lines_of([manifest])}


async def restored(person: Person, content: bytes, **query: Any) -> str:
    """Import an archive; gives the board's id."""
    report = await done(person, content, **query)
    assert report["format"] == "doska"
    return str(report["boards"][0]["board_id"])


async def not_restored(person: Person, content: bytes, kind: str, **query: Any) -> Json:
    """Import an archive that is refused; gives the problem."""
    found = await imported(person, content, **query)
    assert found["status"] == "failed", found["report"]
    problem: Json = found["problem"]
    assert problem["type"] == f"/problems/{kind}", problem
    return problem
