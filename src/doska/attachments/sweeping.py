"""Files that nothing needs any more: marked, later given up, then unlinked.

Each board is locked for a moment, as for a write, so that an undo sees files either kept or gone.
Rows come first, files after the commit: if the process dies in between, there is a file without a
row, which is found the next night.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from doska.attachments.models import BlobState
from doska.background.jobs import Handlers, Patience
from doska.background.schedule import seconds_to_night
from doska.boards.deleting import SWEEP
from doska.files.store import ID_CHARS, Store
from doska.files.thumbnails import SUFFIX
from doska.http.telemetry import log
from doska.postgres.database import fetch_row, transaction
from doska.settings import Settings

NIGHTLY = "held.sweep-nightly"
UNKNOWN_SECONDS = 24 * 3600  # how old a file without a row must be: an upload may be under way
BOARDS_AT_ONCE, FILES_AT_ONCE = 200, 1000
STRANGE_MIN = 20  # so many unknown files, and more than known ones: of another database

_IS_USED = "exists (select from attachments a where a.blob_id = y.id)"
_KEPT = f"y.state = '{BlobState.KEPT}'"
_OVER = "y.unused_since < now() - $1 * interval '1 day'"
_BOARDS = f"""
    select array(select distinct y.board_id::text from blobs y
        where {_KEPT} and y.board_id is not null and case when {_IS_USED}
            then y.unused_since is not null
            else y.unused_since is null or {_OVER} end
        limit {BOARDS_AT_ONCE})"""
_LOCK = "select id from boards where id = $1 for no key update"
_MARK = f"""
    update blobs y set unused_since = case when {_IS_USED} then null else now() end
    where y.board_id = $1 and {_KEPT} and {_IS_USED} = (y.unused_since is not null)"""
_GIVE_UP = f"""
    update blobs y set state = '{BlobState.GONE}'
    where y.board_id = $2 and {_KEPT} and not {_IS_USED} and {_OVER} returning y.id::text"""
# Of boards that are deleted: no undo brings them back.
_ORPHANS = f"""
    select array(select y.id::text from blobs y
        where y.board_id is null and {_KEPT} and not {_IS_USED} limit {FILES_AT_ONCE})"""
_GIVE_UP_ORPHANS = f"""
    update blobs y set state = '{BlobState.GONE}'
    where y.id = any($1::uuid[]) and y.board_id is null and not {_IS_USED} returning y.id::text"""
_UNKNOWN = f"""
    select array(select i::text from unnest($1::uuid[]) i
        where not exists (select from blobs y where y.id = i and {_KEPT}))"""


async def unlink(store: Store, blob_ids: Sequence[str]) -> None:
    """Remove files, and what was made of them."""
    for blob_id in blob_ids:
        await store.remove(blob_id + SUFFIX)
        await store.remove(blob_id)


async def sweep(store: Store, settings: Settings, _: dict[str, Any]) -> float | None:
    """Give up what nothing needs; returns 0 if there is more than fits into a turn."""
    patience = Patience()
    found = await fetch_row(_BOARDS, settings.file_kept_days)
    boards: list[str] = found[0] if found else []
    for board_id in boards:
        await unlink(store, await _of_board(board_id, settings.file_kept_days))
        if patience.is_over:
            return 0
    orphans = await _orphans()
    await unlink(store, orphans)
    return 0 if len(boards) == BOARDS_AT_ONCE or len(orphans) == FILES_AT_ONCE else None


async def sweep_nightly(store: Store, settings: Settings, payload: dict[str, Any]) -> float:
    """Do that, and look for files that no row knows."""
    if await sweep(store, settings, payload) is not None:
        return 0
    await remove_unknown(store)
    return seconds_to_night()


async def _of_board(board_id: str, kept_days: float) -> list[str]:
    async with transaction() as connection:
        if await connection.fetchval(_LOCK, board_id) is None:
            return []
        await connection.execute(_MARK, board_id)
        rows = await connection.fetch(_GIVE_UP, kept_days, board_id)
    return [row[0] for row in rows]


async def _orphans() -> list[str]:
    found = await fetch_row(_ORPHANS)
    if found is None or not found[0]:
        return []
    async with transaction() as connection:
        rows = await connection.fetch(_GIVE_UP_ORPHANS, found[0])
    return [row[0] for row in rows]


async def remove_unknown(store: Store) -> int:
    """Remove old files without a row; returns how many.

    Not if most are unknown: then the folder is another database's, or the database is a new one.
    """
    names = [n.name async for n in store.everything() if n.age_seconds > UNKNOWN_SECONDS]
    ids = sorted({name[:ID_CHARS] for name in names if _is_id(name[:ID_CHARS])})
    unknown: set[str] = set()
    for place in range(0, len(ids), FILES_AT_ONCE):
        row = await fetch_row(_UNKNOWN, ids[place : place + FILES_AT_ONCE])
        unknown |= {*row[0]} if row else set()
    if len(unknown) > max(STRANGE_MIN, len(ids) // 2):
        log.error("files of another database", unknown=len(unknown), of=len(ids))
        return 0
    await unlink(store, sorted(unknown))
    return len(unknown)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def handlers(store: Store, settings: Settings) -> Handlers:
    """Return the handlers of this feature's jobs."""
    return {
        SWEEP: partial(sweep, store, settings),
        NIGHTLY: partial(sweep_nightly, store, settings),
    }
