"""Tables: users and their sessions."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class User(Model):
    """A person, or a program that acts as one; of a deleted account only the empty row is left."""

    id = fields.UUIDField(primary_key=True)
    username = fields.TextField(null=True)
    username_key = fields.TextField(
        null=True
    )  # null: an older account has it, or none was computed
    username_key_of = fields.TextField(null=True)  # the spelling that it was computed from
    name = fields.TextField(null=True)
    email = fields.TextField(null=True)
    password_hash = fields.TextField(null=True)
    avatar_url = fields.TextField(null=True)
    is_admin = fields.BooleanField(default=False)
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    home_board_id = fields.UUIDField(null=True)  # for tasks without a column
    deleted_at = fields.DatetimeField(null=True)
    profile_changes = fields.IntField(default=0)  # in the hour that ends below
    profile_changes_until = fields.DatetimeField(null=True)

    class Meta:
        table = "users"


class Session(Model):
    """One session, or one access token: ending the row ends whatever refers to it.

    For an access token, ``expires_at`` is infinity if it never expires.
    """

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    user_agent = fields.TextField()
    token_hash = fields.BinaryField(null=True)  # null: a session, by its JSON Web Token
    name = fields.TextField(null=True)
    scope = fields.TextField(null=True)
    board_ids: ArrayField = ArrayField(element_type="uuid", null=True)  # null: all boards
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sessions"
