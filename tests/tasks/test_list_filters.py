"""What lists leave out: each filter alone, and several together."""

from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from casts import board_with
from doska.schemas import new_id
from people import promote
from walks import walked
from works import ids

# Tasks by a letter; column, assignees and archive are told below.
TASKS: dict[str, Json] = {
    "a": {"title": "Draw the logo", "priority": "HIGH", "due_at": "2026-01-10T12:00:00Z"},
    "b": {"title": "50%_off", "description": "C:\\temp", "priority": "LOW"},
    "c": {"title": "Ёлка и шары", "status": "DONE", "due_at": "2026-01-20T12:00:00Z"},
    "d": {"title": 'it\'s "it"', "description": "ПРИВЕТ, мир", "status": "REJECTED"},
    "e": {"title": "Old", "priority": "HIGH", "due_at": "2025-01-01T00:00:00Z"},
}
COLUMNS = {"todo": "abe", "done": "c", "other": "d"}

FOUND: list[tuple[Json, str]] = [
    ({}, "abcd"),
    ({"board_id": "one"}, "abc"),
    ({"board_id": "two"}, "d"),
    ({"board_id": "unknown"}, ""),
    ({"column_id": "todo"}, "ab"),
    ({"column_id": "unknown"}, ""),
    ({"status": "TODO"}, "ab"),
    ({"status": "завершена"}, "c"),
    ({"status": ["done", "Отклонена"]}, "cd"),
    ({"status": "IN_PROGRESS"}, ""),
    ({"priority": "HIGH"}, "a"),
    ({"priority": ["HIGH", "LOW"]}, "ab"),
    ({"assignee_id": "anna"}, "a"),
    ({"assignee_id": "boris"}, "ac"),
    ({"assignee_id": "unknown"}, ""),
    ({"assignee_id": "me"}, "a"),
    ({"assignee_id": "ME"}, "a"),
    ({"assignee_id": "none"}, "bd"),
    ({"assignee_id": "none", "archived": "all"}, "bde"),
    ({"author_id": "anna"}, "abcd"),
    ({"author_id": "me"}, "abcd"),
    ({"author_id": "boris"}, ""),
    ({"author_id": "none"}, ""),
    ({"due": "none"}, "bd"),
    ({"due": "None"}, "bd"),
    ({"due": "none", "due_after": "2020-01-01T00:00:00Z"}, ""),
    ({"due_after": "2026-01-10T12:00:00Z"}, "ac"),
    ({"due_after": "2026-01-10T12:00:00.000001Z"}, "c"),
    ({"due_after": "2026-01-10T12:00:00Z", "due_before": "2026-01-20T12:00:00Z"}, "a"),
    ({"status": "todo, завершена"}, "abc"),
    ({"priority": "high,low"}, "ab"),
    ({"archived": "ALL"}, "abcde"),
    ({"q": ""}, "abcd"),
    ({"q": "  "}, "abcd"),
    ({"due_before": "2026-01-10T12:00:00Z"}, ""),
    ({"due_before": "2026-01-10T12:00:00.000001Z"}, "a"),
    ({"due_before": "2026-01-20T15:00:01+03:00"}, "ac"),
    ({"archived": "false"}, "abcd"),
    ({"archived": "true"}, "e"),
    ({"archived": "all"}, "abcde"),
    ({"q": "LOGO"}, "a"),
    ({"q": "%"}, "b"),
    ({"q": "%_off"}, "b"),
    ({"q": "%off"}, ""),
    ({"q": "_"}, "b"),
    ({"q": "\\"}, "b"),
    ({"q": "\\\\"}, ""),
    ({"q": "'"}, "d"),
    ({"q": '"it"'}, "d"),
    ({"q": "ёЛКА"}, "c"),
    ({"q": "\u0415\u0308лк"}, "c"),
    ({"q": "привет"}, "d"),
    ({"q": "o"}, "ab"),
    ({"q": "o", "archived": "all"}, "abe"),
    ({"q": "o", "priority": "HIGH"}, "a"),
    ({"board_id": "one", "status": ["TODO", "DONE"], "assignee_id": "boris"}, "ac"),
    ({"board_id": "two", "column_id": "todo"}, ""),
    ({"column_id": "todo", "archived": "all", "priority": "HIGH"}, "ae"),
    ({"due_before": "2026-06-01T00:00:00Z", "status": "DONE", "q": "шары"}, "c"),
    ({"due_before": "2026-06-01T00:00:00Z", "archived": "true", "assignee_id": "anna"}, ""),
]


