"""Lists page by page: every object exactly once, whatever the order."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from checks import invalid
from many import many_tasks
from walks import linked_pages, pages, walked
from works import a_column, ids

TITLES = ("b", "A", "a", "Ёж", "ёж", "Б", '"quoted"', "50%", "b", "a", "100 % [1]")
DUE = (None, "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000001Z", None, "2027-01-01T00:00:00Z")
PRIORITIES = ("HIGH", "LOW", "MEDIUM")
TIES = """update tasks set
    created_at = timestamptz '2026-01-01 10:00:00.123456Z' + number % 3 * interval '1 second',
    updated_at = timestamptz '2026-02-01 10:00Z' + number % 4 * interval '1 microsecond'"""

Key = Callable[[Any], Any]
TASK_KEYS: dict[str, Key] = {
    "created_at": datetime.fromisoformat,
    "updated_at": datetime.fromisoformat,
    "due_at": datetime.fromisoformat,
    "priority": ("LOW", "MEDIUM", "HIGH").index,
    "title": lambda title: folded(title).encode(),
    "rank": str.encode,
}


def folded(title: str) -> str:
    """Fold a title of ``TITLES`` as the program does; before each number stands how long it is."""
    plain = title.lower().replace("\u0451", "\u0435")
    return re.sub("[0-9]+", lambda found: f"{len(found[0])}{found[0]}", plain)


BOTH_WAYS = [f"{sign}{name}" for name in TASK_KEYS for sign in ("", "-")]


async def tied_tasks(api: Api, db: asyncpg.Connection) -> tuple[Person, list[Json]]:
    """Give somebody and their tasks, of which some are equal in whatever they are sorted by."""
    anna, board, left = await a_column(api)
    columns = [left, await anna.column(board), await anna.column(await anna.board())]
    for n, title in enumerate(TITLES):
        due_at, priority = DUE[n % len(DUE)], PRIORITIES[n % len(PRIORITIES)]
        await anna.task(columns[n % 3], title, due_at=due_at, priority=priority)
    await db.execute(TIES)
    return anna, await anna.items("/tasks")


def in_order(tasks: list[Json], sort: str) -> list[Any]:
    """Give the values in the order that is expected; those that are not there come last."""
    name = sort.removeprefix("-")
    values = [task[name] for task in tasks]
    there = [TASK_KEYS[name](value) for value in values if value is not None]
    return sorted(there, reverse=sort.startswith("-")) + [None] * (len(values) - len(there))


@pytest.mark.parametrize("sort", BOTH_WAYS)
async def test_pages_of_tasks_give_each_once_and_in_order(
    api: Api, db: asyncpg.Connection, sort: str
) -> None:
    """Seen to fail with a cursor without the id that breaks ties, and with one that repeats its row.

    And where tasks that are never due came first.
    """
    anna, tasks = await tied_tasks(api, db)
    name = sort.removeprefix("-")

    for limit in (1, 4):
        found = await walked(anna, "/tasks", sort=sort, limit=limit)
        assert sorted(ids(found)) == sorted(ids(tasks))
        values = [
            task[name] if task[name] is None else TASK_KEYS[name](task[name]) for task in found
        ]
        assert values == in_order(tasks, sort)


@pytest.mark.parametrize("archived", ["false", "true", "all"])
async def test_pages_of_a_column_give_each_task_once(api: Api, archived: str) -> None:
    """Seen to fail with a cursor that holds the rank that an archived task does not have."""
    anna, _, column = await a_column(api)
    tasks = [await anna.task(column, is_archived=n % 3 == 0) for n in range(9)]
    wanted = [t for t in tasks if archived == "all" or t["is_archived"] == (archived == "true")]

    found = await walked(anna, f"/columns/{column['id']}/tasks", archived=archived, limit=2)

    assert sorted(ids(found)) == sorted(ids(wanted))
    placed = [task["id"] for task in wanted if not task["is_archived"]]
    assert ids(found)[: len(placed)] == placed


@pytest.mark.parametrize(
    "sort", ["priority,-title", "-due_at,created_at", "-priority,due_at,-title"]
)
async def test_pages_by_several_keys_give_each_once_and_in_order(
    api: Api, db: asyncpg.Connection, sort: str
) -> None:
    """Seen to fail with a cursor that compares all keys in the first one's direction."""
    anna, tasks = await tied_tasks(api, db)
    expected = tasks
    for name in reversed(sort.split(",")):  # sorting keeps the order of what is equal
        groups = [t for t in expected if t[name.strip("-")] is not None]
        rest = [t for t in expected if t[name.strip("-")] is None]
        key = TASK_KEYS[name.strip("-")]
        groups.sort(key=lambda t: key(t[name.strip("-")]), reverse=name.startswith("-"))
        expected = [*groups, *rest]

    for limit, sorts in ((1, sort), (4, sort), (200, sort.split(","))):
        found = await walked(anna, "/tasks", sort=sorts, limit=limit)
        shown = [[t[name.strip("-")] for name in sort.split(",")] for t in found]
        assert shown == [[t[name.strip("-")] for name in sort.split(",")] for t in expected]
        assert sorted(ids(found)) == sorted(ids(tasks))


LISTS: list[tuple[str, str, Key]] = [
    ("/boards", "created_at", lambda board: datetime.fromisoformat(board["created_at"])),
    ("/boards", "title", lambda board: board["title"].lower()),
    ("/users", "created_at", lambda user: datetime.fromisoformat(user["created_at"])),
    ("/users", "username", lambda user: user["username"].lower()),
    ("/columns", "rank", lambda column: (column["board_id"], column["rank"].encode())),
    ("/columns", "title", lambda column: column["title"].lower()),
    ("/subtasks", "rank", lambda subtask: (subtask["task_id"], subtask["rank"].encode())),
    ("/subtasks", "title", lambda subtask: subtask["title"].lower()),
]


