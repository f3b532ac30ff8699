"""Endpoint: many operations on a board at once."""

from typing import Annotated

from doska.batch import actions
from doska.batch.schemas import BatchIn, BatchOut
from doska.boards.access import BOARD, Access, requires
from doska.boards.operations import operations
from doska.boards.policy import Right
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router

batches = Router(prefix="/boards", tags=["the live board"])

BoardWorker = Annotated[Access, requires(Right.COMMENT, BOARD)]


@batches.post("/{board_id}/batch")
@refuses(
    actions.TooManyChanges,
    *dict.fromkeys(refusal for found in operations().values() for refusal in found.refuses),
)
async def run_batch(access: BoardWorker, body: BatchIn) -> Answer[BatchOut]:
    """Perform up to 100 operations on a board.

    All or nothing, in order, in one transaction: each sees the effects of those before, and their
    events are consecutive and share a `batch_id`. Instead of an id, `"$0.id"` is that of what
    operation 0 creates. An operation needs the right that its endpoint needs; `if_match` is
    compared with the version at that point. An error is the endpoint's own, with the operation's
    number (from 0) as `operation`, and nothing is changed.
    """
    return await actions.run_batch(access, body)
