"""What is given up says why: that it took too long, that there is no room, that too many ask."""

import asyncio

import asyncpg
import pytest

from api import Api, Json, Person
from apps import another_api
from checks import refused
from log_rival import all_wait, rival_on
from many import many_tasks
from people import moved

TOO_MANY = "Too many are working on this at once."
WORDS = {  # of PostgreSQL's errors, by their code
    "57014": ("took-too-long", None),
    "25P03": ("took-too-long", None),
    "53100": ("unavailable", "The database has no room for more."),
    "53200": ("unavailable", TOO_MANY),
    "55P03": ("unavailable", TOO_MANY),
    "40P01": ("unavailable", TOO_MANY),
    "57P01": ("unavailable", "The database cannot be reached."),
}
FAILING = """
    create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'no' using errcode = '{}'; end $$;
    create trigger failing before insert on tasks for each row execute function fail()"""
LISTS = (
    "/tasks", "/boards", "/columns", "/subtasks", "/columns/{column}/tasks", "/users/{anna}/boards",
)  # fmt: skip


async def a_board(anna: Person) -> tuple[Json, Json]:
    board = await anna.board()
    return board, await anna.column(board)


@pytest.mark.parametrize("code", WORDS)
async def test_an_error_of_the_database_is_called_what_it_is(
    api: Api, db: asyncpg.Connection, code: str
) -> None:
    """Seen to fail when all of them said that the database cannot be reached."""
    anna = await api.user()
    board, column = await a_board(anna)
    await db.execute(FAILING.format(code))
    try:
        answer = await anna.post("/tasks", column_id=column["id"], title="Draw")
    finally:
        await db.execute("drop function fail() cascade")
    kind, words = WORDS[code]
    refused(answer, 503, kind, detail=words)
    assert answer.headers["retry-after"] == "1"
    assert (await anna.read(f"/boards/{board['id']}"))["seq"] == 2


async def test_a_pool_that_is_lent_out_is_not_a_database_that_is_away(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when waiting for a connection was told like waiting for the database."""
    anna = await api.user()
    board, _ = await a_board(anna)
    small = {"pool_min": 1, "pool_max": 1, "acquire_timeout_seconds": 0.3}
    async with (
        another_api(database_url, **small) as other,
        rival_on(board["id"], database_url, db) as rival,
    ):
        person = moved(anna, other)
        write = asyncio.ensure_future(person.patch(f"/boards/{board['id']}", title="Late"))
        await all_wait(db, write)
        refused(await person.get("/users/me"), 503, "unavailable", detail=TOO_MANY)
        await rival.do("commit")
        assert (await write).status_code == 200


@pytest.mark.parametrize("path", LISTS)
async def test_a_search_that_takes_too_long_says_that_it_gave_up(
    api: Api, db: asyncpg.Connection, database_url: str, path: str
) -> None:
    """Seen to fail when it was told like any statement that takes too long."""
    anna = await api.user()
    _, column = await a_board(anna)
    path = path.format(column=column["id"], anna=anna.id)
    async with another_api(database_url, statement_timeout_seconds=0.2) as other:
        person = moved(anna, other)
        async with db.transaction():
            await db.execute("lock table boards, columns, tasks, subtasks in access exclusive mode")
            answers = [await person.get(path, q="draw"), await person.get(path)]
    refused(answers[0], 503, "search-gave-up")
    assert "retry-after" not in answers[0].headers
    refused(answers[1], 503, "took-too-long")


async def test_more_text_than_can_be_searched_in_time_is_not_an_unreachable_database(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    anna = await api.user()
    board, column = await a_board(anna)
    await many_tasks(db, column, 400)
    await db.execute("update tasks set description = repeat('Что не ищут, ', 3000)")
    async with another_api(database_url, statement_timeout_seconds=0.15) as other:
        person = moved(anna, other)
        refused(await person.get("/tasks", q="найдено"), 503, "search-gave-up")
        assert len(await person.items(f"/columns/{column['id']}/tasks", fields="card")) == 50
        found = await person.read(f"/boards/{board['id']}/snapshot")
        assert len(found["tasks"]) == 400
