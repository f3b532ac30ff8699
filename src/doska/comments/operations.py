"""The operations of a batch on comments."""

from typing import Any

from doska.boards.access import Parts
from doska.boards.operations import Named, operation
from doska.boards.policy import Right
from doska.boards.world import World
from doska.comments import actions
from doska.comments.declared import COMMENTS
from doska.comments.emoji import Emoji
from doska.comments.naming import keys_of
from doska.comments.schemas import CommentNew, CommentOut, CommentPatch
from doska.errors import AlreadyExists, LimitReached
from doska.preparing import username_key


def _of_new_comment(world: World, operation: Any) -> Parts:
    """Return the task, how many comments it has, and who is named."""
    task = world.need("tasks", operation.body.task_id)
    return {"task_id": task["id"], "author": world.caller, **_counts(world, task["id"])}


def _of_comment(world: World, operation: Any) -> Parts:
    """Return the comment with its reactions, and who is shown with it."""
    row = world.need("comments", operation.comment_id)
    world.need("tasks", row["task_id"])  # or nobody sees it
    reactions = world.named("comment_reactions", "comment_id", row["id"])
    return {
        "comment": row,
        "reactions": reactions,
        "faces": {**world.authors, **{person["id"]: person for person in world.people}},
        "hanging": world.hanging("comments", [row]),
        "files": world.beside("tasks", row["task_id"])["attachment_count"],
        **_counts(world, row["task_id"]),
    }


def _counts(world: World, task_id: str) -> Parts:
    people = [{"key": username_key(p["username"]), "user": p} for p in world.people]
    count = world.beside("tasks", task_id)["comment_count"]
    return {"count": count, "bytes": world.measured["comments"], "named": people}


def _handles(operation: Any) -> list[Named]:
    return [("handles", key) for key in keys_of(operation.body.body or "")]


operation(
    "create_comment",
    CommentNew,
    about="As `POST /comments`.",
    right=Right.COMMENT,
    parts=_of_new_comment,
    do=lambda o, op: actions.do_create(o, op.body.body, op.body.id),
    creates=COMMENTS,
    gives=CommentOut,
    is_referring=True,
    refuses=(AlreadyExists, LimitReached),
    names=_handles,
)
operation(
    "update_comment",
    CommentPatch,
    about="As `PATCH /comments/{comment_id}`.",
    right=Right.COMMENT,
    parts=_of_comment,
    do=lambda o, op: actions.do_update(o, op.body.model_dump(exclude_unset=True)),
    on=COMMENTS,
    gives=CommentOut,
    refuses=(LimitReached,),
    names=_handles,
)
operation(
    "delete_comment",
    about="As `DELETE /comments/{comment_id}`.",
    right=Right.COMMENT,
    parts=_of_comment,
    do=lambda o, _: actions.do_delete(o),
    on=COMMENTS,
)
operation(
    "add_reaction",
    about="As `PUT /comments/{comment_id}/reactions/{emoji}`.",
    right=Right.COMMENT,
    parts=_of_comment,
    do=lambda o, op: actions.do_react(o, op.emoji),
    on=COMMENTS,
    gives=CommentOut,
    takes={"emoji": (Emoji, ...)},
    refuses=(LimitReached,),
)
operation(
    "remove_reaction",
    about="As `DELETE /comments/{comment_id}/reactions/{emoji}`.",
    right=Right.COMMENT,
    parts=_of_comment,
    do=lambda o, op: actions.do_unreact(o, op.emoji),
    on=COMMENTS,
    takes={"emoji": (Emoji, ...)},
)
