"""Thumbnails of attached pictures: who asks for them, and the job that has them made."""

from functools import partial
from typing import Any

from doska.attachments.models import BlobState
from doska.background.jobs import Handlers
from doska.files.signatures import PICTURES
from doska.files.store import Missing, Store
from doska.files.thumbnails import PIXELS_MAX, SUFFIX, is_possible, make_thumbnail
from doska.http.telemetry import log
from doska.postgres.database import fetch_row

DRAW = "thumbnail.draw"

_BLOB = f"select size from blobs where id = $1 and state = '{BlobState.KEPT}'"


def is_drawable(media_type: str | None, width: int | None, height: int | None) -> bool:
    """Tell whether a picture may be opened: of a known kind and size, by its header alone."""
    if not is_possible() or media_type not in PICTURES or not width or not height:
        return False
    return width * height <= PIXELS_MAX


async def _draw(store: Store, payload: dict[str, Any]) -> None:
    """Make one; a picture that cannot be read has none, and is not tried again."""
    blob_id = payload["blob_id"]
    row = await fetch_row(_BLOB, blob_id)
    try:
        if row is None or await make_thumbnail(store, blob_id, row["size"]):
            await _drop_if_gone(store, blob_id)
            return
    except Missing:
        pass
    log.warning("no thumbnail", blob=blob_id)


async def _drop_if_gone(store: Store, blob_id: str) -> None:
    """Remove it if its picture was erased meanwhile."""
    if await fetch_row(_BLOB, blob_id) is None:
        await store.remove(blob_id + SUFFIX)


def handlers(store: Store) -> Handlers:
    """Return the handler, where pictures can be read; elsewhere another process does it."""
    return {DRAW: partial(_draw, store)} if is_possible() else {}
