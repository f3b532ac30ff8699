"""A task as it was after any event that its board's log contains, even if deleted since.

Like ``history``, which reverts a whole board, but only the rows of one task.
"""

from dataclasses import replace

from doska.boards.access import VISIBLE_BOARDS, Access, Anchor, Judgement
from doska.boards.floors import KEPT, no_longer_kept
from doska.boards.following import following
from doska.boards.kinds import Kind, kind_of
from doska.boards.pieces import pieces_of
from doska.boards.policy import Right
from doska.errors import Gone, NotFound
from doska.http.answers import digest
from doska.live.history import REACHED, taken_back
from doska.tasks.drawing import task_out

# For a deleted task the log still says on which board it was. Asked apart (``offset 0``), so that
# the board is found by its index.
_BOARD = f"""select coalesce((select t.board_id from tasks t where t.id = :anchor_id),
    (select e.board_id from events e where e.board_id in ({VISIBLE_BOARDS})
        and e.task_id = :anchor_id limit 1)) as id offset 0"""
TASK_THEN = Anchor(
    "task", f"left join lateral ({_BOARD}) found on true left join boards b on b.id = found.id", ""
)


def _keys() -> dict[str, str]:
    """Return the kinds that pieces of a task are drawn from, and the column that refers to it."""
    return {piece.source: piece.key for piece in pieces_of("tasks")}


def _later() -> str:
    """Write the step for the state before the first later event that is about the task.

    A change of an assignment or a subtask touches its task, too: only such events are read, and
    those with rows that come and go by themselves.
    """
    sides = (f" || @.{side}.{key} == $task" for key in sorted({*_keys().values()})
             for side in ("before", "after"))  # fmt: skip
    return f"""touching as materialized ({_TOUCHING}{_apart()}),
later as materialized (
    select distinct on (c.name, c.id) c.name, c.id, c.before
    from touching k join events e on e.board_id = b.id and e.seq = k.seq
        cross join lateral (
            select r ->> 'table' as name, (r ->> 'id')::uuid as id, r -> 'before' as before
            from jsonb_path_query(e.changes, '$[*] ? (@.id == $task{"".join(sides)})',
                jsonb_build_object('task', :anchor_id::uuid)) r) c
    order by c.name, c.id, e.seq)"""


_TOUCHING = """select k.seq from touched_rows k
    where k.board_id = b.id and k.name = 'tasks' and k.row_id = :anchor_id and k.seq > :at::bigint"""


def _apart() -> str:
    """Write the search for changes that leave the task's version alone.

    Their events name the task, except those about several.
    """
    names = ", ".join(f"'{source}'" for source in _keys() if _goes_alone(kind_of(source)))
    return names and _APART.format(names=names)


_APART = """
    union select e.seq from events e
    where e.board_id = b.id and e.task_id = :anchor_id and e.seq > :at::bigint
    union select e.seq from events e
    where e.board_id = b.id and e.task_id is null and e.seq in (
        select k.seq from touched_rows k where k.board_id = b.id and k.seq > :at::bigint
            and k.fields is null and k.name in ({names}))"""


def _goes_alone(kind: Kind) -> bool:
    """Tell whether rows change without their task: so does what is taken away with a label."""
    others = (parent for parent in kind.parents if parent.table != "tasks")
    return kind.is_apart or any(parent.key == "id" for parent in others)


@following()
def _body() -> str:
    rows = [(source, f"x.{key}") for source, key in _keys().items()]
    steps = [  # ``tasks`` comes last: until then it is the table
        taken_back(table, f"(select x.* from {table} x where {key} = :anchor_id) x")
        for table, key in [*rows, ("tasks", "x.id")]
    ]
    return f"(with {', '.join([_later(), *steps])} select {task_out('b.key')} from tasks t)"


AS_IT_WAS = Judgement(
    TASK_THEN,
    oldest=KEPT,
    is_reached=REACHED,
    body=lambda: f"case when {REACHED} then {_body()} end",
)


async def read_past_task(access: Access, at: int) -> tuple[str, str]:
    """Return the task as it was after an event, and its tag; Gone if the log does not contain it.

    The tag is weak and a digest of the bytes, because people have their current names.
    """
    access = replace(access, right=Right.VIEW_HISTORY, anchor=TASK_THEN)
    _, row = await AS_IT_WAS.ask(access, at=at)
    if at < row["oldest"]:
        raise no_longer_kept(row["seq"], row["oldest"])
    if not row["is_reached"]:
        raise Gone(seq=row["seq"])
    if row["body"] is None:
        raise NotFound
    return row["body"], f'W/"{at}.{digest(row["body"].encode())}"'
