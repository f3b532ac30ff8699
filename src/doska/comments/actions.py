"""What people do with comments: every write."""

from typing import Any

from doska.boards.access import Access
from doska.boards.acting import act
from doska.boards.hanging import hanging, take_away
from doska.boards.log import Change
from doska.boards.opening import Action
from doska.boards.owning import check_change
from doska.boards.pieces import Faces
from doska.boards.schemas import differences
from doska.comments.access import COMMENT
from doska.comments.declared import COMMENTS_MAX, REACTIONS_MAX
from doska.comments.drawing import shown_comment
from doska.comments.naming import FACES, NAMED, keys_of, resolved
from doska.comments.pieces import REACTIONS
from doska.comments.queries import ONE_COMMENT
from doska.comments.rows import CommentRow, ReactionRow
from doska.comments.schemas import CommentNew, CommentOut
from doska.comments.sizes import BYTES, check_bytes
from doska.errors import NotFound
from doska.http.answers import Answer
from doska.identity.queries import user_view
from doska.schemas import new_id
from doska.tasks.access import TASK
from doska.tasks.pieces import ATTACHMENT_COUNT, COMMENT_COUNT

_COUNT = COMMENT_COUNT.of_row("t.id")
_REACTIONS = """(select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
    from comment_reactions x where x.comment_id = o.id)"""
OF_COMMENT = {"comment": "to_jsonb(o)", "reactions": _REACTIONS, "faces": FACES}

CREATE_COMMENT = Action(
    TASK, task_id="to_jsonb(t.id)", count=_COUNT, bytes=BYTES, named=NAMED, author=user_view("u")
)
EDIT_COMMENT = Action(COMMENT, target=ONE_COMMENT, **OF_COMMENT, bytes=BYTES, named=NAMED)
DELETE_COMMENT = Action(
    COMMENT,
    target=ONE_COMMENT,
    comment=OF_COMMENT["comment"],
    hanging=lambda: hanging("comments", "select o.id"),
    count=_COUNT,
    files=ATTACHMENT_COUNT.of_row("t.id"),
)
REACT = Action(COMMENT, target=ONE_COMMENT, **OF_COMMENT)


async def create_comment(access: Access, body: CommentNew) -> Answer[CommentOut]:
    """Comment on a task."""
    handles = keys_of(body.body)
    return await act(
        access.at(body.task_id),
        CREATE_COMMENT,
        lambda opened: do_create(opened, body.body, body.id),
        handles=handles,
    )


async def update_comment(access: Access, fields: dict[str, Any]) -> Answer[CommentOut]:
    """Change the text of one's own comment."""
    handles = keys_of(fields.get("body", ""))
    return await act(
        access, EDIT_COMMENT, lambda opened: do_update(opened, fields), handles=handles
    )


async def delete_comment(access: Access) -> Answer[None]:
    """Delete a comment, with the reactions to it and its files."""
    return await act(access, DELETE_COMMENT, do_delete)


async def add_reaction(access: Access, emoji: str) -> Answer[CommentOut]:
    """React to a comment; repeating it has no effect."""
    return await act(access, REACT, lambda opened: do_react(opened, emoji))


async def remove_reaction(access: Access, emoji: str) -> Answer[None]:
    """Take back one's own reaction to a comment."""
    return await act(access, REACT, lambda opened: do_unreact(opened, emoji))


# What happens to a comment, once its board is open: for one request or a batch of many.


async def do_create(opened: Change, body: str, comment_id: str | None) -> Answer[CommentOut]:
    """Comment on the task."""
    task_id, count = opened.parts["task_id"], opened.parts["count"] + 1
    opened.limits.check(COMMENTS_MAX, count)
    check_bytes(opened.limits, opened.parts["bytes"], body)
    mentions, faces = resolved(body, opened.parts["named"], [])
    author = opened.parts["author"]
    row: CommentRow = {
        "id": comment_id or new_id(),
        "board_id": opened.board["id"],
        "task_id": task_id,
        "author_id": author["id"],
        "author_name": None,
        "body": body,
        "mentions": mentions,
        "version": 1,
        "created_at": opened.at,
        "edited_at": None,
    }
    opened.insert("comments", row)
    view = shown_comment(row, {**faces, author["id"]: author}, {"reactions": []})
    news = {"comment": view, "task": {"id": task_id, "comment_count": count}}
    opened.record("comment.created", news, task_id=task_id)
    return opened.show_new(view, row["id"])


