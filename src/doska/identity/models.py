"""Tables: users and their sign-ins."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class User(Model):
    """A person, or a program that acts as one."""

    id = fields.UUIDField(primary_key=True)
    username = fields.TextField()
    username_key = fields.TextField(null=True)  # null: an older account has it, or none was made
    username_key_of = fields.TextField(null=True)  # the spelling that it was made of
    name = fields.TextField()
    email = fields.TextField()
    password_hash = fields.TextField()
    avatar_url = fields.TextField()
    is_admin = fields.BooleanField(default=False)
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta:
        table = "users"


class Session(Model):
    """One sign-in, or one access token: ending the row ends whatever names it.

    Of an access token, ``expires_at`` is infinity if it never expires.
    """

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    user_agent = fields.TextField()
    token_hash = fields.BinaryField(null=True)  # null: a sign-in, by its JSON Web Token
    name = fields.TextField(null=True)
    scope = fields.TextField(null=True)
    board_ids: ArrayField = ArrayField(element_type="uuid", null=True)  # null: all boards
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sessions"
