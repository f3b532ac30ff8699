"""Endpoints: labels, and which tasks have them."""

from typing import Annotated, Any

from fastapi import Query, Request

from doska.boards.access import BoardViewer, ForAdministrators, ask_for_list
from doska.errors import AlreadyExists, LimitReached
from doska.filters import Search, Visibility, VisibilityFilter
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id
from doska.tasks import actions as of_tasks
from doska.tasks import label_queries as queries
from doska.tasks import labels as actions
from doska.tasks.access import LabelCreator, LabelEditor, LabelViewer, TaskEditor
from doska.tasks.columns import TooManyTasks
from doska.tasks.columns_router import BY_PLACE, PlaceSorts
from doska.tasks.label_schemas import LabelIn, LabelNew, LabelOut, LabelPatch
from doska.tasks.labels import LabelTaken
from doska.tasks.moves import MoveIn
from doska.tasks.schemas import TaskOut

labels = Router(prefix="/labels", tags=["labels"])
labels_of_board = Router(prefix="/boards", tags=["labels"])
labels_of_task = Router(prefix="/tasks", tags=["labels"])


@labels.get("")
@refuses(ForAdministrators)
async def list_labels(  # one parameter a filter
    request: Request,
    caller: SignedIn,
    page: Paging,
    board_id: Annotated[Id | None, Query()] = None,
    q: Search = None,
    visibility: VisibilityFilter = None,
    sort: PlaceSorts = BY_PLACE,
) -> Json[Page[LabelOut]]:
    """List the labels of your boards.

    Board by board, each in order. If a board is named, it is enough that the caller may see it.
    """
    given: dict[str, Any] = {"board_id": board_id, "q": q}
    used = tuple(name for name, value in given.items() if value is not None)
    wanted = visibility or (None if board_id else Visibility.MINE)
    orders = tuple(order for key in sort for order in queries.LABELS_BY_BOARD[key])
    question, values = queries.labels(orders, used, wanted), page.values(orders)
    row = await ask_for_list(question, caller, wanted, **given, **values)
    return answer_page(request, row["body"])


@labels.create("")
@refuses(AlreadyExists, LabelTaken, LimitReached)
async def create_label(access: LabelCreator, body: LabelNew) -> Answer[LabelOut]:
    """Create a label.

    The last of its board. The same title in two colors is two labels; title and color together are
    unique.
    """
    return await actions.create_label(access, body)


@labels.get("/{label_id}")
async def read_label(access: LabelViewer) -> Tagged[LabelOut]:
    """Read a label."""
    return Tagged.of(*await queries.ONE_LABEL.show(access))


@labels.put("/{label_id}")
@refuses(LabelTaken)
async def replace_label(access: LabelEditor, body: LabelIn) -> Answer[LabelOut]:
    """Replace a label's fields.

    Omitted fields get their defaults. Its position and its tasks stay.
    """
    return await actions.update_label(access, body.model_dump(mode="json"))


@labels.patch("/{label_id}")
@refuses(LabelTaken)
async def update_label(access: LabelEditor, body: LabelPatch) -> Answer[LabelOut]:
    """Change some of a label's fields.

    A merge patch: omitted fields stay.
    """
    return await actions.update_label(access, body.model_dump(mode="json", exclude_unset=True))


@labels.remove("/{label_id}")
@refuses(TooManyTasks)
async def delete_label(access: LabelEditor) -> Answer[None]:
    """Delete a label.

    It is removed from all its tasks, including archived ones; their versions stay.
    """
    return await actions.delete_label(access)


@labels.post("/{label_id}/move")
async def move_label(access: LabelEditor, body: MoveIn) -> Answer[LabelOut]:
    """Move a label.

    Before or after another one of its board, or to an end.
    """
    return await actions.move_label(access, body)


@labels_of_board.get("/{board_id}/labels")
async def list_labels_of_board(
    request: Request, access: BoardViewer, page: Paging
) -> Json[Page[LabelOut]]:
    """List the labels of a board.

    In their order.
    """
    values = page.values(queries.LABEL_RANK)
    return answer_page(request, *await queries.LABELS_OF_BOARD.read(access, **values))


@labels_of_task.put("/{task_id}/labels/{label_id}")
@refuses(LimitReached)
async def label_task(access: TaskEditor, label_id: Id) -> Answer[TaskOut]:
    """Add a label to a task.

    One of the task's board. Repeating it has no further effect.
    """
    return await of_tasks.label_task(access, label_id)


@labels_of_task.remove("/{task_id}/labels/{label_id}")
async def unlabel_task(access: TaskEditor, label_id: Id) -> Answer[None]:
    """Remove a label from a task."""
    return await of_tasks.unlabel_task(access, label_id)
