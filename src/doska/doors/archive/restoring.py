"""Writing a board that was archived: its rows, its log and its files, in the caller's transaction.

No event is appended: the log is the archived one. Triggers write what is derived from it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from pydantic_core import to_json

from doska.attachments.models import BlobState
from doska.attachments.room import MB
from doska.boards.kinds import kind_of
from doska.boards.limits import Limits, check
from doska.doors.archive import members as names
from doska.doors.archive.deciding import Importer, decide, named_ids
from doska.doors.archive.errors import ArchiveInconsistent
from doska.doors.archive.opening import Archive, Entries, Row
from doska.files.intake import Received, receive
from doska.files.store import PIECE_BYTES, Store
from doska.identity.faces import with_faces
from doska.live.events import PAYLOAD
from doska.postgres.database import Connection, notify

ROWS_BYTES_MAX = 8 << 20  # of one statement

_BOARD = """
    insert into boards ({names}, seq, task_number)
    select {names}, $2, $3 from jsonb_populate_record(null::boards, $1::jsonb)"""
_ROWS = """
    insert into {table} ({names})
    select {names} from jsonb_populate_recordset(null::{table}, $1::jsonb)"""
_EVENTS = """
    insert into events (board_id, seq, type, actor_id, task_id, batch_id, payload, changes, at)
    select $2, e.seq, e.type, e.actor_id, e.task_id, e.batch_id, e.payload, e.changes, e.at
    from jsonb_populate_recordset(null::events, $1::jsonb) e"""
_BLOBS = """
    insert into blobs (id, board_id, sha256, size, media_type, width, height, state, created_by,
        created_at)
    select y.id, $2, y.sha256, y.size, y.media_type, y.width, y.height, y.state, y.created_by,
        y.created_at
    from jsonb_populate_recordset(null::blobs, $1::jsonb) y
    on conflict (id) do update set board_id = excluded.board_id, state = excluded.state,
        unused_since = null
        where blobs.board_id is null and blobs.sha256 = excluded.sha256
    returning id"""
_USED = """
    insert into used_ids (id, kind, board_id)
    select i.id, i.kind, $1 from unnest($2::uuid[], $3::text[]) i (id, kind)
    on conflict (id) do update set owner_id = null, deleted_by = null
        where used_ids.board_id = excluded.board_id and used_ids.kind = excluded.kind
    returning id"""
# Who has gone returns only by an invitation: what a board forgets when it is deleted.
_FORMER = """
    insert into former_people (board_id, user_id, place_id, left_at)
    select distinct on (x.id) $1, x.id, p.id, p.left_at
    from jsonb_to_recordset($2::jsonb) p (id uuid, user_id uuid, left_at timestamptz)
        join users x on x.id = p.user_id and x.deleted_at is null
    where not exists (select from board_users o where o.board_id = $1 and o.user_id = p.user_id)
    order by x.id, p.left_at desc"""
# Followers begin behind the log: nothing of it happens again.
_FOLLOWED = """
    insert into followers (name, board_id, seq) select k.name, $1, $2 from known_followers k"""
# As it is read: what cannot be read must not be stored.
_READABLE = f"""
    select count({with_faces(PAYLOAD)}) from events e where e.board_id = $1"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was written."""

    board_id: str
    seq: int
    is_as_it_was: bool


class Contents:
    """The archive's files in the store; those that were put there are removed if all fails."""

    def __init__(self, store: Store, source: Entries) -> None:
        self._store, self._source = store, source
        self.put: list[str] = []

    async def fetch(self, blobs: Iterable[Row], *, is_ours: bool) -> None:
        """Store each file under the id of its row; it must be what the row says."""
        for row in blobs:
            if row["state"] != BlobState.KEPT:
                continue
            found = await receive(self._store, self._pieces(row["sha256"]))
            self.put.append(found.id)
            if not is_ours and not _is_like(found, row):
                raise ArchiveInconsistent(at=f"{names.FILES}{row['sha256']}")
            if await self._store.size_of(row["id"]) != row["size"]:
                await self._store.keep(row["id"], self._pieces(row["sha256"]))
                self.put.append(row["id"])
            await self._store.remove(found.id)
            self.put.remove(found.id)

    async def _pieces(self, sha256: str) -> AsyncIterator[bytes]:
        data = self._source.entry(f"{names.FILES}{sha256}")
        for place in range(0, len(data), PIECE_BYTES):
            yield data[place : place + PIECE_BYTES]

    async def undo(self) -> None:
        """Remove what was put there."""
        for name in self.put:
            await self._store.remove(name)


