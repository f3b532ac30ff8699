"""All features that declare something about boards: import this to read the declarations.

A new feature is listed here, and nowhere else.
"""

from typing import Any

from pydantic import Field, create_model

import doska.attachments.declared
import doska.attachments.happened
import doska.attachments.operations
import doska.boards.declared
import doska.comments.declared
import doska.comments.happened
import doska.comments.operations
import doska.doors.happened
import doska.tasks.declared
import doska.tasks.happened
import doska.tasks.label_events
import doska.tasks.label_operations
import doska.tasks.operations
import doska.tasks.subtask_operations  # noqa: F401  # each for what it declares
from doska.boards.happenings import happening
from doska.boards.kinds import all_are_declared, check_kinds, kinds
from doska.boards.news import news_of, partial
from doska.boards.pieces import check_pieces
from doska.boards.tells import undone
from doska.schemas import Id, Out

all_are_declared()


class Undone(Out):
    """What was undone."""

    seq: int = Field(description="the number of its event; of a batch, of the first one", ge=1)
    count: int = Field(description="how many events: of a batch, all", ge=1)
    type: str = Field(description="the type of that event", examples=["task.moved"])
    batch_id: Id | None


def _with_news(model: type[Out]) -> type[Out]:
    """Add what has changed of each kind of thing."""
    more: dict[str, Any] = {}
    for kind in (kind for kind in kinds() if kind.shown is not None):
        news = news_of(kind)
        more |= {kind.plural: (list[news], ...)} if kind.is_on_board else {kind.noun: (news, ...)}  # type: ignore[valid-type]
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **more)


@_with_news
class ChangeTakenBack(Out):
    """What was undone, and what that changed."""

    model_config = partial("undone")

    undone: Undone


UNDONE = happening(
    "change.undone",
    ChangeTakenBack,
    about="A change, or a batch, was taken back.",
    tell=undone,
    says=("own_undone", "others_undone", "batch_undone", "undone_unknown", "undo_undone"),
    is_of_many=True,
)


def check_declarations() -> None:
    """Refuse to start if a declaration is incomplete, or does not fit the others."""
    check_kinds()
    check_pieces()
