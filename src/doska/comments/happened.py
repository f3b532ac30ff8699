"""What can happen to comments, and its words."""

from typing import Any

from doska.boards.facts import Description, Someone, only
from doska.boards.happenings import Logged, Tell, happening
from doska.boards.news import Deleted, partial
from doska.boards.tells import pair, title_of
from doska.comments.declared import BRIEF_CHARS
from doska.comments.schemas import CommentOut
from doska.schemas import Id, Out
from doska.tasks.news import TaskChange


class CommentChange(CommentOut):
    """A comment's id and its changed fields."""

    model_config = partial("id")


class ReactionThen(Out):
    """Whose reaction it is."""

    emoji: str
    user_id: Id


class CommentAsMade(Out):
    """A new comment, and what has changed of its task."""

    comment: CommentOut
    task: TaskChange


class CommentChanged(Out):
    """What has changed of a comment."""

    comment: CommentChange


class CommentGone(Out):
    """A deleted comment, and what has changed of its task."""

    comment: Deleted
    task: TaskChange


class ReactionChanged(Out):
    """A reaction that was added or removed, and those to the comment now."""

    reaction: ReactionThen
    comment: CommentChange


def _brief(row: Any) -> str:
    """Return the beginning of a text, in one line."""
    text = row["body"]
    return " ".join(text.split()) + ("…" if len(text) >= BRIEF_CHARS else "")


def _of_comment(key: str) -> Tell:
    def tell(event: Logged) -> Description:
        before, after = pair(event, "comments")
        return only(key, text=_brief(after or before), task=title_of(event, "tasks"))

    return tell


def _deleted(event: Logged) -> Description:
    row, _ = pair(event, "comments")
    task, text = title_of(event, "tasks"), _brief(row)
    if row["author_id"] in (None, event["actor_id"]):
        return only("comment_deleted", text=text, task=task)
    return only("comment_moderated", text=text, task=task, person=Someone(row["author_id"]))


def _of_reaction(key: str) -> Tell:
    def tell(event: Logged) -> Description:
        before, after = pair(event, "comment_reactions")
        return only(key, emoji=(after or before)["emoji"], task=title_of(event, "tasks"))

    return tell


happening(
    "comment.created",
    CommentAsMade,
    about="Somebody has commented on a task.",
    tell=_of_comment("comment_created"),
    en="commented on “{task}”: “{text}”",
    ru="комментарий к «{task}»: «{text}»",
)
happening(
    "comment.updated",
    CommentChanged,
    about="A comment has another text.",
    tell=_of_comment("comment_updated"),
    en="edited a comment on “{task}”: “{text}”",
    ru="комментарий к «{task}» изменён: «{text}»",
)
happening(
    "comment.deleted",
    CommentGone,
    about="A comment was deleted, with the reactions to it.",
    tell=_deleted,
    en={
        "comment_deleted": "deleted a comment on “{task}”: “{text}”",
        "comment_moderated": "deleted a comment by {person} on “{task}”: “{text}”",
    },
    ru={
        "comment_deleted": "комментарий к «{task}» удалён: «{text}»",
        "comment_moderated": "комментарий к «{task}» ({person}) удалён: «{text}»",
    },
)
happening(
    "reaction.added",
    ReactionChanged,
    about="Somebody has reacted to a comment.",
    tell=_of_reaction("reaction_added"),
    en="reacted with {emoji} to a comment on “{task}”",
    ru="реакция {emoji} на комментарий к «{task}»",
)
happening(
    "reaction.removed",
    ReactionChanged,
    about="Somebody has removed their reaction to a comment.",
    tell=_of_reaction("reaction_removed"),
    en="removed the reaction {emoji} from a comment on “{task}”",
    ru="реакция {emoji} на комментарий к «{task}» убрана",
)
