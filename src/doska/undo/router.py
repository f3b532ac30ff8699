"""Endpoint: undo."""

from typing import Annotated

from pydantic import Field, StrictInt

from doska.boards.access import BOARD, Access, requires
from doska.boards.people import AccountDisabled, MustAccept
from doska.boards.policy import Right
from doska.errors import LimitReached, NoLongerKept
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.live.schemas import ChangeUndone
from doska.schemas import AS_WHOLE, In, body_examples
from doska.tasks.places import ColumnFull
from doska.undo import actions
from doska.undo.conflicts import BuiltUpon, NotUndoable
from doska.undo.holding import ContentGone

undoing = Router(prefix="/boards", tags=["time"])

INT_MAX = 2**31 - 1

Undoer = Annotated[Access, requires(Right.COMMENT, BOARD)]


class UndoIn(In):
    """What to undo."""

    model_config = body_examples({"seq": 7})

    seq: Annotated[
        StrictInt, Field(ge=1, le=INT_MAX, description="the number of the event"), AS_WHOLE
    ]


@undoing.post("/{board_id}/undo")
@refuses(
    AccountDisabled, BuiltUpon, ColumnFull, ContentGone, LimitReached, MustAccept, NoLongerKept,
    NotUndoable,
)  # fmt: skip
async def undo_change(access: Undoer, body: UndoIn) -> Answer[ChangeUndone]:
    """Undo a change.

    By a new event, which can be undone in turn. Created objects are deleted, deleted ones come back
    under their old ids with everything that was deleted with them, and of changed objects only the
    changed fields are restored: what others have done to other fields stays. Undoing an event of a
    batch undoes the whole batch. It needs the right that the change needed.

    If later changes depend on it, it is refused: `conflicts` lists them with their events. If a
    position is taken by now, the next one below is used; an assignment of somebody who has left the
    board does not come back. People who were removed come back, people who left do not, without an
    invitation that they accept: 409 `must-accept`. Files that were deleted for good do not: 409
    `content-gone`. What is no longer kept is not taken back: 410 `no-longer-kept`.
    """
    return await actions.undo(access, body.seq)
