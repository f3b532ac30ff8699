"""Writing a board's archive: its rows and log within one snapshot, its files after that.

Members are spooled first, because people are all whom anything names, and stand at the beginning.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from doska.attachments.models import BlobState
from doska.boards.kinds import kind_of
from doska.doors.archive.canonical import line, moment, written
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
from doska.doors.archive.people import in_event, in_row
from doska.doors.archive.signing import signature
from doska.doors.archive.zipping import Member, Zip
from doska.doors.export.reading import Reading
from doska.doors.export.spool import Spool
from doska.errors import Unavailable
from doska.files.store import Missing, Store
from doska.postgres.database import json_of

EVENTS_BYTES = 1 << 20  # of several events at once, as they are stored; a single one may have more

_EXTRA = """coalesce((select jsonb_build_object('extra', e.extra) from extras e
        where e.object_id = x.id), '{}')"""
_ROWS = f"select to_jsonb(x) || {_EXTRA} from :table x where x.board_id = $1 order by x.id"
_BOARD_EXTRA = f"select {_EXTRA} from boards x where x.id = $1"
_REFS = """
    select to_jsonb(x) - 'board_id' from import_refs x where x.board_id = $1
    order by x.source collate "C", x.kind collate "C", x.source_id collate "C\""""
_TASKS = f"""
    select to_jsonb(x) || {_EXTRA} || jsonb_build_object(
        'assignees', (select coalesce(jsonb_agg(a.user_id order by a.user_id), '[]')
            from task_assignees a where a.task_id = x.id),
        'label_ids', (select coalesce(jsonb_agg(y.label_id order by y.label_id), '[]')
            from task_labels y where y.task_id = x.id))
    from tasks x where x.board_id = $1 order by x.id"""
_BLOBS = "select to_jsonb(x) - 'unused_since' from blobs x where x.board_id = $1 order by x.id"
# By their size, so that many are read at once, and a few of the largest.
_RANGES = """
    select min(p.seq), max(p.seq) from (
        select e.seq, sum(pg_column_size(e.changes) + pg_column_size(e.payload))
            over (order by e.seq) / $2 as part
        from events e where e.board_id = $1) p
    group by p.part order by 1"""
_EVENTS = """
    select to_jsonb(e) - 'board_id' from events e
    where e.board_id = $1 and e.seq between $2 and $3 order by e.seq"""
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
    people: set[str] = field(default_factory=set)
    blobs: list[dict[str, Any]] = field(default_factory=list)


async def draft(found: Reading, out: Spool, stack: ExitStack) -> Draft:
    """Spool all that is in the database; the spools are closed with the stack."""
    spools = {name: stack.enter_context(closing(out.beside())) for name in members()}
    made = Draft(spools, found.board["id"], found.seq, first_seq=found.seq + 1)
    spools[HEAD].write(HEAD_BYTES)
    extra = json_of(await found.connection.fetchval(_BOARD_EXTRA, made.board_id))
    spools[BOARD].write(line(written("boards", {**found.board, **extra})))
    for table in stored():
        await _rows(found, made, table)
    async for rows in found.batches(_REFS, made.board_id):
        await _spooled(spools[REFS], rows, dict)
    await _events(found, made)
    async for rows in found.batches(_BLOBS, made.board_id):
        made.blobs += rows
    made.people |= {row["created_by"] for row in made.blobs if row["created_by"]}
    async for rows in found.batches(_PEOPLE, made.board_id, sorted(made.people)):
        await _spooled(spools[PEOPLE], rows, dict)
    return made


async def _rows(found: Reading, made: Draft, table: str) -> None:
    kind, out = kind_of(table), made.spools[member_of(table)]
    sql = _TASKS if table == "tasks" else _ROWS.replace(":table", table)
    async for rows in found.batches(sql, made.board_id):
        made.people |= {one for row in rows for one in in_row(kind, row)}
        await _spooled(out, rows, lambda row: written(table, row))


async def _events(found: Reading, made: Draft) -> None:
    """Spool the log, by ranges of events."""
    out = made.spools[EVENTS]
    connection, board_id = found.connection, made.board_id
    for n, (first, last) in enumerate(await connection.fetch(_RANGES, board_id, EVENTS_BYTES)):
        made.first_seq = made.first_seq if n else first
        rows = [json_of(r[0]) for r in await connection.fetch(_EVENTS, board_id, first, last)]
        made.people |= {one for row in rows for one in in_event(row)}
        await _spooled(out, rows, lambda row: {**row, "at": moment(row["at"])})


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
