"""Comments, as requests and responses."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from doska import texts
from doska.identity.schemas import UserView
from doska.schemas import Id, In, NewId, Out, Time, Version, absent, body_examples

COMMENT_CHARS_MAX = 20_000

_ID = "0198c0de-0000-7000-8000-000000000001"
_SAID = "Looks good, @anna. The **second** one?"

Body = Annotated[
    str,
    StringConstraints(min_length=1, max_length=COMMENT_CHARS_MAX, strip_whitespace=False),
    AfterValidator(texts.seen_text),
    Field(
        description="Markdown (CommonMark with tables), stored as it is, byte for byte: "
        "whoever shows it leaves out raw HTML",
        json_schema_extra={"pattern": texts.SEEN_TEXT_PATTERN},
        examples=[_SAID],
    ),
]


class MentionOut(Out):
    """Somebody whom a comment mentions, who was on the board when it was written."""

    handle: str = Field(description="as it was typed, without the @", examples=["anna"])
    user: UserView | None = Field(description="null if the account was deleted")


class ReactionOut(Out):
    """Who has reacted to a comment with the same emoji."""

    emoji: str = Field(examples=["👍"])
    count: int = Field(ge=1)
    user_ids: list[Id] = Field(description="in the order in which they have reacted")


class CommentOut(Out):
    """A comment on a task."""

    id: Id
    board_id: Id
    task_id: Id
    author: UserView | None = Field(description="null if the account was deleted")
    author_name: str | None = Field(description="who wrote an imported one, without an account")
    body: str = Field(description="Markdown; never HTML", examples=[_SAID])
    mentions: list[MentionOut]
    reactions: list[ReactionOut] = Field(description="in the order of the first of each")
    created_at: Time
    edited_at: Time | None = Field(description="when its text was last changed")
    version: Version


class CommentIn(In):
    """The text of a comment."""

    model_config = body_examples({"body": _SAID})

    body: Body


class CommentNew(CommentIn):
    """A new comment."""

    model_config = body_examples({"task_id": _ID, "body": _SAID})

    id: NewId = None
    task_id: Id


class CommentPatch(In):
    """What to change of a comment."""

    model_config = body_examples({"body": _SAID})

    body: Body = absent()
