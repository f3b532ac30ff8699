"""Endpoint: many operations on a board at once."""

from typing import Annotated

from doska.batch import actions
from doska.batch.schemas import BatchIn, BatchOut
from doska.boards.access import BOARD, Access, requires
from doska.boards.policy import Right
from doska.errors import AlreadyExists, LimitReached
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.tasks.assignees import NotOnBoard
from doska.tasks.columns import ColumnNotEmpty, TooManyTasks, TooMuchText
from doska.tasks.places import ColumnFull, NeighbourElsewhere
from doska.tasks.placing import TaskArchived

batches = Router(prefix="/boards", tags=["the live board"])

BoardWorker = Annotated[Access, requires(Right.EDIT_TASKS, BOARD)]


@batches.post("/{board_id}/batch")
@refuses(
    AlreadyExists, ColumnFull, ColumnNotEmpty, LimitReached, NeighbourElsewhere, NotOnBoard,
    TaskArchived, actions.TooManyChanges, TooManyTasks, TooMuchText,
)  # fmt: skip
async def run_batch(access: BoardWorker, body: BatchIn) -> Answer[BatchOut]:
    """Do up to 100 operations on a board.

    All or nothing, in their order, as one transaction: each sees what those before have done, and
    their events follow each other and share a `batch_id`. Where an id stands, `"$0.id"` is that of
    what operation 0 creates. An operation needs the right that its endpoint needs; `if_match` is
    compared with the version at that point. A refusal is the endpoint's own, with the operation's
    number (from 0) as `operation`, and nothing is changed.
    """
    return await actions.run_batch(access, body)