def _is_like(found: Received, row: Row) -> bool:
    shown = (found.size, found.sha256, found.media_type, found.width, found.height)
    return shown == tuple(row[n] for n in ("size", "sha256", "media_type", "width", "height"))


async def restore(
    connection: Connection,
    archive: Archive,
    importer: Importer,
    limits: Limits,
    contents: Contents,
) -> Restored:
    """Write the board, as it was or as a copy; within the caller's transaction.

    ArchiveInconsistent, LimitReached. What it has put into the store is removed by ``undo`` of
    ``contents``, if the transaction fails.
    """
    decided = await decide(connection, archive, importer)
    made = decided.archive
    _check_limits(made, limits)
    await contents.fetch(made.blobs, is_ours=archive.is_ours)
    with _consistent():
        await _write(connection, made)
        await _write_around(connection, made)
        await connection.execute("set constraints all immediate")
        await connection.fetchval(_READABLE, made.board_id)
    await notify(connection, f"{made.board_id}:{made.seq}")
    return Restored(made.board_id, made.seq, decided.is_as_it_was)


async def _write(connection: Connection, made: Archive) -> None:
    """Write rows, parents first, then the log."""
    board = kind_of("boards")
    sql = _BOARD.format(names=", ".join(board.columns))
    await connection.execute(sql, to_json(made.board).decode(), made.seq, made.task_number)
    blobs = await connection.fetch(_BLOBS, to_json(made.blobs).decode(), made.board_id)
    if len(blobs) != len(made.blobs):
        raise ArchiveInconsistent(at=names.BLOBS)
    for table, rows in made.rows.items():
        columns = ", ".join(kind_of(table).columns)
        for part in parts(rows):
            await connection.execute(_ROWS.format(table=table, names=columns), part)
    for part in parts(made.events):
        await connection.execute(_EVENTS, part, made.board_id)


async def _write_around(connection: Connection, made: Archive) -> None:
    """Write what a board has beside its rows: ids for ever, who has gone, how far followers are."""
    found = sorted({(made.board_id, "board"), *((i, kind_of(t).noun) for t, i in named_ids(made))})
    ids, kinds = [one for one, _ in found], [kind for _, kind in found]
    used = await connection.fetch(_USED, made.board_id, ids, kinds)
    if len(used) != len(found):
        raise ArchiveInconsistent("An id was used for something else.", at=names.EVENTS)
    await connection.execute(_FORMER, made.board_id, to_json(list(_former(made))).decode())
    await connection.execute(_FOLLOWED, made.board_id, made.seq)


def _former(made: Archive) -> Iterator[dict[str, Any]]:
    """Give each place that has ended, and when."""
    for event in made.events:
        for change in event["changes"]:
            if change["table"] == "board_users" and change["after"] is None:
                user_id = change["before"]["user_id"]
                yield {"id": change["id"], "user_id": user_id, "left_at": event["at"]}


def _check_limits(made: Archive, limits: Limits) -> None:
    """Refuse what would be too much here; those of a board, not of each task."""
    for table, rows in made.rows.items():
        limit = kind_of(table).limit
        if limit is not None and limit.of == "board_id":
            limits.check(limit, len(rows))
    size = sum(row["size"] for row in made.blobs if row["state"] == BlobState.KEPT)
    most = limits.settings.attachments_per_board_mb_max
    check(most + (size > most * MB), most, "MB of files of a board")


def parts(rows: list[Row]) -> Iterator[str]:
    """Write rows as JSON lists, none of which is too long for a statement."""
    part: list[bytes] = []
    size = 0
    for row in rows:
        text = to_json(row)
        if part and size + len(text) > ROWS_BYTES_MAX:
            yield _list(part)
            part, size = [], 0
        part.append(text)
        size += len(text)
    if part:
        yield _list(part)


def _list(part: list[bytes]) -> str:
    return (b"[" + b",".join(part) + b"]").decode()


@contextmanager
def _consistent() -> Iterator[None]:
    """Take what the database refuses for what it is: an archive that contradicts itself."""
    try:
        yield
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        where = getattr(error, "constraint_name", None) or "a value"
        raise ArchiveInconsistent(f"The database refuses it: {where}.") from error
