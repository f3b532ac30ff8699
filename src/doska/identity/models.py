"""Tables: users and their sign-ins."""

from tortoise import fields
from tortoise.models import Model


class User(Model):
    """A person, or a program that acts as one."""

    id = fields.UUIDField(primary_key=True)
    username = fields.TextField()
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
    """One sign-in; the token names it, so that ending it ends the token."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    user_agent = fields.TextField()

    class Meta:
        table = "sessions"
