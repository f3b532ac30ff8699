"""What no row of a task can be, whoever writes it: the table refuses it."""

import asyncpg
import pytest

from api import Api
from works import a_task

BROKEN = (
    "number = 0", "title = ''", "rank = ''", "priority = 'URGENT'", "status = 'LATER'",
    "color = 'red'", "color = '#12345G'", "due_at = now(), due_on = now()", "status = 'DONE'",
    "completed_at = now()", "archived_at = now()", "rank = null",
)  # fmt: skip
KEPT = (
    "color = '#12ab45'", "color = null", "due_at = now(), due_on = null", "priority = 'LOW'",
    "due_at = null, due_on = now()", "status = 'DONE', completed_at = now()",
    "archived_at = now(), rank = null",
)  # fmt: skip


async def test_the_table_refuses_a_task_that_breaks_a_rule(
    api: Api, db: asyncpg.Connection
) -> None:
    """Each rule alone. Seen to fail with any of them left out."""
    _, _, task = await a_task(api)
    for change in BROKEN:
        with pytest.raises(asyncpg.CheckViolationError, match="tasks_are_sound"):
            assert await db.execute(f"update tasks set {change} where id = $1", task["id"]), change
    for change in KEPT:
        await db.execute(f"update tasks set {change} where id = $1", task["id"])
