"""Archives taken apart, changed, and put together again."""

import hashlib
import io
import json
import zipfile
from typing import Any

from api import Json

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


class Zipped:
    """A zip in memory, as readers of files open it."""

    def __init__(self, content: bytes) -> None:
        self._members = opened(content)
        self.entries = list(self._members)

    def entry(self, name: str) -> bytes:
        return self._members[name]


async def restored(person: Any, content: bytes, **more: Any) -> str:
    from doska.doors.archive.deciding import Importer, applied, decide, facts_of
    from doska.doors.archive.opening import opened as opened_archive
    from doska.doors.archive.packing import packed as pack_of
    from doska.doors.archive.replaying import check
    from doska.doors.archive.restoring import Contents, write
    from doska.doors.archive.signing import key_of
    from doska.postgres.database import transaction
    import tempfile, pathlib

    state = person.api.app.state
    source = Zipped(content)
    archive = opened_archive(source, key_of(state.settings.secret_key.get_secret_value()))
    check(archive)
    contents = Contents(state.store, source)
    importer = Importer(person.id, **{"is_admin": False, **more})
    async with transaction() as connection:
        verdict = await decide(connection, facts_of(archive), importer)
        with tempfile.TemporaryDirectory() as folder:
            pack = pack_of(applied(archive, verdict, person.id), pathlib.Path(folder))
            await write(connection, pack, state.board_limits, contents)
    return pack.board_id
