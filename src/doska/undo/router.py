"""Endpoint: undo."""

from typing import Annotated

from pydantic import Field, StrictInt

from doska.boards.access import BOARD, Access, requires
from doska.boards.people import AccountDisabled, MustAccept
from doska.boards.policy import Right
from doska.errors import LimitReached
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.live.schemas import ChangeUndone
from doska.schemas import AS_WHOLE, In, body_examples
from doska.tasks.places import ColumnFull
from doska.undo import actions
from doska.undo.conflicts import BuiltUpon, NotUndoable

undoing = Router(prefix="/boards", tags=["time"])

INT_MAX = 2**31 - 1

Undoer = Annotated[Access, requires(Right.EDIT_TASKS, BOARD)]


class UndoIn(In):
    """What to take back."""

    model_config = body_examples({"seq": 7})

    seq: Annotated[
        StrictInt, Field(ge=1, le=INT_MAX, description="the number of the event"), AS_WHOLE
    ]


@undoing.post("/{board_id}/undo")
@refuses(AccountDisabled, BuiltUpon, ColumnFull, LimitReached, MustAccept, NotUndoable)
async def undo_change(access: Undoer, body: UndoIn) -> Answer[ChangeUndone]:
    """Take a change back.

    By a new event, which can be taken back in turn. What was created goes, what was deleted comes
    back under its old ids with everything that went with it, and of what was changed only the
    fields that were changed: what others have done to other fields stays. An event of a batch
    takes the whole batch back. It needs the right that the change needed.

    Where others have built upon it since, it is refused: `conflicts` names what, and by which
    event. A place that is taken by now becomes the next one below; an assignment of somebody who
    has left the board does not come back. Who was removed does, by this; who has left the board
    themselves comes back only by an invitation that they accept: 409 `must-accept`.
    """
    return await actions.undo(access, body.seq)
