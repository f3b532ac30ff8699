"""Endpoints: columns."""

from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BeforeValidator

from doska.boards.access import BoardViewer, ForAdministrators, ask_for_list
from doska.boards.hanging import TooMuchAtOnce
from doska.errors import AlreadyExists, LimitReached
from doska.filters import (
    SEVERAL,
    STATES,
    Archived,
    ArchivedFilter,
    Search,
    Visibility,
    VisibilityFilter,
    sort_keys,
    sorting,
)
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id, Word
from doska.tasks import columns as actions
from doska.tasks import queries
from doska.tasks.access import ColumnCreator, ColumnEditor, ColumnViewer
from doska.tasks.columns import ColumnNotEmpty, TooManyTasks, TooMuchText
from doska.tasks.fields import AnyStatus
from doska.tasks.moves import MoveIn, WithTasks
from doska.tasks.places import ColumnArchived, ColumnFull
from doska.tasks.schemas import ColumnIn, ColumnListed, ColumnNew, ColumnOut, ColumnPatch

columns = Router(prefix="/columns", tags=["columns"])
columns_of_board = Router(prefix="/boards", tags=["columns"])


class PlaceSort(Word):
    """By position, or by title; a minus reverses the order."""

    RANK = "rank"
    RANK_DOWN = "-rank"
    TITLE = "title"
    TITLE_DOWN = "-title"


PlaceSorts = Annotated[tuple[PlaceSort, ...], BeforeValidator(sort_keys(PlaceSort)), sorting()]
BY_PLACE = (PlaceSort.RANK,)


@columns.get("")
@refuses(ForAdministrators)
async def list_columns(  # noqa: PLR0913  # one parameter a filter
    request: Request,
    caller: SignedIn,
    page: Paging,
    board_id: Annotated[Id | None, Query()] = None,
    status: Annotated[list[AnyStatus] | None, SEVERAL, Query(description="any of these")] = None,
    q: Search = None,
    archived: ArchivedFilter = Archived.NO,
    visibility: VisibilityFilter = None,
    sort: PlaceSorts = BY_PLACE,
) -> Json[Page[ColumnListed]]:
    """List the columns of your boards.

    Board by board, each from left to right; with `archived=all`, archived ones come last. If a board is named, it is enough that the caller may
    see it.
    """
    given: dict[str, Any] = {"board_id": board_id, "status": status, "q": q}
    used = (*(name for name, value in given.items() if value is not None), *STATES[archived])
    wanted = visibility or (None if board_id else Visibility.MINE)
    by = queries.BY_BOARD_ACTIVE if archived is Archived.NO else queries.BY_BOARD
    orders = tuple(order for key in sort for order in by[key])
    question, values = queries.columns(orders, used, wanted), page.values(orders)
    row = await ask_for_list(question, caller, wanted, **given, **values)
    return answer_page(request, row["body"])


@columns.create("")
@refuses(AlreadyExists, LimitReached)
async def create_column(access: ColumnCreator, body: ColumnNew) -> Answer[ColumnOut]:
    """Create a column.

    At the right end of its board; an archived one is nowhere.
    """
    return await actions.create_column(access, body)


@columns.get("/{column_id}")
async def read_column(access: ColumnViewer) -> Tagged[ColumnOut]:
    """Read a column."""
    return Tagged.of(*await queries.ONE_COLUMN.show(access))


@columns.put("/{column_id}")
async def replace_column(access: ColumnEditor, body: ColumnIn) -> Answer[ColumnOut]:
    """Replace a column's fields.

    Omitted fields get their defaults. Its tasks and its position stay, unless it goes to the
    archive or comes from there, as with PATCH.
    """
    return await actions.update_column(access, body.model_dump(mode="json"))


@columns.patch("/{column_id}")
async def update_column(access: ColumnEditor, body: ColumnPatch) -> Answer[ColumnOut]:
    """Change some of a column's fields.

    A merge patch: omitted fields stay; null clears what can be empty. With `is_archived` it is
    hidden with its tasks, which stay as they are; restored, it comes to the right end.
    """
    return await actions.update_column(access, body.model_dump(mode="json", exclude_unset=True))


@columns.remove("/{column_id}")
@refuses(ColumnNotEmpty, TooManyTasks, TooMuchAtOnce, TooMuchText, ColumnFull, ColumnArchived)
async def delete_column(
    access: ColumnEditor,
    tasks: Annotated[WithTasks | None, Query(description="what happens to its tasks")] = None,
    to: Annotated[Id | None, Query(description="the column that gets them")] = None,
) -> Answer[None]:
    """Delete a column.

    A column with tasks, including archived ones, only with `tasks=delete`, or with `tasks=move&to=`
    another column of the board, which gets them at its bottom.
    """
    return await actions.delete_column(access, tasks, to)


@columns.post("/{column_id}/move")
@refuses(ColumnArchived)
async def move_column(access: ColumnEditor, body: MoveIn) -> Answer[ColumnOut]:
    """Move a column.

    Before or after another column of its board; `top` is the left end, `bottom` the right. An
    archived column is nowhere: restore it first.
    """
    return await actions.move_column(access, body)


@columns_of_board.get("/{board_id}/columns")
async def list_columns_of_board(
    request: Request,
    access: BoardViewer,
    page: Paging,
    archived: ArchivedFilter = Archived.NO,
) -> Json[Page[ColumnListed]]:
    """List the columns of a board.

    From left to right; with `archived=all`, archived ones come last.
    """
    question, values = queries.columns_of_board(STATES[archived]), page.values(queries.COLUMN_RANK)
    return answer_page(request, *await question.read(access, **values))
