"""Tables: tasks, assignees and subtasks."""

from tortoise import fields
from tortoise.models import Model

from doska.boards.models import Board, Column
from doska.identity.models import User
from doska.schemas import Word


class Priority(Word):
    """How important a task is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Task(Model):
    """A task; when archived, it has no rank. It is due at a time, on a day, or never."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    column: fields.ForeignKeyRelation[Column] = fields.ForeignKeyField(
        "models.Column", on_delete=fields.NO_ACTION
    )
    number = fields.IntField()
    title = fields.TextField()
    description = fields.TextField()
    rank = fields.TextField(null=True)
    due_at = fields.DatetimeField(null=True)
    due_on = fields.DateField(null=True)
    priority = fields.TextField()
    status = fields.TextField()
    color = fields.TextField(null=True)
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", null=True, on_delete=fields.NO_ACTION
    )
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    completed_at = fields.DatetimeField(null=True)
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "tasks"
        unique_together = (("id", "board"), ("board", "number"), ("column", "rank"))


class TaskAssignee(Model):
    """A person who works on a task; leaving the board ends it."""

    id = fields.UUIDField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", on_delete=fields.NO_ACTION
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", on_delete=fields.CASCADE
    )
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )

    class Meta:
        table = "task_assignees"
        unique_together = (("task", "user"),)


class Subtask(Model):
    """A step of a task."""

    id = fields.UUIDField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", on_delete=fields.CASCADE
    )
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    title = fields.TextField()
    is_completed = fields.BooleanField(default=False)
    rank = fields.TextField()
    version = fields.IntField(default=1)

    class Meta:
        table = "subtasks"
        unique_together = (("task", "rank"),)


class Label(Model):
    """A label of a board; its title may be empty."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    title = fields.TextField()
    color = fields.TextField()
    rank = fields.TextField()
    version = fields.IntField(default=1)

    class Meta:
        table = "labels"
        unique_together = (("id", "board"), ("board", "rank"))


class TaskLabel(Model):
    """A label that a task has."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", on_delete=fields.CASCADE
    )
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", on_delete=fields.NO_ACTION
    )
    label: fields.ForeignKeyRelation[Label] = fields.ForeignKeyField(
        "models.Label", on_delete=fields.NO_ACTION
    )

    class Meta:
        table = "task_labels"
        unique_together = (("task", "label"),)