async def board_of_tasks(api: Api) -> tuple[Person, dict[str, str]]:
    """Make the tasks, and name whatever has an id."""
    anna, boris, one = await board_with(api, "MEMBER")
    two = await anna.board()
    columns = {
        "todo": await anna.column(one),
        "done": await anna.column(one),
        "other": await anna.column(two),
    }
    assignees = {"a": [anna.id, boris.id], "c": [boris.id]}
    made = {"anna": anna.id, "boris": boris.id, "one": one["id"], "two": two["id"]}
    for name, letters in COLUMNS.items():
        made[name] = columns[name]["id"]
        for letter in letters:
            more: Json = {"assignee_ids": assignees.get(letter, []), "is_archived": letter == "e"}
            made[letter] = (await anna.task(columns[name], **TASKS[letter], **more))["id"]
    return anna, {**made, "unknown": new_id()}


@pytest.mark.parametrize(("params", "letters"), FOUND, ids=str)
async def test_tasks_are_found_by_all_filters_together(
    api: Api, params: Json, letters: str
) -> None:
    anna, made = await board_of_tasks(api)
    named = {k: made.get(v, v) if k.endswith("_id") else v for k, v in params.items()}

    found = await walked(anna, "/tasks", **named, limit=2)

    assert sorted(ids(found)) == sorted(made[letter] for letter in letters)


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, "ABC"),
        ({"board_id": "one"}, "AB"),
        ({"status": "новая"}, "A"),
        ({"status": ["TODO", "DONE"]}, "AC"),
        ({"board_id": "one", "status": ["TODO", "DONE"]}, "A"),
        ({"q": "a"}, "A"),
        ({"q": "%"}, ""),
        ({"board_id": "unknown"}, ""),
    ],
)
async def test_columns_are_found_by_all_filters_together(
    api: Api, params: Json, titles: str
) -> None:
    anna = await api.user()
    await anna.delete(f"/boards/{(await anna.items('/boards'))[0]['id']}")
    boards = {"one": await anna.board(), "two": await anna.board(), "unknown": {"id": new_id()}}
    await anna.column(boards["one"], "A", status="TODO")
    await anna.column(boards["one"], "B")
    await anna.column(boards["two"], "C", status="DONE")
    named = {k: boards[v]["id"] if k == "board_id" else v for k, v in params.items()}

    assert "".join(found["title"] for found in await anna.items("/columns", **named)) == titles


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, "ABC"),
        ({"task_id": "one"}, "AB"),
        ({"is_completed": True}, "BC"),
        ({"is_completed": False}, "A"),
        ({"task_id": "one", "is_completed": True}, "B"),
        ({"q": "c"}, "C"),
        ({"q": "_"}, ""),
        ({"task_id": "unknown"}, ""),
    ],
)
async def test_subtasks_are_found_by_all_filters_together(
    api: Api, params: Json, titles: str
) -> None:
    anna = await api.user()
    tasks = {name: await anna.make("/tasks", title=name) for name in ("one", "two")}
    tasks["unknown"] = {"id": new_id()}
    await anna.subtask(tasks["one"], "A")
    await anna.subtask(tasks["one"], "B", is_completed=True)
    await anna.subtask(tasks["two"], "C", is_completed=True)
    named = {k: tasks[v]["id"] if k == "task_id" else v for k, v in params.items()}

    assert "".join(found["title"] for found in await anna.items("/subtasks", **named)) == titles


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, ["My tasks", "Сайт", "100%"]),
        ({"archived": "false"}, ["My tasks", "Сайт", "100%"]),
        ({"archived": "true"}, ["Old site"]),
        ({"archived": "all"}, ["My tasks", "Сайт", "100%", "Old site"]),
        ({"q": "САЙТ"}, ["Сайт", "100%"]),
        ({"q": "site"}, []),
        ({"q": "SITE", "archived": "all"}, ["Old site"]),
        ({"q": "0%"}, ["100%"]),
    ],
)
async def test_boards_are_found_by_title_and_description_and_hidden_when_archived(
    api: Api, params: Json, titles: list[str]
) -> None:
    anna = await api.user()
    await anna.board("Сайт")
    await anna.board("100%", description="новый сайт")
    await anna.board("Old site", is_archived=True)

    for path in ("/boards", f"/users/{anna.id}/boards"):
        assert [board["title"] for board in await anna.items(path, **params)] == titles