async def do_update(opened: Change, fields: dict[str, Any]) -> Answer[CommentOut]:
    """Change the text; only by its author, also to what it is already."""
    before: CommentRow = opened.parts["comment"]
    check_change("comments", before, opened.actor_id, opened.standing)
    body = fields.get("body", before["body"])
    if body == before["body"]:
        return opened.show(_view(opened, before))
    check_bytes(opened.limits, opened.parts["bytes"], body, before["body"])
    mentions, faces = resolved(body, opened.parts["named"], before["mentions"])
    values = {"body": body, "mentions": mentions, "edited_at": opened.at}
    after: CommentRow = opened.update("comments", before, **values)
    old, view = _view(opened, before), _view(opened, after, faces)
    news = {"comment": differences(old, view)}
    opened.record("comment.updated", news, task_id=after["task_id"])
    return opened.show(view)


async def do_delete(opened: Change) -> Answer[None]:
    """Delete the comment."""
    row: CommentRow = opened.parts["comment"]
    take_away(opened, "comments", [row], opened.parts["hanging"])
    task = {"id": row["task_id"], "comment_count": opened.parts["count"] - 1}
    if gone := len(opened.parts["hanging"].get("attachments", ())):
        task["attachment_count"] = opened.parts["files"] - gone
    news = {"comment": {"id": row["id"]}, "task": task}
    opened.record("comment.deleted", news, task_id=row["task_id"])
    return opened.nothing()


async def do_react(opened: Change, emoji: str) -> Answer[CommentOut]:
    """Add one's reaction."""
    there: list[ReactionRow] = opened.parts["reactions"]
    if _own(opened, emoji) is None:
        opened.limits.check(REACTIONS_MAX, len(there) + 1)
        row: ReactionRow = {
            "id": new_id(),
            "board_id": opened.board["id"],
            "comment_id": opened.parts["comment"]["id"],
            "user_id": opened.actor_id,
            "emoji": emoji,
        }
        there = [*there, opened.insert("comment_reactions", row)]
        _record_reactions(opened, "reaction.added", row, there)
    return opened.show(_view(opened, opened.parts["comment"], {}, there))


async def do_unreact(opened: Change, emoji: str) -> Answer[None]:
    """Remove one's reaction."""
    row = _own(opened, emoji)
    if row is None:
        raise NotFound
    opened.delete("comment_reactions", row)
    left = [other for other in opened.parts["reactions"] if other["id"] != row["id"]]
    _record_reactions(opened, "reaction.removed", row, left)
    return opened.nothing()


def _own(opened: Change, emoji: str) -> ReactionRow | None:
    there: list[ReactionRow] = opened.parts["reactions"]
    found = (row for row in there if (row["user_id"], row["emoji"]) == (opened.actor_id, emoji))
    return next(found, None)


def _record_reactions(opened: Change, kind: str, row: ReactionRow, rows: list[ReactionRow]) -> None:
    """Leave the comment's version as it is: its author has not changed it."""
    shown = {"id": row["comment_id"], "reactions": REACTIONS.of_rows(rows, {})}
    news = {"reaction": {"emoji": row["emoji"], "user_id": row["user_id"]}, "comment": shown}
    opened.record(kind, news, task_id=opened.parts["comment"]["task_id"])


def _view(
    opened: Change,
    row: CommentRow,
    faces: Faces | None = None,
    reactions: list[ReactionRow] | None = None,
) -> dict[str, Any]:
    rows = opened.parts["reactions"] if reactions is None else reactions
    people = {**opened.parts["faces"], **(faces or {})}
    return shown_comment(row, people, {"reactions": REACTIONS.of_rows(rows, {})})
