"""Events as clients get them: one schema a type, told apart by ``type``."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from doska.boards.positions import PositionOut
from doska.identity.schemas import UserView
from doska.live import payloads
from doska.schemas import Id, Out, Time

Seq = Annotated[int, Field(ge=0, description="the number of an event of this board")]


class BoardEvent(Out):
    """Something that happened on a board."""

    board_id: Id
    seq: Seq
    position: PositionOut
    actor: UserView | None = Field(description="who did it; null when the account is gone")
    task_id: Id | None = Field(description="the task that it is about, if it is about one")
    batch_id: Id | None = Field(description="the same for all events of one batch")
    at: Time


class BoardCreated(BoardEvent):
    """The board was made."""

    type: Literal["board.created"]
    payload: payloads.BoardAsMade


class BoardUpdated(BoardEvent):
    """The board's own fields were changed."""

    type: Literal["board.updated"]
    payload: payloads.BoardChanged


class BoardHandedOver(BoardEvent):
    """The board has another CREATOR."""

    type: Literal["board.handed_over"]
    payload: payloads.PeopleChanged


class PersonAdded(BoardEvent):
    """Somebody came onto the board."""

    type: Literal["person.added"]
    payload: payloads.PersonAsAdded


class PersonUpdated(BoardEvent):
    """Somebody got another role."""

    type: Literal["person.updated"]
    payload: payloads.PersonChanged


class PersonRemoved(BoardEvent):
    """Somebody left the board, or was removed; their assignments have ended."""

    type: Literal["person.removed"]
    payload: payloads.PersonGone


class ColumnCreated(BoardEvent):
    """A column was made."""

    type: Literal["column.created"]
    payload: payloads.ColumnAsMade


class ColumnUpdated(BoardEvent):
    """A column's fields were changed."""

    type: Literal["column.updated"]
    payload: payloads.ColumnChanged


class ColumnMoved(BoardEvent):
    """A column has another place."""

    type: Literal["column.moved"]
    payload: payloads.ColumnChanged


class ColumnDeleted(BoardEvent):
    """A column was deleted; its tasks have moved, or are deleted too."""

    type: Literal["column.deleted"]
    payload: payloads.ColumnGone


class TaskCreated(BoardEvent):
    """A task was made."""

    type: Literal["task.created"]
    payload: payloads.TaskAsMade


class TaskUpdated(BoardEvent):
    """A task's fields were changed."""

    type: Literal["task.updated"]
    payload: payloads.TaskChanged


class TaskMoved(BoardEvent):
    """A task has another place."""

    type: Literal["task.moved"]
    payload: payloads.TaskChanged


class TaskAssigned(BoardEvent):
    """Somebody was put on a task."""

    type: Literal["task.assigned"]
    payload: payloads.TaskChanged


class TaskUnassigned(BoardEvent):
    """Somebody was taken off a task."""

    type: Literal["task.unassigned"]
    payload: payloads.TaskChanged


class TaskDeleted(BoardEvent):
    """A task was deleted, with its subtasks."""

    type: Literal["task.deleted"]
    payload: payloads.TaskGone


class SubtaskCreated(BoardEvent):
    """A subtask was made."""

    type: Literal["subtask.created"]
    payload: payloads.SubtaskAsMade


class SubtaskUpdated(BoardEvent):
    """A subtask's fields were changed."""

    type: Literal["subtask.updated"]
    payload: payloads.SubtaskChanged


class SubtaskMoved(BoardEvent):
    """A subtask has another place."""

    type: Literal["subtask.moved"]
    payload: payloads.SubtaskChanged


class SubtaskDeleted(BoardEvent):
    """A subtask was deleted."""

    type: Literal["subtask.deleted"]
    payload: payloads.SubtaskGone


class UserUpdated(BoardEvent):
    """A person whom the board shows has another name or picture."""

    type: Literal["user.updated"]
    payload: payloads.UserChanged


class UserDeleted(BoardEvent):
    """The account of a person whom the board showed is deleted; no event shows a name any more."""

    type: Literal["user.deleted"]
    payload: payloads.UserGone


class ChangeUndone(BoardEvent):
    """A change, or a batch, was taken back."""

    type: Literal["change.undone"]
    payload: payloads.ChangeTakenBack


AnyEvent = (
    BoardCreated | BoardUpdated | BoardHandedOver | PersonAdded | PersonUpdated | PersonRemoved
    | ColumnCreated | ColumnUpdated | ColumnMoved | ColumnDeleted | TaskCreated | TaskUpdated
    | TaskMoved | TaskAssigned | TaskUnassigned | TaskDeleted | SubtaskCreated | SubtaskUpdated
    | SubtaskMoved | SubtaskDeleted | UserUpdated | UserDeleted | ChangeUndone
)  # fmt: skip


class Event(RootModel[Annotated[AnyEvent, Field(discriminator="type")]]):
    """An event of a board; `type` tells what its payload holds."""


class EventPage(Out):
    """One page of a board's events."""

    items: list[Event]
    next_cursor: str | None = Field(description="go on with it as `after`; null at the end")


class Ready(Out):
    """The stream is open: what follows comes after `seq`, or is a `reset`."""

    type: Literal["ready"]
    board_id: Id
    seq: Seq
    position: PositionOut


class Reset(Out):
    """The stream cannot go on from there: take a new snapshot; what follows comes after `seq`."""

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
    """What a message of the stream holds; `type` tells which. Ignore types you do not know."""
