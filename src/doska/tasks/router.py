"""Endpoints: tasks."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BeforeValidator

from doska.boards.access import ForAdministrators, ask_for_list
from doska.boards.hanging import TooMuchAtOnce
from doska.errors import AlreadyExists, LimitReached
from doska.filters import Archived, ArchivedFilter, Search, sort_keys, sorting
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id, Word
from doska.tasks import actions, queries
from doska.tasks.access import ColumnViewer, TaskCreator, TaskEditor
from doska.tasks.assignees import NotOnBoard
from doska.tasks.cards import TaskCard, TaskFields
from doska.tasks.deeds import NoColumn
from doska.tasks.filters import TaskFilters, used
from doska.tasks.moves import TaskMoveIn
from doska.tasks.places import ColumnArchived, ColumnFull, NeighbourElsewhere
from doska.tasks.placing import TaskArchived
from doska.tasks.schemas import TaskIn, TaskNew, TaskOut, TaskPatch

tasks = Router(prefix="/tasks", tags=["tasks"])
tasks_of_column = Router(prefix="/columns", tags=["tasks"])


class TaskSort(Word):
    """How tasks are sorted; a minus reverses the order. Tasks never due come last."""

    CREATED = "created_at"
    NEWEST = "-created_at"
    UPDATED = "updated_at"
    LATEST = "-updated_at"
    DUE = "due_at"
    DUE_DOWN = "-due_at"
    PRIORITY = "priority"
    PRIORITY_DOWN = "-priority"
    TITLE = "title"
    TITLE_DOWN = "-title"
    RANK = "rank"
    RANK_DOWN = "-rank"


Fields = Annotated[
    TaskFields,
    Query(description="`card`: without descriptions, as a snapshot shows tasks"),
]

TaskSorts = Annotated[
    tuple[TaskSort, ...],
    BeforeValidator(sort_keys(TaskSort)),
    sorting("; tasks without a due date come last"),
]
BY_CREATION = (TaskSort.CREATED,)


@tasks.get("")
@refuses(ForAdministrators)
async def list_tasks(
    request: Request,
    caller: SignedIn,
    page: Paging,
    filters: TaskFilters,
    sort: TaskSorts = BY_CREATION,
    fields: Fields = TaskFields.ALL,
) -> Json[Page[TaskOut] | Page[TaskCard]]:
    """List the tasks of your boards.

    All of them, or those that match all filters. If a board or column is named, it is enough that
    the caller may see it. Tasks on archived boards are left out like archived tasks, unless the
    board or one of its columns is named, and so are those in archived columns, unless the column is.
    """
    orders = tuple(queries.TASK_ORDERS[key] for key in sort)
    question = queries.tasks(orders, filters.used, filters.visibility, fields)
    values = {**filters.values, **page.values(orders)}
    row = await ask_for_list(question, caller, filters.visibility, **values)
    return answer_page(request, row["body"])


@tasks.create("")
@refuses(AlreadyExists, ColumnArchived, ColumnFull, LimitReached, NoColumn, NotOnBoard)
async def create_task(access: TaskCreator, body: TaskNew) -> Answer[TaskOut]:
    """Create a task.

    At the bottom of its column. Without `column_id` it goes to a private board that nobody else is
    on, into the column of its status: a to-do list needs no boards.
    """
    return await actions.create_task(access, body)


@tasks.put("/{task_id}")
@refuses(ColumnArchived, ColumnFull, NotOnBoard)
async def replace_task(access: TaskEditor, body: TaskIn) -> Answer[TaskOut]:
    """Replace a task's fields.

    Omitted fields get their defaults. Another `column_id` of the same board moves the task to the
    bottom there; a new status moves it to the column of that status, if its own column represents
    another.
    """
    return await actions.update_task(access, body.model_dump(mode="json"))


@tasks.patch("/{task_id}")
@refuses(ColumnArchived, ColumnFull, NotOnBoard)
async def update_task(access: TaskEditor, body: TaskPatch) -> Answer[TaskOut]:
    """Change some of a task's fields.

    A merge patch: omitted fields stay; null clears what can be empty. Otherwise like replacing. Of
    `due_at` and `due_on`, setting one clears the other.
    """
    return await actions.update_task(access, body.model_dump(mode="json", exclude_unset=True))


@tasks.remove("/{task_id}")
@refuses(TooMuchAtOnce)
async def delete_task(access: TaskEditor) -> Answer[None]:
    """Delete a task with its subtasks and comments.

    If that is undone, they are back under their ids.
    """
    return await actions.delete_task(access)


@tasks.post("/{task_id}/move")
@refuses(ColumnArchived, ColumnFull, NeighbourElsewhere, TaskArchived)
async def move_task(access: TaskEditor, body: TaskMoveIn) -> Answer[TaskOut]:
    """Move a task.

    Before or after another task, or to the top or bottom of a column of the same board. A task that
    enters a column with a status gets that status.
    """
    return await actions.move_task(access, body)


@tasks.put("/{task_id}/assignees/{user_id}")
@refuses(LimitReached, NotOnBoard)
async def assign_task(access: TaskEditor, user_id: Id) -> Answer[TaskOut]:
    """Assign somebody to a task.

    Only people on the board can be assigned. Repeating it has no further effect.
    """
    return await actions.assign_task(access, user_id)


@tasks.remove("/{task_id}/assignees/{user_id}")
async def unassign_task(access: TaskEditor, user_id: Id) -> Answer[None]:
    """Unassign somebody from a task."""
    return await actions.unassign_task(access, user_id)


@tasks_of_column.get("/{column_id}/tasks")
async def list_tasks_of_column(
    request: Request,
    access: ColumnViewer,
    page: Paging,
    q: Search = None,
    archived: ArchivedFilter = Archived.NO,
    fields: Fields = TaskFields.ALL,
) -> Json[Page[TaskOut] | Page[TaskCard]]:
    """List the tasks of a column.

    From top to bottom; with `archived=all`, archived ones come last.
    """
    given = {"q": q}
    question = queries.tasks_of_column(used(given, archived), fields)
    values = page.values(queries.TASK_ORDERS["rank"])
    return answer_page(request, *await question.read(access, **given, **values))
