"""Endpoints: subtasks."""

from typing import Annotated, Any

from fastapi import Query, Request

from doska.boards.access import ForAdministrators, ask_for_list
from doska.errors import AlreadyExists, LimitReached
from doska.filters import Search, Visibility, VisibilityFilter
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id
from doska.tasks import queries
from doska.tasks import subtasks as actions
from doska.tasks.access import SubtaskCreator, SubtaskEditor, SubtaskViewer, TaskViewer
from doska.tasks.columns_router import BY_PLACE, PlaceSorts
from doska.tasks.moves import MoveIn
from doska.tasks.schemas import SubtaskIn, SubtaskNew, SubtaskOut, SubtaskPatch

subtasks = Router(prefix="/subtasks", tags=["subtasks"])
subtasks_of_task = Router(prefix="/tasks", tags=["subtasks"])


@subtasks.get("")
@refuses(ForAdministrators)
async def list_subtasks(  # noqa: PLR0913  # one parameter a filter
    request: Request,
    caller: SignedIn,
    page: Paging,
    task_id: Annotated[Id | None, Query()] = None,
    is_completed: Annotated[bool | None, Query()] = None,
    q: Search = None,
    visibility: VisibilityFilter = None,
    sort: PlaceSorts = BY_PLACE,
) -> Json[Page[SubtaskOut]]:
    """List the subtasks of your boards.

    Task by task, each from top to bottom. If a task is named, it is enough that the caller may see
    it.
    """
    given: dict[str, Any] = {"task_id": task_id, "is_completed": is_completed, "q": q}
    used = tuple(name for name, value in given.items() if value is not None)
    wanted = visibility or (None if task_id else Visibility.MINE)
    orders = tuple(order for key in sort for order in queries.BY_TASK[key])
    question, values = queries.subtasks(orders, used, wanted), page.values(orders)
    row = await ask_for_list(question, caller, wanted, **given, **values)
    return answer_page(request, row["body"])


@subtasks.create("")
@refuses(AlreadyExists, LimitReached)
async def create_subtask(access: SubtaskCreator, body: SubtaskNew) -> Answer[SubtaskOut]:
    """Create a subtask.

    At the bottom of its task, whose version increases.
    """
    return await actions.create_subtask(access, body)


@subtasks.get("/{subtask_id}")
async def read_subtask(access: SubtaskViewer) -> Tagged[SubtaskOut]:
    """Read a subtask."""
    return Tagged.of(*await queries.ONE_SUBTASK.show(access))


@subtasks.put("/{subtask_id}")
async def replace_subtask(access: SubtaskEditor, body: SubtaskIn) -> Answer[SubtaskOut]:
    """Replace a subtask's fields.

    Omitted fields get their defaults. Its position stays.
    """
    return await actions.update_subtask(access, body.model_dump())


@subtasks.patch("/{subtask_id}")
async def update_subtask(access: SubtaskEditor, body: SubtaskPatch) -> Answer[SubtaskOut]:
    """Change some of a subtask's fields.

    A merge patch: omitted fields stay.
    """
    return await actions.update_subtask(access, body.model_dump(exclude_unset=True))


@subtasks.remove("/{subtask_id}")
async def delete_subtask(access: SubtaskEditor) -> Answer[None]:
    """Delete a subtask."""
    return await actions.delete_subtask(access)


@subtasks.post("/{subtask_id}/move")
async def move_subtask(access: SubtaskEditor, body: MoveIn) -> Answer[SubtaskOut]:
    """Move a subtask.

    Before or after another subtask of its task, or to the top or bottom.
    """
    return await actions.move_subtask(access, body)


@subtasks_of_task.get("/{task_id}/subtasks")
async def list_subtasks_of_task(
    request: Request, access: TaskViewer, page: Paging
) -> Json[Page[SubtaskOut]]:
    """List the subtasks of a task.

    From top to bottom.
    """
    values = page.values(queries.SUBTASK_RANK)
    return answer_page(request, *await queries.SUBTASKS_OF_TASK.read(access, **values))
