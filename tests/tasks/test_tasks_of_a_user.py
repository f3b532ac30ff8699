"""A user with tasks and no word about boards."""

import asyncio

import asyncpg
import pytest

from api import Api
from log_rival import all_wait
from people import promote
from works import ids

WORDS = [
    ("новая", "TODO", "To do"),
    ("НОВАЯ", "TODO", "To do"),
    ("в процессе", "IN_PROGRESS", "In progress"),
    ("  в   Процессе ", "IN_PROGRESS", "In progress"),
    ("завершена", "DONE", "Done"),
    ("Завершена", "DONE", "Done"),
    ("done", "DONE", "Done"),
    ("отклонена", "REJECTED", "To do"),  # no column stands for it
]


@pytest.mark.parametrize(("word", "status", "title"), WORDS)
async def test_a_task_without_a_column_goes_to_the_column_of_its_status(
    api: Api, word: str, status: str, title: str
) -> None:
    anna = await api.user()
    task = await anna.make("/tasks", title="Купить молоко", status=word)
    assert task["status"] == status
    assert (task["completed_at"] is not None) == (status == "DONE")
    column = await anna.read(f"/columns/{task['column_id']}")
    assert column["title"] == title


async def test_a_task_without_a_status_is_new(api: Api) -> None:
    anna = await api.user()
    task = await anna.make("/tasks", title="Купить молоко")
    assert (task["status"], task["key"], task["number"]) == ("TODO", "MY-1", 1)
    assert task["author"]["id"] == anna.id


@pytest.mark.parametrize("word", ["", "готово", "новая!", "TO DO"])
async def test_a_word_that_is_no_status_is_refused(api: Api, word: str) -> None:
    anna = await api.user()
    answer = await anna.post("/tasks", title="Купить молоко", status=word)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/status"
    assert await anna.items("/tasks") == []


async def test_everybody_sees_their_own_tasks_only(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    task = await anna.make("/tasks", title="Anna's")
    other = await boris.make("/tasks", title="Boris's")
    assert [found["title"] for found in await anna.items("/tasks")] == ["Anna's"]
    assert [found["title"] for found in await boris.items("/tasks")] == ["Boris's"]
    path = f"/tasks/{task['id']}"
    for answer in (
        await boris.get(path),
        await boris.put(path, title="Mine"),
        await boris.patch(path, status="DONE"),
        await boris.delete(path),
    ):
        assert answer.status_code == 404
    assert await anna.read(path) == task
    assert await boris.read(f"/tasks/{other['id']}") == other


async def test_an_administrator_sees_all_tasks_where_asked_for_and_adds_to_their_own(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user(), await promote(db, await api.user())
    await anna.make("/tasks", title="Anna's")
    own = await admin.make("/tasks", title="Own")
    assert ids(await admin.items("/tasks")) == [own["id"]]
    everything = await admin.items("/tasks", visibility="all")
    assert {task["title"] for task in everything} == {"Anna's", "Own"}
    assert (await admin.read(f"/boards/{own['board_id']}"))["role"] == "CREATOR"


async def test_finishing_a_task_moves_it_to_the_column_of_what_is_done(api: Api) -> None:
    anna = await api.user()
    task = await anna.make("/tasks", title="Купить молоко")
    done = (await anna.patch(f"/tasks/{task['id']}", status="завершена")).json()
    column = await anna.read(f"/columns/{done['column_id']}")
    assert (done["status"], column["title"]) == ("DONE", "Done")
    found = await anna.items("/tasks", status="завершена")
    assert [entry["id"] for entry in found] == [task["id"]]


async def test_two_tasks_at_once_make_one_new_board(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the account is not locked while its board is made."""
    anna = await api.user()
    (home,) = await anna.items("/boards")
    await anna.delete(f"/boards/{home['id']}")
    rival = await asyncpg.connect(database_url)
    async with rival.transaction():
        await rival.execute("select from users where id = $1 for no key update", anna.id)
        made = [asyncio.ensure_future(anna.post("/tasks", title=title)) for title in ("1", "2")]
        await all_wait(db, *made)
    await rival.close()
    assert {(await task).json()["key"] for task in made} == {"MY-1", "MY-2"}
    assert len(await anna.items("/boards")) == 1


async def test_a_board_without_columns_has_no_place_for_a_task(api: Api) -> None:
    anna = await api.user()
    (home,) = await anna.items("/boards")
    for column in await anna.items(f"/boards/{home['id']}/columns"):
        await anna.delete(f"/columns/{column['id']}")
    answer = await anna.post("/tasks", title="Купить молоко")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/no-column"
