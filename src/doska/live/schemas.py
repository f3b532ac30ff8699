"""Events as clients get them: one schema per type, distinguished by ``type``."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field, RootModel, create_model

from doska.boards.happenings import Happening, happenings
from doska.boards.positions import PositionOut
from doska.features import UNDONE, ChangeTakenBack
from doska.identity.schemas import UserView
from doska.schemas import Id, Out, Time

Seq = Annotated[int, Field(ge=0, description="the number of an event of this board")]


class BoardEvent(Out):
    """Something that happened on a board."""

    board_id: Id
    seq: Seq
    position: PositionOut
    actor: UserView | None = Field(description="who did it; null if the account was deleted")
    task_id: Id | None = Field(description="the task that it is about, if any")
    batch_id: Id | None = Field(description="the same for all events of one batch")
    at: Time


class ChangeUndone(BoardEvent):
    """A change, or a batch, was undone."""

    type: Literal["change.undone"]
    payload: ChangeTakenBack


def _schema(found: Happening) -> type[BoardEvent]:
    """Make the schema of a type of event."""
    more: dict[str, Any] = {"type": (Literal[found.type], ...), "payload": (found.payload, ...)}
    return create_model(found.schema, __base__=BoardEvent, __doc__=found.about, **more)


if TYPE_CHECKING:
    AnyEvent = BoardEvent
else:
    AnyEvent = Union[  # noqa: UP007  # of as many as are declared
        tuple(ChangeUndone if h is UNDONE else _schema(h) for h in happenings())
    ]


class Event(RootModel[Annotated[AnyEvent, Field(discriminator="type")]]):
    """An event of a board; `type` determines its payload."""


class EventPage(Out):
    """One page of a board's events."""

    items: list[Event]
    next_cursor: str | None = Field(description="use it as `after`; null at the end")


class Ready(Out):
    """The stream is open: what follows comes after `seq`, or is a `reset`."""

    type: Literal["ready"]
    board_id: Id
    seq: Seq
    position: PositionOut


class Reset(Out):
    """The stream cannot resume from there: load a new snapshot; what follows comes after `seq`."""

    type: Literal["reset"]
    board_id: Id
    seq: Seq
    position: PositionOut


class BoardDeleted(Out):
    """The board is deleted, and the stream ends."""

    type: Literal["board.deleted"]
    board_id: Id


class StreamMessage(
    RootModel[Annotated[AnyEvent | Ready | Reset | BoardDeleted, Field(discriminator="type")]]
):
    """A message of the stream, determined by `type`. Ignore types that you do not know."""
