"""The whole board, as a response."""

from pydantic import Field

from doska.boards.positions import PositionOut
from doska.boards.schemas import BoardView, PersonOut
from doska.schemas import Out
from doska.tasks.cards import TaskCard
from doska.tasks.label_schemas import LabelOut
from doska.tasks.schemas import ColumnListed


class ColumnView(ColumnListed):
    """A column with its tasks."""

    next_cursor: str | None = Field(
        description="gives the tasks that are not shown, by "
        "`GET /columns/{column_id}/tasks?fields=card`; null of a board as it was"
    )


class SnapshotOut(Out):
    """A whole board at one event."""

    seq: int = Field(description="the last event that is in it: follow the board from here", ge=0)
    position: PositionOut
    board: BoardView
    people: list[PersonOut] = Field(description="in the order in which they joined")
    columns: list[ColumnView] = Field(description="from left to right, without archived ones")
    labels: list[LabelOut] = Field(description="in their order")
    tasks: list[TaskCard] = Field(
        description="column by column, each from top to bottom, without those that are archived, or in an archived column"
    )
