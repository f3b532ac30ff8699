"""Rows as the log stores them: ids and times as texts."""

from typing import TypedDict


class AttachmentRow(TypedDict):
    """A row of ``attachments``: a file (``blob_id``) or a link (``url``), of a comment or not.

    What its file is never changes, and stands here too: so undo, the past and batches know it.
    """

    id: str
    board_id: str
    task_id: str
    comment_id: str | None
    blob_id: str | None
    url: str | None
    title: str
    media_type: str | None
    size: int | None
    width: int | None
    height: int | None
    author_id: str | None
    author_name: str | None
    version: int
    created_at: str


class BlobRow(TypedDict):
    """A row of ``blobs``, which no log has."""

    id: str
    board_id: str | None
    sha256: str
    size: int
    media_type: str
    width: int | None
    height: int | None
    state: str
    created_by: str | None
    created_at: str
    unused_since: str | None
