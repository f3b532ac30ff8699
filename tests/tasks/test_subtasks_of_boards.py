"""Subtasks name their board; a release before that named none, in its rows and in the log."""

import asyncpg
import pytest

from api import Api, Json, Person
from log_board import log_of, replayed, stored
from past import path_of, seen

OLD_INSERT = """
    insert into subtasks (id, task_id, title, is_completed, rank, version)
    select gen_random_uuid(), task_id, 'Ink', false, 'z', 1 from subtasks where id = $1"""
# As a release before this one has logged it, or one that read the column while it was filled.
FORGET = """
    update events e set changes = (
        select jsonb_agg(c || jsonb_build_object(
            'before', case when c -> 'before' <> 'null' then (c -> 'before') {what} else 'null' end,
            'after', case when c -> 'after' <> 'null' then (c -> 'after') {what} else 'null' end))
        from jsonb_array_elements(e.changes) c)
    where board_id = $1 and changes @? '$[*] ? (@.table == "subtasks")'"""
WAYS = ["- 'board_id'", """|| '{"board_id": null}'"""]


async def a_task(api: Api) -> tuple[Person, Json, Json]:
    """Make a board with a task that has one subtask."""
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    await anna.subtask(task)
    return anna, board, task


async def test_what_a_release_before_this_one_adds_is_on_its_board(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail without the trigger: 23502."""
    anna, board, task = await a_task(api)
    first = (await anna.items(f"/tasks/{task['id']}/subtasks"))[0]
    await db.execute(OLD_INSERT, first["id"])
    assert len(await anna.items(f"/tasks/{task['id']}/subtasks")) == 2
    shown = (await anna.read(path_of(board)))["tasks"][0]
    assert shown["subtasks"] == {"total": 2, "completed": 0}


@pytest.mark.parametrize("what", WAYS, ids=["not named", "null"])
async def test_what_was_logged_without_a_board_is_seen_and_comes_back(
    api: Api, db: asyncpg.Connection, what: str
) -> None:
    """Seen to fail with rows as the log has them: as it was none, and a log that does not replay."""
    anna, board, task = await a_task(api)
    before = await anna.read(path_of(board))
    assert (await anna.delete(f"/tasks/{task['id']}")).status_code == 204
    await db.execute(FORGET.format(what=what), board["id"])
    assert await seen(anna, board, before["seq"]) == before
    path = f"/tasks/{task['id']}"
    assert (await anna.read(path, at=before["seq"]))["subtasks"]["total"] == 1
    await anna.post(f"/boards/{board['id']}/undo", seq=before["seq"] + 1)
    assert (await anna.read(path_of(board)))["tasks"][0]["subtasks"]["total"] == 1
    restored = (await log_of(db, board["id"]))[-1]["changes"]
    rows = await stored(db, board["id"])
    for (table, row_id), row in replayed([{"seq": 0, "type": "", "changes": restored}]).items():
        assert rows[table, row_id] == row
