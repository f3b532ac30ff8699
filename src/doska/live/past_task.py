"""A task as it was after any event that its board's log still reaches back to, deleted since or not.

As ``history`` takes a whole board back, but only the rows of one task.
"""

from dataclasses import replace

from doska.boards.access import VISIBLE_BOARDS, Access, Anchor, Judgement
from doska.boards.policy import Right
from doska.errors import Gone, NotFound
from doska.http.answers import digest
from doska.live.history import REACHED, taken_back
from doska.tasks.queries import TASK_OUT

# Of a task that is deleted the log still tells on which board it stood.
_BOARD = f"""coalesce((select t.board_id from tasks t where t.id = :anchor_id),
    (select e.board_id from events e where e.board_id in ({VISIBLE_BOARDS})
        and e.task_id = :anchor_id limit 1))"""
TASK_THEN = Anchor("task", f"left join boards b on b.id = {_BOARD}", "")

# What changes an assignment or a subtask touches its task, too: only such events are opened.
_LATER = """later as materialized (
    select distinct on (c.name, c.id) c.name, c.id, c.before
    from touched_rows k join events e on e.board_id = k.board_id and e.seq = k.seq
        cross join lateral (
            select r ->> 'table' as name, (r ->> 'id')::uuid as id, r -> 'before' as before
            from jsonb_path_query(e.changes, '$[*] ? (@.id == $task
                || @.before.task_id == $task || @.after.task_id == $task)',
                jsonb_build_object('task', :anchor_id::uuid)) r) c
    where k.board_id = b.id and k.name = 'tasks' and k.row_id = :anchor_id and k.seq > :at::bigint
    order by c.name, c.id, e.seq)"""
_ROWS = {  # ``tasks`` comes last: until then it is the table
    "subtasks": "(select x.* from subtasks x where x.task_id = :anchor_id) x",
    "task_assignees": "(select x.* from task_assignees x where x.task_id = :anchor_id) x",
    "tasks": "(select x.* from tasks x where x.id = :anchor_id) x",
}
_STEPS = ", ".join([_LATER, *(taken_back(*rows) for rows in _ROWS.items())])
AS_IT_WAS = Judgement(
    TASK_THEN,
    is_reached=REACHED,
    body=f"case when {REACHED} then (with {_STEPS} select {TASK_OUT} from tasks t) end",
)


async def read_past_task(access: Access, at: int) -> tuple[str, str]:
    """Give the task as it was after an event, and its tag; Gone where the log does not reach it.

    The tag is weak and made of the bytes, for people are shown as they are called today.
    """
    access = replace(access, right=Right.VIEW_HISTORY, anchor=TASK_THEN)
    _, row = await AS_IT_WAS.ask(access, at=at)
    if not row["is_reached"]:
        raise Gone(seq=row["seq"])
    if row["body"] is None:
        raise NotFound
    return row["body"], f'W/"{at}.{digest(row["body"].encode())}"'
