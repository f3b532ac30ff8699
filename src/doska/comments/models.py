"""Tables: comments, and reactions to them."""

from tortoise import fields
from tortoise.models import Model

from doska.boards.models import Board
from doska.identity.models import User


class Comment(Model):
    """A comment on a task.

    Its task may be gone: then nobody sees the comment, which is there again when the task is back.
    """

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    task_id = fields.UUIDField()
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", null=True, on_delete=fields.NO_ACTION
    )
    author_name = fields.TextField(null=True)
    body = fields.TextField()
    mentions: fields.JSONField[list[dict[str, str]]] = fields.JSONField(default=list)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "comments"
        unique_together = (("id", "board"),)


class CommentReaction(Model):
    """Somebody's reaction to a comment."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    comment: fields.ForeignKeyRelation[Comment] = fields.ForeignKeyField(
        "models.Comment", on_delete=fields.NO_ACTION
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.NO_ACTION
    )
    emoji = fields.TextField()

    class Meta:
        table = "comment_reactions"
        unique_together = (("comment", "user", "emoji"),)
