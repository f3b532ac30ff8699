"""Endpoint: a task, as it is or as it was."""

from doska.errors import Gone, NoLongerKept
from doska.http.marks import refuses
from doska.http.responses import Tagged, placed
from doska.http.routing import Router
from doska.live.past_task import read_past_task
from doska.live.snapshot_router import At
from doska.tasks.access import TaskViewer
from doska.tasks.queries import ONE_TASK
from doska.tasks.schemas import TaskOut

one_task = Router(prefix="/tasks", tags=["tasks"])


@one_task.get("/{task_id}")
@refuses(Gone, NoLongerKept)
async def read_task(access: TaskViewer, at: At = None) -> Tagged[TaskOut]:
    """Read a task.

    With `at`, the number of an event of its board, it is the task as it was after that event, even
    if it has been deleted since. This needs the right `VIEW_HISTORY`. People have their current
    names. Events that the log does not contain, or no longer contains, are 410.
    """
    if at is None:
        return Tagged.of(*await ONE_TASK.show(access))
    return Tagged(*await read_past_task(access, at), **placed(at))