async def one_of_everything_and_more(api: Api) -> Person:
    anna = await api.user()
    for n, name in enumerate(("Борис", "жанна", "Clara", "clara2", "Элла")):
        await api.user(name, email=f"{n}@example.com")
    for title in ("B", "a", "Я", "я", "a"):
        await anna.board(title, columns=[title, "a"])
    task = await anna.make("/tasks", title="x")
    for title in ("B", "a", "Я", "a"):
        await anna.subtask(task, title)
    return anna


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("path", "sort", "key"), LISTS)
async def test_pages_give_each_once_and_in_order(
    api: Api, path: str, sort: str, key: Key, sign: str
) -> None:
    anna = await one_of_everything_and_more(api)
    everything = await anna.items(path, limit=200)

    found = await walked(anna, path, sort=f"{sign}{sort}", limit=2)

    assert sorted(ids(found)) == sorted(ids(everything))
    assert [key(item) for item in found] == sorted(map(key, everything), reverse=bool(sign))


async def test_a_page_is_as_long_as_was_asked_for_and_the_last_one_says_so(api: Api) -> None:
    anna, _, column = await a_column(api)
    for _ in range(4):
        await anna.task(column)

    async def lengths(limit: int) -> list[int]:
        return [len(page) for page in await pages(anna, "/tasks", limit=limit)]

    assert [await lengths(n) for n in (3, 4, 5)] == [[3, 1], [4], [4]]
    empty = await anna.get("/tasks", q="nothing like it")
    assert empty.json() == {"items": [], "next_cursor": None}
    assert "link" not in empty.headers


async def test_a_page_has_50_items_and_200_at_most(api: Api, db: asyncpg.Connection) -> None:
    anna, _, column = await a_column(api)
    await many_tasks(db, column, 205)

    assert len(await anna.items("/tasks")) == 50
    for limit in (200, 201, 10**20):
        assert len(await anna.items("/tasks", limit=limit)) == 200
    for found in (await pages(anna, "/tasks", limit=1000), await linked_pages(anna, "/tasks")):
        assert len({item["id"] for page in found for item in page}) == 205


@pytest.mark.parametrize("sort", ["title", "-due_at", "rank"])
async def test_the_link_to_the_next_page_works_as_it_is_given(
    api: Api, db: asyncpg.Connection, sort: str
) -> None:
    anna, _ = await tied_tasks(api, db)
    params = {"sort": sort, "limit": 2, "status": ["новая", "DONE"], "priority": ["LOW", "HIGH"]}

    found = await linked_pages(anna, "/tasks", **params)

    assert found == await pages(anna, "/tasks", **params)
    assert len(found) > 2
    assert {task["priority"] for page in found for task in page} == {"LOW", "HIGH"}


@pytest.mark.parametrize("meanwhile", ["made", "deleted"])
async def test_what_happens_between_two_pages_hides_and_repeats_nothing(
    api: Api, meanwhile: str
) -> None:
    """Seen to fail with a cursor that is a number of rows to skip."""
    anna, _, column = await a_column(api)
    tasks = [await anna.task(column, title) for title in ("B", "C", "D", "E")]

    first = await anna.read("/tasks", sort="title", limit=2)
    if meanwhile == "made":
        await anna.task(column, "A")
    else:
        await anna.delete(f"/tasks/{tasks[0]['id']}")
    rest = await anna.read("/tasks", sort="title", limit=9, cursor=first["next_cursor"])

    assert [task["title"] for task in [*first["items"], *rest["items"]]] == ["B", "C", "D", "E"]


async def test_tasks_are_listed_from_the_oldest_unless_it_is_said(api: Api) -> None:
    anna, board, column = await a_column(api)
    left = await anna.column(board)
    tasks = [await anna.task(where, "x") for where in (left, column, left)]

    assert ids(await anna.items("/tasks")) == ids(tasks)
    assert ids(await anna.items("/tasks", sort="-created_at")) == ids(tasks[::-1])


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"limit": 0}, "/query/limit"),
        ({"limit": -1}, "/query/limit"),
        ({"limit": "many"}, "/query/limit"),
        ({"cursor": "7"}, "/query/cursor"),
        ({"cursor": "not a cursor"}, "/query/cursor"),
        ({"cursor": "WzEsMl0"}, "/query/cursor"),
        ({"sort": "password_hash"}, "/query/sort"),
        ({"sort": "--title"}, "/query/sort"),
        ({"archived": "maybe"}, "/query/archived"),
        ({"status": "maybe"}, "/query/status/0"),
        ({"priority": "URGENT"}, "/query/priority/0"),
        ({"board_id": "7"}, "/query/board_id"),
        ({"due_before": "tomorrow"}, "/query/due_before"),
        ({"sort": "title,-title"}, "/query/sort"),
        ({"visibility": "yours"}, "/query/visibility"),
        ({"assignee_id": "you"}, "/query/assignee_id"),
        ({"due": "soon"}, "/query/due"),
        ({"q": "x" * 201}, "/query/q"),
    ],
)
async def test_a_list_says_what_it_does_not_understand(
    api: Api, params: Json, pointer: str
) -> None:
    invalid(await (await api.user()).get("/tasks", **params), pointer)


async def test_a_cursor_belongs_to_its_list_and_order(api: Api) -> None:
    anna, _, column = await a_column(api)
    for _ in range(2):
        await anna.task(column)
    cursor = (await anna.read("/tasks", sort="title", limit=1))["next_cursor"]

    for sort in ("created_at", "due_at", "priority"):
        invalid(await anna.get("/tasks", sort=sort, cursor=cursor), "/query/cursor")
