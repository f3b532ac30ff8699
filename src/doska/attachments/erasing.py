"""Deleting a file for good: at once, without a way back."""

from typing import Any

from doska.attachments.access import ATTACHMENT
from doska.attachments.actions import DELETE_PARTS, do_delete
from doska.attachments.models import BlobState
from doska.attachments.queries import ONE_ATTACHMENT
from doska.boards.access import Access
from doska.boards.log import Change
from doska.boards.opening import Action, change
from doska.boards.policy import NotAllowed, Right
from doska.errors import Conflict
from doska.files.store import Store
from doska.files.thumbnails import SUFFIX
from doska.http.answers import Answer


class FileShared(Conflict):
    """Other attachments have the same file: delete those first."""


_SHARED = """to_json(exists (select from attachments o
    where o.blob_id = a.blob_id and o.id <> a.id))"""
ERASE = Action(ATTACHMENT, target=ONE_ATTACHMENT, is_shared=_SHARED, **DELETE_PARTS)
_GONE = f"update blobs set state = '{BlobState.GONE}' where id = $1"


async def erase_attachment(access: Access, store: Store) -> Answer[None]:
    """Delete the attachment, and its file with all that was made of it, after the commit."""
    async with change(access, ERASE) as opened:
        row = opened.parts["attachment"]
        _must_be_free(opened, row)
        answer = await do_delete(opened)
        if blob_id := row["blob_id"]:
            await opened.connection.execute(_GONE, blob_id)
    if blob_id:
        await store.remove(blob_id + SUFFIX)
        await store.remove(blob_id)
    return answer


def _must_be_free(opened: Change, row: Any) -> None:
    """Refuse what is not one's own, without the right to moderate; and what others need."""
    if row["author_id"] != opened.actor_id and Right.MODERATE not in opened.standing.rights:
        raise NotAllowed("Only its author may erase this.", role=opened.standing.role)
    if row["blob_id"] and opened.parts["is_shared"]:
        raise FileShared
