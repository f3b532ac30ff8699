"""Tables: imports, and what is kept aside of what they brought.

``import_refs``, what came from where, has a key of four columns, which Tortoise cannot describe: it
lives in the migrations, and is written and read in ``doska.doors``.
"""

from tortoise import fields
from tortoise.models import Model

from doska.boards.models import Board
from doska.identity.models import User
from doska.schemas import Word


class ImportStatus(Word):
    """How far an import is; it waits for its turn as ``reading``."""

    READING = "reading"
    PLANNING = "planning"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Import(Model):
    """A file on its way in."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE
    )
    session_id = fields.UUIDField()
    format = fields.TextField()
    status = fields.TextField()
    done = fields.IntField(default=0)
    total = fields.IntField(default=0)
    is_dry_run = fields.BooleanField()
    options: fields.JSONField[dict[str, object]] = fields.JSONField()
    file_id = fields.UUIDField(null=True)
    file_bytes = fields.BigIntField()
    file_sha256 = fields.TextField()
    report: fields.JSONField[dict[str, object]] = fields.JSONField(null=True)
    problem: fields.JSONField[dict[str, object]] = fields.JSONField(null=True)
    taken_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "imports"


class Extra(Model):
    """What the source had and Doska has no place for: of a board, or of anything on it."""

    object_id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE, db_constraint=False
    )
    extra: fields.JSONField[dict[str, object]] = fields.JSONField()

    class Meta:
        table = "extras"
