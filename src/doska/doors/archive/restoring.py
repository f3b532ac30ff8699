"""Writing a board that was archived: its rows, its log and its files, in the caller's transaction.

No event is appended: the log is the archived one. Triggers write what is derived from it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from pydantic_core import to_json

from doska.attachments.drawing import DRAW, is_drawable
from doska.attachments.models import BlobState
from doska.attachments.room import MB
from doska.background.jobs import ask_for
from doska.boards.kinds import kind_of
from doska.boards.limits import Limits, check
from doska.doors.archive import members as names
from doska.doors.archive.opening import Row
from doska.doors.archive.packing import Pack
from doska.doors.errors import ArchiveInconsistent
from doska.doors.writing import EXTRAS_SQL, REFS_SQL
from doska.files.intake import Received, receive
from doska.files.store import PIECE_BYTES, Store
from doska.http.telemetry import audit
from doska.identity.faces import with_faces
from doska.postgres.database import Connection
from doska.postgres.notifying import notify

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
    select count({with_faces("e.payload")}) from events e where e.board_id = $1"""


class Contents:
    """The archive's files on their way into the store; what was put there goes if all fails."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
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
        with (self._folder / sha256).open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece

    async def undo(self) -> None:
        """Remove what was put there."""
        for name in self.put:
            await self._store.remove(name)


def _is_like(found: Received, row: Row) -> bool:
    shown = (found.size, found.sha256, found.media_type, found.width, found.height)
    return shown == tuple(row[n] for n in ("size", "sha256", "media_type", "width", "height"))


async def write(connection: Connection, pack: Pack) -> None:
    """Write the board, within the caller's transaction; ArchiveInconsistent."""
    with _consistent():
        await _write_rows(connection, pack)
        await _write_around(connection, pack)
        await _ask_for_thumbnails(connection, pack)
        await connection.execute("set constraints all immediate")
        await connection.fetchval(_READABLE, pack.board_id)
    audit("board.imported", board=pack.board_id, seq=pack.seq)
    await notify(connection, f"{pack.board_id}:{pack.seq}")


async def _write_rows(connection: Connection, pack: Pack) -> None:
    """Write rows, parents first, then the log."""
    sql = _BOARD.format(names=", ".join(kind_of("boards").columns))
    await connection.execute(sql, to_json(pack.board).decode(), pack.seq, pack.task_number)
    blobs = await connection.fetch(_BLOBS, to_json(pack.blobs).decode(), pack.board_id)
    if len(blobs) != len(pack.blobs):
        raise ArchiveInconsistent(at=names.BLOBS)
    for table, path in pack.parts:
        part = await asyncio.to_thread(Path(path).read_text, encoding="utf-8")
        if table == names.EVENTS:
            await connection.execute(_EVENTS, part, pack.board_id)
        else:
            columns = ", ".join(kind_of(table).columns)
            await connection.execute(_ROWS.format(table=table, names=columns), part)


async def _write_around(connection: Connection, pack: Pack) -> None:
    """Write what a board has beside its rows: ids for ever, who has gone, how far followers are."""
    ids, kinds = [one for one, _ in pack.named], [kind for _, kind in pack.named]
    used = await connection.fetch(_USED, pack.board_id, ids, kinds)
    if len(used) != len(pack.named):
        raise ArchiveInconsistent("An id was used for something else.", at=names.EVENTS)
    await connection.execute(REFS_SQL, to_json(pack.refs).decode())
    await connection.execute(EXTRAS_SQL, to_json(pack.extras).decode())
    await connection.execute(_FORMER, pack.board_id, to_json(pack.former).decode())
    await connection.execute(_FOLLOWED, pack.board_id, pack.seq)


async def _ask_for_thumbnails(connection: Connection, pack: Pack) -> None:
    for row in pack.blobs:
        is_kept = row["state"] == BlobState.KEPT
        if is_kept and is_drawable(row["media_type"], row["width"], row["height"]):
            await ask_for(connection, DRAW, row["id"], {"blob_id": row["id"]})


def check_limits(pack: Pack, limits: Limits) -> None:
    """Refuse what would be too much here; those of a board, not of each task."""
    for table, count in pack.counts.items():
        limit = kind_of(table).limit
        if limit is not None and limit.of == "board_id":
            limits.check(limit, count)
    most = limits.settings.attachments_per_board_mb_max
    check(most + (pack.file_bytes > most * MB), most, "MB of files of a board")


@contextmanager
def _consistent() -> Iterator[None]:
    """Take what the database refuses for what it is: an archive that contradicts itself."""
    try:
        yield
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        where = getattr(error, "constraint_name", None) or "a value"
        raise ArchiveInconsistent(f"The database refuses it: {where}.") from error
