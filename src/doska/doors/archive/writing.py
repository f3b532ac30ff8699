"""Writing a board's archive: its rows and log within one snapshot, its files after that.

Members are spooled first, because people are all whom anything names, and stand at the beginning.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from doska.attachments.models import BlobState
from doska.doors.archive.canonical import line, written
from doska.doors.archive.lines import EVENTS_SQL, Log, Query, people_sql, refs, rows_of
from doska.doors.archive.members import (
    BLOBS,
    BOARD,
    EVENTS,
    FILES,
    HEAD,
    HEAD_BYTES,
    MANIFEST,
    PEOPLE,
    REFS,
    SIGNATURE,
    member_of,
    members,
    stored,
)
from doska.doors.archive.signing import signature
from doska.doors.archive.zipping import Member, Zip
from doska.doors.export.reading import Reading
from doska.doors.export.spool import Spool
from doska.errors import Unavailable
from doska.files.store import Missing, Store
from doska.postgres.database import json_of

_BOARD_EXTRA = """
    select jsonb_build_object('extra', e.extra) from extras e where e.object_id = $1"""
_BLOBS = "select to_jsonb(x) - 'unused_since' from blobs x where x.board_id = $1 order by x.id"
_FIRST_SEQ = "select min(e.seq) from events e where e.board_id = $1"
_PEOPLE = """
    select jsonb_build_object('id', x.id, 'username', x.username, 'name', x.name, 'role', p.role)
    from users x left join board_users p on p.user_id = x.id and p.board_id = $1
    where x.id = any($2::uuid[]) order by x.id"""


class FilesChanging(Unavailable):
    """A file was deleted for good meanwhile: try again."""


@dataclass
class Draft:
    """An archive whose rows are spooled, and whose files are not read yet."""

    spools: dict[str, Spool]
    board_id: str
    seq: int
    first_seq: int = 0
    blobs: list[dict[str, Any]] = field(default_factory=list)


async def draft(found: Reading, out: Spool, stack: ExitStack) -> Draft:
    """Spool all that is in the database; the spools are closed with the stack."""
    spools = {name: stack.enter_context(closing(out.beside())) for name in members()}
    made = Draft(spools, found.board["id"], found.seq)
    connection, board_id = found.connection, made.board_id
    spools[HEAD].write(HEAD_BYTES)
    extra = json_of(await connection.fetchval(_BOARD_EXTRA, board_id))
    spools[BOARD].write(line(written("boards", {**found.board, **(extra or {})})))
    for table, kind in stored().items():
        await _lines(found, rows_of(kind), spools[member_of(table)])
    await _lines(found, refs(), spools[REFS])
    log = Log(spools[EVENTS])
    await found.copied(log.take, EVENTS_SQL, board_id)
    log.end()
    made.first_seq = await connection.fetchval(_FIRST_SEQ, board_id) or found.seq + 1
    made.blobs = [json_of(row[0]) for row in await connection.fetch(_BLOBS, board_id)]
    rows = await connection.fetch(_PEOPLE, board_id, sorted(await _named(found, made, log)))
    await _spooled(spools[PEOPLE], [json_of(row[0]) for row in rows], dict)
    return made


async def _named(found: Reading, made: Draft, log: Log) -> set[str]:
    """Return the ids of all whom rows, files or the log name."""
    in_rows = await found.connection.fetchval(people_sql(), made.board_id)
    return ({*in_rows, *(row["created_by"] for row in made.blobs)} | log.people) - {None}


async def _lines(found: Reading, query: Query, out: Spool) -> None:
    await found.copied(lambda rows: out.write(query.lines(rows)), query.sql, found.board["id"])


async def _spooled(
    out: Spool, rows: list[Any], shape: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    await asyncio.to_thread(lambda: out.write(b"".join(line(shape(row)) for row in rows)))


async def finish(made: Draft, out: Spool, store: Store, key: bytes) -> None:
    """Write the zip, with the files; no connection is held meanwhile."""
    await _look_for_files(made, store)
    await _spooled(made.spools[BLOBS], made.blobs, lambda row: written("blobs", row))
    archive = Zip(out)
    for name, spool in made.spools.items():
        if name == HEAD:
            archive.add(HEAD, HEAD_BYTES, is_packed=False)
        else:
            await asyncio.to_thread(archive.spooled, name, spool)
    for sha256, blob in sorted(_files(made).items()):
        await _add_file(archive, sha256, store.read(blob["id"], 0, blob["size"]))
    manifest = archive.manifest(board=made.board_id, seq=made.seq, first_seq=made.first_seq)
    archive.add(MANIFEST, manifest)
    archive.add(SIGNATURE, signature(key, manifest))
    await asyncio.to_thread(archive.close)


async def _look_for_files(made: Draft, store: Store) -> None:
    """Say of a file that is lost that it is gone: the rest of the board is no worse for it."""
    for blob in made.blobs:
        is_kept = blob["state"] == BlobState.KEPT
        if is_kept and await store.size_of(blob["id"]) != blob["size"]:
            blob["state"] = BlobState.GONE.value


def _files(made: Draft) -> dict[str, dict[str, Any]]:
    return {blob["sha256"]: blob for blob in made.blobs if blob["state"] == BlobState.KEPT}


async def _add_file(archive: Zip, sha256: str, pieces: AsyncIterator[bytes]) -> None:
    with Member(archive, f"{FILES}{sha256}") as member:
        try:
            async for piece in pieces:
                await asyncio.to_thread(member.write, piece)
        except Missing as error:
            raise FilesChanging from error
