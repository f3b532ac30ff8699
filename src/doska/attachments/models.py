"""Tables: files as they are stored, and the attachments of tasks."""

from tortoise import fields
from tortoise.models import Model

from doska.boards.models import Board
from doska.comments.models import Comment
from doska.identity.models import User
from doska.schemas import Word
from doska.tasks.models import Task


class BlobState(Word):
    """Whether a file is still there."""

    KEPT = "KEPT"
    GONE = "GONE"


class Blob(Model):
    """A stored file; without a board if that was deleted. The file has the row's id as its name."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyNullableRelation[Board] = fields.ForeignKeyField(
        "models.Board", null=True, on_delete=fields.SET_NULL
    )
    sha256 = fields.TextField()
    size = fields.BigIntField()
    media_type = fields.TextField()
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    state = fields.TextField()
    created_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    unused_since = fields.DatetimeField(null=True)

    class Meta:
        table = "blobs"


class Attachment(Model):
    """A file or a link of a task."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", on_delete=fields.NO_ACTION
    )
    comment: fields.ForeignKeyNullableRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", null=True, on_delete=fields.NO_ACTION
    )
    blob: fields.ForeignKeyNullableRelation[Blob] = fields.ForeignKeyField(
        "models.Blob", null=True, on_delete=fields.NO_ACTION
    )
    url = fields.TextField(null=True)
    title = fields.TextField()
    media_type = fields.TextField(null=True)
    size = fields.BigIntField(null=True)
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", null=True, on_delete=fields.NO_ACTION
    )
    author_name = fields.TextField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta:
        table = "attachments"
