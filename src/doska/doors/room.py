"""Whether there is room for the files of an import: a person's and the server's, as for uploads.

What one board may have is judged where its rows are planned.
"""

from collections.abc import Sequence
from typing import Any

from doska.attachments.models import BlobState
from doska.attachments.room import ALL_BYTES, ROOM, check_room
from doska.boards.access import Access
from doska.identity.access import Question
from doska.postgres.database import json_of

# A board that comes back may find its files still there: these take no more room than before.
_KNOWN = f"""to_json((select coalesce(sum(y.size), 0)::bigint from blobs y
    where y.id = any(:ids::uuid[]) and y.state = '{BlobState.KEPT}'))"""
_ROOM = Question(own_bytes=ROOM["own_bytes"], all_bytes=ALL_BYTES, known_bytes=_KNOWN)


async def check_files(access: Access, blobs: Sequence[dict[str, Any]]) -> None:
    """Refuse an import whose files do not fit; LimitReached."""
    kept = [row for row in blobs if row["state"] == BlobState.KEPT]
    if not kept:
        return
    ids, is_limited = [row["id"] for row in kept], access.limits.settings.files_gb_max > 0
    row = await _ROOM.ask(access.caller, ids=ids, is_limited=is_limited)
    parts = {name: json_of(row[name]) for name in ("own_bytes", "all_bytes")}
    size = sum(blob["size"] for blob in kept) - json_of(row["known_bytes"])
    check_room(access.limits, parts, size)
