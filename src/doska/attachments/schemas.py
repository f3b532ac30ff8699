"""Attachments, as requests and responses."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, Field, StringConstraints

from doska import texts
from doska.attachments.links import LinkUrl
from doska.attachments.rows import AttachmentRow
from doska.identity.schemas import UserView
from doska.schemas import (
    COMPOSED,
    Id,
    In,
    NewId,
    Out,
    Time,
    Version,
    absent,
    body_examples,
)

NAME_CHARS_MAX = 255

AttachmentTitle = Annotated[
    str,
    StringConstraints(min_length=1, max_length=NAME_CHARS_MAX, strip_whitespace=True),
    AfterValidator(texts.title),
    Field(
        description="what people call it, as `plan.pdf`: one line, never a path",
        json_schema_extra={"pattern": texts.TITLE_PATTERN},
        examples=["plan.pdf"],
    ),
    COMPOSED,
]
FileName = Annotated[AttachmentTitle, Query(description="the file's name, as people see it")]


class AttachmentOut(Out):
    """A file or a link of a task.

    A file has a media type and a size, and its bytes are at `/attachments/{id}/content`; a link has
    a `url`.
    """

    id: Id
    board_id: Id
    task_id: Id
    comment_id: Id | None = Field(description="of a file or link of a comment")
    title: str
    url: str | None = Field(description="of a link; null: it is a file")
    media_type: str | None = Field(
        description="what the file is, by its own first bytes; null: a link", examples=["image/png"]
    )
    size: int | None = Field(description="the file's bytes; null: a link")
    width: int | None = Field(description="of a picture, in pixels, as far as its header says")
    height: int | None = Field(description="of a picture, in pixels, as far as its header says")
    author: UserView | None = Field(description="null if the account was deleted")
    author_name: str | None = Field(description="who it was where it was imported from")
    version: Version
    created_at: Time


class LinkNew(In):
    """A new link of a task."""

    model_config = body_examples({"url": "https://example.com/plan", "title": "The plan"})

    id: NewId = None
    comment_id: Id | None = Field(None, description="a comment of yours, if it belongs to one")
    url: LinkUrl
    title: AttachmentTitle | None = Field(None, description="if left out, how the address begins")


class AttachmentPatch(In):
    """What to change of an attachment."""

    model_config = body_examples({"title": "plan.pdf"})

    title: AttachmentTitle = absent()


_NAMES = tuple(AttachmentOut.model_fields)


def shown_attachment(row: AttachmentRow, author: Any) -> dict[str, Any]:
    """Show a row as ``AttachmentOut``; ``author`` is how its author is shown."""
    return {name: author if name == "author" else row[name] for name in _NAMES}  # type: ignore[literal-required]
