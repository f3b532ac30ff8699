"""The SQL of the floor: what Doska runs for the same work, without what judges the caller."""

import doska.features  # noqa: F401  # declares the tables that can be written
from doska.boards.access import Part
from doska.boards.statements import statement
from doska.http.pagination import paged
from doska.identity.queries import user_view
from doska.live.snapshot_sql import snapshot_of_today
from doska.postgres.database import numbered
from doska.tasks.assignees import TASK_PARTS
from doska.tasks.drawing import task_out
from doska.tasks.places import neighbours, spot
from doska.tasks.queries import RANK, TASK_FILTERS

Statement = tuple[str, tuple[str, ...]]  # with the names of its parameters

_BOARD = "from boards b where b.id = :board_id"
_TASK = "from tasks t join boards b on b.id = t.board_id where t.id = :task_id"
_COLUMN = "from columns c join boards b on b.id = c.board_id where c.id = :column_id"
_NEAR = "(select n.column_id from tasks n where n.id = :near_id)"


def _select(source: str, **parts: Part) -> Statement:
    columns = ", ".join(
        f'{part if isinstance(part, str) else part()} as "{name}"' for name, part in parts.items()
    )
    return numbered(f"select {columns} {source}")


def _list(rows: str) -> str:
    return paged(f"{rows} and {TASK_FILTERS['active']}", task_out("b.key"), RANK, "t.id")


WHOLE_BOARD = _select(_BOARD, body=snapshot_of_today)
ONE_TASK = _select(_TASK, body=task_out("b.key"))
FIFTY_TASKS = _select(_COLUMN, body=_list("from tasks t where t.column_id = c.id"))
FOR_PATCH = _select(_TASK, board="to_jsonb(b)", **TASK_PARTS)
FOR_MOVE = _select(
    _TASK,
    board="to_jsonb(b)",
    **TASK_PARTS,
    spot=spot(f"d.id = {_NEAR}"),
    **neighbours("tasks", _NEAR, "t.id")["after"],
)
FOR_CREATE = _select(
    _COLUMN,
    board="to_jsonb(b)",
    spot=spot("d.id = c.id"),
    author=f"(select {user_view('x')} from users x where x.id = :author_id::uuid)",
)
UPDATE = statement("count", (("update one", "tasks"),))
INSERT = statement("count", (("insert one", "tasks"),))
