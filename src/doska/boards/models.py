"""Tables: boards, the people on them, and their columns.

The board's log, ``events``, has a key of two columns, which Tortoise cannot describe: it lives in
the migrations and in ``doska.boards.log``.
"""

from tortoise import fields
from tortoise.models import Model

from doska.identity.models import User
from doska.schemas import Word


class Role(Word):
    """A person's role on a board, from the most to the least powerful."""

    CREATOR = "CREATOR"
    MODERATOR = "MODERATOR"
    MEMBER = "MEMBER"
    COMMENTER = "COMMENTER"
    OBSERVER = "OBSERVER"


_ROLES = {role.value: role for role in Role}  # read with each request: ten times as fast as Role(…)


def known_role(role: str) -> Role:
    """Read a role as it is stored; one that only a newer release beside this knows is the least."""
    return _ROLES.get(role, Role.OBSERVER)


def role_sql(role: str) -> str:
    """Write the SQL of the same; null stays null."""
    known = ", ".join(f"'{known}'" for known in Role)
    return f"case when {role} is null or {role} in ({known}) then {role} else '{Role.OBSERVER}' end"


class Status(Word):
    """The state of a task."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    REJECTED = "REJECTED"


class Board(Model):
    """A board; ``seq`` counts its events, ``task_number`` is the last number given to a task."""

    id = fields.UUIDField(primary_key=True)
    title = fields.TextField()
    description = fields.TextField()
    is_public = fields.BooleanField(default=False)
    color = fields.TextField(null=True)
    key = fields.TextField()
    seq = fields.BigIntField(default=0)
    task_number = fields.IntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "boards"


class BoardUser(Model):
    """A person on a board."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.NO_ACTION
    )
    role = fields.TextField()
    joined_at = fields.DatetimeField()

    class Meta:
        table = "board_users"
        unique_together = (("board", "user"),)


class Column(Model):
    """A column of a board; when archived, it has no rank, and is hidden with its tasks.

    ``status`` is the status that a task gets on entering it.
    """

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    title = fields.TextField()
    rank = fields.TextField(null=True)
    color = fields.TextField(null=True)
    task_limit = fields.IntField(null=True)
    limit_is_hard = fields.BooleanField(default=False)
    status = fields.TextField(null=True)
    version = fields.IntField(default=1)
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "columns"
        unique_together = (("id", "board"), ("board", "rank"))
