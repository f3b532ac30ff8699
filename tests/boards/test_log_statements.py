"""How often a request asks the database: what decides the speed."""

import pytest

from api import Api
from log_scene import WRITES, Scene, Write, scene_of
from statements import watching

READS = [
    "/users/me",
    "/users/{ivan}",
    "/users",
    "/users/{ivan}/boards",
    "/auth/sessions",
    "/boards",
    "/boards/{board}",
    "/boards/{board}/users",
    "/boards/{board}/users/{ivan}",
    "/boards/{board}/columns",
    "/columns",
    "/columns/{todo}",
    "/columns/{todo}/tasks",
    "/tasks",
    "/tasks/{draw}",
    "/tasks/{draw}/subtasks",
    "/subtasks",
    "/subtasks/{ink}",
]
OF_ONE_BOARD = [write for write in WRITES if not write.kind.startswith("user.")]

LOCKED = (
    "person.",
    "board.handed_over",
    "attachment.added",
)  # more is asked than the judgement does


@pytest.fixture
async def scene(api: Api) -> Scene:
    return await scene_of(api)


@pytest.mark.parametrize("write", OF_ONE_BOARD, ids=str)
async def test_a_write_asks_twice_or_five_times(scene: Scene, write: Write) -> None:
    """Twice without a lock. Seen to fail with a second look at the board before the write."""
    async with watching() as sent:
        assert (await scene.do(write)).is_success

    if write.kind.startswith(LOCKED):
        heir = 2 if write.kind == "board.handed_over" else 0  # who is locked too, then counted
        assert len(sent) <= 5 + heir
        assert [sent[0].rstrip(";"), sent[-1].rstrip(";")] == ["BEGIN", "COMMIT"]
    else:
        assert [sql.split(maxsplit=1)[0] for sql in sent] == ["select", "with"]


@pytest.mark.parametrize("path", READS)
async def test_a_read_asks_once(scene: Scene, path: str) -> None:
    """Seen to fail with a sign-in that is looked up on its own."""
    async with watching() as sent:
        await scene.people["anna"].read(path.format(**scene.names))

    assert len(sent) == 1


async def test_thirty_tasks_are_read_as_one_is(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    column = await anna.column(board)
    for count in (1, 29):
        for _ in range(count):
            await anna.subtask(await anna.task(column, assignee_ids=[anna.id]))
        for path in ("/tasks", f"/columns/{column['id']}/tasks"):
            async with watching() as sent:
                tasks = await anna.items(path)
            assert len(tasks) in (1, 30)
            assert all(task["assignees"] and task["subtasks"]["total"] for task in tasks)
            assert len(sent) == 1