@pytest.mark.parametrize(
    ("q", "usernames"),
    [
        ("анн", ["анна"]),
        ("ПЕТРОВА", ["анна"]),
        ("O", ["bob", "o_o"]),
        ("_", ["o_o"]),
        ("%", []),
        ("example.com", []),  # an e-mail address is nobody else's business
        ("secret", []),
    ],
)
async def test_people_are_found_by_username_and_name_and_nothing_else(
    api: Api, q: str, usernames: list[str]
) -> None:
    reader = await api.user("reader", email="reader@here.net")
    await api.user("анна", name="Анна Петрова", email="secret@example.com")
    await api.user("bob", email="b@example.com")
    await api.user("o_o", email="c@example.com")

    found = await reader.items("/users", q=q)

    assert sorted(user["username"] for user in found) == sorted(usernames)


async def test_people_see_an_email_address_of_their_own_only(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user(), await api.user()

    async def seen_by(person: Person) -> dict[str, bool]:
        return {user["id"]: "email" in user for user in await person.items("/users")}

    assert await seen_by(anna) == {anna.id: True, admin.id: False}
    await promote(db, admin)
    assert await seen_by(admin) == {anna.id: True, admin.id: True}


async def test_a_list_of_one_thing_is_the_filtered_list_of_all(api: Api) -> None:
    anna, made = await board_of_tasks(api)
    for title in "AB":
        await anna.subtask({"id": made["a"]}, title)
    pairs: list[tuple[str, str, Json]] = [
        (f"/boards/{made['one']}/columns", "/columns", {"board_id": made["one"]}),
        (f"/columns/{made['todo']}/tasks", "/tasks", {"column_id": made["todo"], "sort": "rank"}),
        (f"/tasks/{made['a']}/subtasks", "/subtasks", {"task_id": made["a"]}),
    ]
    for nested, flat, filters in pairs:
        found: list[Any] = await anna.items(nested)
        assert len(found) == 2
        assert found == await anna.items(flat, **filters)
        alone = [await anna.read(f"{flat}/{item['id']}") for item in found]
        assert [item | one for item, one in zip(found, alone, strict=True)] == found
        assert {*found[0]} - {*alone[0]} <= {"task_count"}  # which only lists tell


@pytest.mark.parametrize("archived", ["false", "true", "all"])
async def test_the_tasks_of_a_column_are_found_by_text_and_archive(api: Api, archived: str) -> None:
    anna, made = await board_of_tasks(api)
    params = {"q": "o", "archived": archived}

    nested = await anna.items(f"/columns/{made['todo']}/tasks", **params)

    letters = {"false": "ab", "true": "e", "all": "abe"}[archived]
    assert ids(nested) == [made[letter] for letter in letters]
    assert nested == await anna.items("/tasks", column_id=made["todo"], sort="rank", **params)
