"""Files of imports that nobody has run are forgotten after an hour, and imports after a month."""

from functools import partial
from typing import Any

from doska.background.jobs import Handlers
from doska.doors.queries import FILE_SECONDS, KEPT_DAYS
from doska.files.store import Store
from doska.postgres.database import transaction

FORGET = "import.forget"
AT_ONCE = 100

_OLD = f"""
    update imports x set file_id = null
    from (select id, file_id from imports where file_id is not null and finished_at is not null
        and (not is_dry_run or created_at < now() - interval '{FILE_SECONDS} seconds')
        limit {AT_ONCE} for update skip locked) old
    where x.id = old.id returning old.file_id::text"""
_EXPIRED = f"""
    delete from imports where created_at < now() - interval '{KEPT_DAYS} days'
        and finished_at is not null"""


async def forget(store: Store, _: dict[str, Any]) -> float | None:
    """Forget what is old: asked for by each import, for the time when its file is."""
    async with transaction() as connection:
        rows = await connection.fetch(_OLD)
        await connection.execute(_EXPIRED)
    for row in rows:
        await store.remove(row[0])
    return 0 if len(rows) == AT_ONCE else None


def handlers(store: Store) -> Handlers:
    """Return the handler of this feature's job."""
    return {FORGET: partial(forget, store)}
