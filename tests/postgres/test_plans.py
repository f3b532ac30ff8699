"""No request reads the whole of a table that grows, however large it is."""

import asyncio

import asyncpg
import pytest

from api import Api, Json
from grown import grow, read_whole
from log_deeds import STORY
from log_world import world_of
from people import promote

pytestmark = pytest.mark.usefixtures("few_keys_fit")


@pytest.fixture(params=[10_000, 100_000])
async def grown(request: pytest.FixtureRequest, api: Api, db: asyncpg.Connection) -> None:
    """Make so many tasks of other people; of some hundreds PostgreSQL rightly reads all."""
    del api  # empties the tables afterwards
    await grow(db, request.param)


@pytest.mark.usefixtures("grown")
async def test_no_write_reads_a_whole_table(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail where a single row was joined as a set of an unknown size."""
    world = await world_of(api, db)
    before, found = await read_whole(db), list[str]()
    for deed in STORY:
        await world.do(deed)
        after = await read_whole(db)
        read = {name: n - before[name] for name, n in after.items() if n > before[name]}
        before = after
        if read:
            found.append(f"{deed[1][:2]} {read}")
    assert "\n".join(found) == ""


@pytest.mark.usefixtures("grown")
async def test_no_read_reads_a_whole_table(api: Api, db: asyncpg.Connection) -> None:
    """Nor what administrators ask of all boards, in the usual order."""
    world = await world_of(api, db)
    anna, admin = world.people[0], await promote(db, await api.user())
    tasks = await anna.items(f"/tasks?board_id={world.board}")
    board, task = f"/boards/{world.board}", f"/tasks/{tasks[0]['id']}"
    before, found = await read_whole(db), list[str]()
    named = [f"{path}?board_id={world.board}" for path in ("/columns", "/tasks", "/labels")]
    named += [f"/tasks?column_id={tasks[0]['column_id']}", f"/subtasks?task_id={tasks[0]['id']}"]
    for person, path in [
        *((anna, path) for path in (*_LISTS, *named)),
        *((anna, board + path) for path in _OF_BOARD),
        *((anna, task + path) for path in _OF_TASK),
        *((admin, path) for path in _OF_ALL),
    ]:
        assert (await person.client.get(path)).status_code == 200, path
        after = await read_whole(db)
        if read := {name: n - before[name] for name, n in after.items() if n > before[name]}:
            found.append(f"{path} {read}")
        before = after
    assert "\n".join(found) == ""


@pytest.mark.usefixtures("grown")
async def test_no_group_reads_a_whole_table(api: Api, db: asyncpg.Connection) -> None:
    """What several want at once is one statement. Seen to fail where ten of each were expected."""
    anna = await api.user()
    columns = [await anna.column(await anna.board()) for _ in range(4)]
    tasks, others = [[await anna.task(column) for column in columns] for _ in range(2)]
    before, found = await read_whole(db), list[str]()
    asking: list[tuple[str, str, list[Json | None]]] = [
        ("POST", "/tasks", [{"column_id": column["id"], "title": "New"} for column in columns]),
        ("PATCH", "/tasks/{}", [{"title": "New"}, {"assignee_ids": [anna.id]}] * 2),
        ("POST", "/tasks/{}/move", [{"after": other["id"]} for other in others]),
        ("GET", "/tasks/{}", [None] * 4),
    ]
    for method, path, bodies in asking:
        for _ in range(6):  # PostgreSQL plans anew five times, and then once for any values
            asked = zip(tasks, bodies, strict=True)
            answers = await asyncio.gather(
                *(anna.send(method, path.format(task["id"]), json=body) for task, body in asked)
            )
            assert all(answer.is_success for answer in answers)
        after = await read_whole(db)
        if read := {name: n - before[name] for name, n in after.items() if n > before[name]}:
            found.append(f"{method} {path} {read}")
        before = after
    assert "\n".join(found) == ""


_LISTS = [
    "/boards", "/columns", "/tasks", "/tasks?assignee_id=me", "/tasks?q=draw", "/tasks?sort=title",
    "/subtasks", "/labels", "/tasks?due=none&status=TODO",
]  # fmt: skip
_OF_BOARD = [
    "", "/users", "/columns", "/labels", "/snapshot", "/snapshot?at=3", "/snapshot?tasks_per_column=1",
    "/events", "/activity", "/events?after=3",
]  # fmt: skip
_OF_ALL = [
    "/tasks?visibility=all", "/tasks?visibility=all&sort=-created_at&fields=card",
    "/boards?visibility=all", "/boards?visibility=all&sort=-created_at&archived=all",
]  # fmt: skip
_OF_TASK = ["", "?at=9", "/subtasks"]
