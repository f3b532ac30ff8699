"""Endpoints: comments on tasks, and reactions to them."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BeforeValidator

from doska.boards.access import ForAdministrators, ask_for_list
from doska.comments import actions, queries
from doska.comments.access import CommentCreator, Commenter, CommentViewer
from doska.comments.emoji import Emoji
from doska.comments.schemas import CommentIn, CommentNew, CommentOut, CommentPatch
from doska.errors import AlreadyExists, LimitReached
from doska.filters import Visibility, VisibilityFilter, sort_keys, sorting
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id, Word
from doska.tasks.access import TaskViewer

comments = Router(prefix="/comments", tags=["comments"])
comments_of_task = Router(prefix="/tasks", tags=["comments"])

OwnEmoji = Annotated[
    Emoji,
    Path(description="one's own reaction, percent-encoded: symbols and signs of punctuation only"),
]


class TimeSort(Word):
    """By age; a minus reverses the order."""

    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"


TimeSorts = Annotated[tuple[TimeSort, ...], BeforeValidator(sort_keys(TimeSort)), sorting()]


@comments.get("")
@refuses(ForAdministrators)
async def list_comments(  # one parameter a filter
    request: Request,
    caller: SignedIn,
    page: Paging,
    task_id: Annotated[Id | None, Query()] = None,
    board_id: Annotated[Id | None, Query()] = None,
    visibility: VisibilityFilter = None,
    sort: TimeSorts = (TimeSort.CREATED_AT,),
) -> Json[Page[CommentOut]]:
    """List the comments of your boards.

    The oldest first. If a task or board is named, it is enough that the caller may see it.
    """
    given: dict[str, Any] = {"task_id": task_id, "board_id": board_id}
    used = tuple(name for name, value in given.items() if value is not None)
    wanted = visibility or (None if used else Visibility.MINE)
    orders = tuple(queries.ORDERS[key] for key in sort)
    question, values = queries.comments(orders, used, wanted), page.values(orders)
    row = await ask_for_list(question, caller, wanted, **given, **values)
    return answer_page(request, row["body"])


@comments.create("")
@refuses(AlreadyExists, LimitReached)
async def create_comment(access: CommentCreator, body: CommentNew) -> Answer[CommentOut]:
    """Comment on a task.

    Its version stays as it is. `@` and a username mention somebody, if they have a role on the
    board, but not in code: the first 50, each once.
    """
    return await actions.create_comment(access, body)


@comments.get("/{comment_id}")
async def read_comment(access: CommentViewer) -> Tagged[CommentOut]:
    """Read a comment."""
    return Tagged.of(*await queries.ONE_COMMENT.show(access))


@comments.put("/{comment_id}")
@refuses(LimitReached)
async def replace_comment(access: Commenter, body: CommentIn) -> Answer[CommentOut]:
    """Replace a comment's text.

    Only its author does, whatever others may do on the board.
    """
    return await actions.update_comment(access, body.model_dump())


@comments.patch("/{comment_id}")
@refuses(LimitReached)
async def update_comment(access: Commenter, body: CommentPatch) -> Answer[CommentOut]:
    """Change a comment's text.

    A merge patch, by its author only. `edited_at` shows that it was edited, and the history of the
    board has each version.
    """
    return await actions.update_comment(access, body.model_dump(exclude_unset=True))


@comments.remove("/{comment_id}")
async def delete_comment(access: Commenter) -> Answer[None]:
    """Delete a comment.

    One's own, or with the right MODERATE anybody's. What is deleted stays in the board's history.
    """
    return await actions.delete_comment(access)


@comments.put("/{comment_id}/reactions/{emoji}")
@refuses(LimitReached)
async def add_reaction(access: Commenter, emoji: OwnEmoji) -> Answer[CommentOut]:
    """React to a comment.

    Repeating it has no further effect. The comment's version stays as it is.
    """
    return await actions.add_reaction(access, emoji)


@comments.remove("/{comment_id}/reactions/{emoji}")
async def remove_reaction(access: Commenter, emoji: OwnEmoji) -> Answer[None]:
    """Remove one's reaction to a comment."""
    return await actions.remove_reaction(access, emoji)


@comments_of_task.get("/{task_id}/comments")
async def list_comments_of_task(
    request: Request, access: TaskViewer, page: Paging
) -> Json[Page[CommentOut]]:
    """List the comments on a task.

    The oldest first.
    """
    values = page.values(queries.OLDEST_FIRST)
    return answer_page(request, *await queries.COMMENTS_OF_TASK.read(access, **values))
