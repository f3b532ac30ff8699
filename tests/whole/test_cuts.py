"""Nothing is half done: the way to the database breaks at each statement of an action."""

import asyncpg
import pytest

from api import Api
from cuts import bench, cut_everywhere

# Those that write in several places; the soak tries every one that there is.
STEPS = [
    "create_board",
    "register",
    "log_in",
    "change_password",
    "create_token",
    "hand_over",
    "leave",
    "disable",
    "delete_board",
    "delete_column",
    "delete_column_with_tasks",
    "move_task",
    "run_batch",
    "undo_change",
    "update_user",
    "delete_user",
]


@pytest.mark.parametrize("name", STEPS)
async def test_an_action_cut_off_anywhere_is_done_wholly_or_not_at_all(
    api: Api, db: asyncpg.Connection, database_url: str, name: str
) -> None:
    async with bench(api, database_url, db) as on:
        assert await cut_everywhere(on, on.cases[name]) >= 5
