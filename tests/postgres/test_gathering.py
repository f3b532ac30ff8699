"""Statements that several want at the same time are sent once, and each gets what is theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from checks import refused
from doska.postgres.gathering import TOGETHER_MAX
from doska.postgres.together import fetch_together
from faults import Wire, unavailable, wired
from log_rival import Rival
from people import moved
from statements import every_connection, watching
from stream_scene import comes_true

BOARDS = 12
NEW = "Said only once the boards have been read"
TRANSACTIONS = "select count(distinct xmin::text)::int from events where type = 'task.updated'"
PLANS = """select generic_plans, custom_plans, generic_plans + custom_plans as runs
    from pg_prepared_statements where statement like '%asked_n%'"""
SECONDS_MAX = 2.0  # less than a statement may take
CUSTOM_PLANS = 5  # which PostgreSQL always tries
RENAMED = "select count(*) from events where type = 'task.updated'"


@dataclass
class Several:
    """Boards of Anna's with a task each, which she reaches by a wire that can hold her back."""

    anna: Person
    wire: Wire
    boards: list[Json]
    tasks: list[Json]

    def renames(self, title: str = NEW) -> list[asyncio.Future[httpx.Response]]:
        """Rename all tasks at once."""
        asked = (self.anna.patch(f"/tasks/{task['id']}", title=title) for task in self.tasks)
        return [asyncio.ensure_future(one) for one in asked]

    async def titles(self) -> list[str]:
        return [(await self.anna.read(f"/tasks/{task['id']}"))["title"] for task in self.tasks]


async def boards_of(person: Person, count: int) -> tuple[list[Json], list[Json]]:
    boards = [await person.board() for _ in range(count)]
    return boards, [await person.task(await person.column(board)) for board in boards]


@asynccontextmanager
async def several(api: Api, url: str, **settings: object) -> AsyncIterator[Several]:
    """All of them have written and read here before: only then they go together."""
    async with wired(api, url, **settings) as (anna, wire):
        found = Several(anna, wire, *await boards_of(anna, BOARDS))
        for title in ("Before", "As it was"):
            assert {(await one).status_code for one in found.renames(title)} == {200}
        yield found


async def all_of(*requests: asyncio.Future[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in await asyncio.gather(*requests)]


async def test_who_reads_at_the_same_time_reads_in_one_statement(api: Api) -> None:
    """Seen to fail when each is asked alone."""
    anna = await api.user()
    column = await anna.column(await anna.board())
    tasks = [await anna.task(column) for _ in range(20)]
    async with watching() as sent:
        answers = await asyncio.gather(*(anna.get(f"/tasks/{task['id']}") for task in tasks))
    assert [answer.json() for answer in answers] == tasks
    assert sum("sessions" in sql for sql in sent) == 1  # without what a driver asks about types


async def test_of_those_who_read_together_each_is_judged_alone(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when answers are told by their order instead of by their number."""
    anna, boris, carol, dora, elena = [await api.user() for _ in range(5)]
    board = await anna.board()
    column = await anna.column(board)
    task, other = await anna.task(column), await anna.task(column)
    await anna.invite(board, boris, role="OBSERVER")
    await anna.invite(board, elena, role="MODERATOR")
    await db.execute("update users set is_active = false where id = $1", dora.id)
    signed_out = Person(api, elena.me)
    signed_out.client.cookies = httpx.Cookies(elena.client.cookies)
    assert (await elena.post("/auth/logout")).status_code == 204
    asking = [dora, boris, signed_out, carol, anna, dora]
    paths = [f"/tasks/{one['id']}" for one in (task, other)]
    answers = await asyncio.gather(*(one.get(path) for one in asking for path in paths))
    assert [answer.status_code for answer in answers] == [
        status for status in (401, 200, 401, 404, 200, 401) for _ in paths
    ]
    read = [answer.json() for answer in answers if answer.status_code == 200]
    assert read == [task, other, task, other]


async def test_who_writes_on_other_boards_at_the_same_time_writes_in_one_statement(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when each is written alone."""
    async with several(api, database_url) as found:
        before = await db.fetchval(TRANSACTIONS)
        assert await all_of(*found.renames()) == [200] * BOARDS
        assert await db.fetchval(TRANSACTIONS) == before + 1
        assert await found.titles() == [NEW] * BOARDS
        for board in found.boards:
            news = await found.anna.items(f"/boards/{board['id']}/events", after=board["seq"])
            assert [event["type"] for event in news][-3:] == ["task.updated"] * 3
            assert [event["seq"] for event in news] == list(range(2, len(news) + 2))


async def test_new_tasks_and_moves_of_several_go_where_they_belong(api: Api) -> None:
    """Seen to fail when a list had a name that a statement means something else by."""
    anna = await api.user()
    _, tasks = await boards_of(anna, BOARDS)
    ids = [task["column_id"] for task in tasks]
    made: list[httpx.Response] = []
    for _ in range(2):  # the first time each waits for who knows nothing of the board yet
        made = await asyncio.gather(
            *(anna.post("/tasks", column_id=column_id, title=column_id) for column_id in ids)
        )
        assert [answer.status_code for answer in made] == [201] * BOARDS
        assert [answer.json()["column_id"] for answer in made] == ids
    new = [answer.json()["id"] for answer in made]
    await asyncio.gather(
        *(
            anna.post(f"/tasks/{new_id}/move", before=task["id"])
            for new_id, task in zip(new, tasks, strict=True)
        )
    )
    for task, new_id in zip(tasks, new, strict=True):
        listed = await anna.items(f"/columns/{task['column_id']}/tasks")
        assert [one["id"] for one in listed][:2] == [new_id, task["id"]]
        assert [one["number"] for one in listed] == [3, 1, 2]


async def test_what_the_database_refuses_to_one_it_refuses_to_nobody_else(
    api: Api, database_url: str
) -> None:
    """Seen to fail when all of a group are told what one is told."""
    async with several(api, database_url) as found:
        ids = [None, found.tasks[0]["id"], *[None] * (BOARDS - 2)]
        new = [
            {"column_id": task["column_id"], "title": "New"} | ({"id": one} if one else {})
            for task, one in zip(found.tasks, ids, strict=True)
        ]
        answers = await asyncio.gather(*(found.anna.post("/tasks", **body) for body in new))
        refused(answers[1], 409, "already-exists")
        assert [answer.status_code for answer in answers] == [201, 409, *[201] * (BOARDS - 2)]


async def test_whose_board_has_changed_meanwhile_is_looked_at_again_alone(
    api: Api, database_url: str
) -> None:
    """Seen to fail when a group is written as a whole or not at all."""
    async with several(api, database_url) as found:
        other, path = moved(found.anna, api), f"/tasks/{found.tasks[3]['id']}"
        found.wire.hold_request(NEW.encode())
        asked = found.renames()
        await found.wire.held.wait()
        assert (await other.patch(path, description="Meanwhile")).status_code == 200
        found.wire.let_go()
        assert await all_of(*asked) == [200] * BOARDS
        after = await other.read(path)
    assert (after["title"], after["description"]) == (NEW, "Meanwhile")


async def test_of_those_who_write_together_each_is_judged_as_it_is_written(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the sign-in of one is asked for all."""
    async with several(api, database_url) as found:
        boris = await api.user()
        for board in found.boards[:2]:
            await found.anna.invite(board, boris, role="MODERATOR")
        twin = moved(boris, found.anna.api)
        paths = [f"/tasks/{task['id']}" for task in found.tasks]
        for path in paths[:2]:
            assert (await twin.patch(path, title="His")).status_code == 200
        found.wire.hold_request(NEW.encode())
        asked = [asyncio.ensure_future(twin.patch(path, title=NEW)) for path in paths[:2]]
        asked += [asyncio.ensure_future(found.anna.patch(path, title=NEW)) for path in paths[2:]]
        await found.wire.held.wait()
        await db.execute("update users set is_active = false where id = $1", boris.id)
        found.wire.let_go()
        assert await all_of(*asked) == [401] * 2 + [200] * (BOARDS - 2)
        assert await found.titles() == ["His"] * 2 + [NEW] * (BOARDS - 2)


async def test_whether_a_group_was_written_before_the_connection_broke_nobody_guesses(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when it is done again."""
    async with several(api, database_url) as found:
        before = await db.fetchval(RENAMED)
        found.wire.lose_answer(NEW.encode())
        for answer in await asyncio.gather(*found.renames()):
            unavailable(answer)
    assert await db.fetchval(RENAMED) == before + BOARDS


async def test_who_gives_up_takes_nobody_along_and_is_told_of(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when nobody was told of what was written for whoever had gone."""
    async with several(api, database_url) as found:
        heard: list[str] = []
        await db.add_listener("doska", lambda *notice: heard.append(notice[-1]))
        found.wire.hold_request(NEW.encode())
        asked = found.renames()
        await found.wire.held.wait()
        asked[5].cancel()
        await asyncio.sleep(0)
        found.wire.let_go()
        done = await asyncio.gather(*asked, return_exceptions=True)
        assert [getattr(one, "status_code", 0) for one in done].count(200) == BOARDS - 1
        assert await found.titles() == [NEW] * BOARDS
        board = await found.anna.read(f"/boards/{found.boards[5]['id']}")
        await comes_true(lambda: any(f"{board['id']}:{board['seq']}" in one for one in heard))


async def test_nobody_waits_long_for_others_on_another_board(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when who asks for the same waits until it ends."""
    anna, boris = [await api.user() for _ in range(2)]
    (_, [hers]), (_, [his]) = [await boards_of(one, 1) for one in (anna, boris)]
    rival = await asyncpg.connect(database_url)
    try:
        async with rival.transaction():
            await rival.execute("select from users where id = $1 for update", anna.id)
            waits = anna.post("/tasks", column_id=hers["column_id"], title="Hers")
            hers_waits = asyncio.ensure_future(waits)
            await Rival(rival, db).is_waited_for(hers_waits)
            made = await boris.post("/tasks", column_id=his["column_id"], title="His")
            assert made.status_code == 201
            assert not hers_waits.done()
        assert (await hers_waits).status_code == 201
    finally:
        await rival.close()


@pytest.mark.usefixtures("api")  # which opens the pool
async def test_who_is_one_too_many_for_a_group_does_not_wait_for_it(db: asyncpg.Connection) -> None:
    """Seen to fail when nothing let those go who were left, unless somebody else asked."""
    sql = "select pg_advisory_xact_lock($1::bigint)::text as took"
    numbers = range(1, TOGETHER_MAX + 4)
    async with db.transaction():
        await db.execute("select pg_advisory_xact_lock(1)")
        asked = [asyncio.ensure_future(fetch_together(sql, number)) for number in numbers]
        async with asyncio.timeout(SECONDS_MAX):
            await asyncio.gather(*asked[TOGETHER_MAX:])
        assert not any(one.done() for one in asked[:TOGETHER_MAX])
    assert [row and row["took"] for row in await asyncio.gather(*asked)] == [""] * len(asked)


ODD = ['a"b', "back\\slash", "a,b", "{a}", "", "NULL", "два слова", "it's", '\\"']


@pytest.mark.usefixtures("api")  # which opens the pool
async def test_where_one_gives_a_list_several_give_theirs() -> None:
    """Whatever is in it. Seen to fail when only ids could be listed: others were asked alone."""
    lists = [ODD, [], [ODD[0]], None, ODD[::-1]]
    sql = "select $1::text[] as given, cardinality($1::text[]) as count"

    async def given() -> list[list[str] | None]:
        rows = await asyncio.gather(*(fetch_together(sql, one) for one in lists))
        return [row and row["given"] for row in rows]

    assert await given() == lists  # at first PostgreSQL is asked for the types
    async with watching() as sent:
        assert await given() == lists
    assert len(sent) == 1


async def test_comments_of_several_name_whom_they_name(api: Api) -> None:
    anna = await api.user()
    _, tasks = await boards_of(anna, 4)
    username = (anna.me or {})["username"]
    texts = [f"@{username}, look", "Nobody", "@nobody-of-that-name", f"For @{username}"]
    for _ in range(2):
        answers = await asyncio.gather(
            *(
                anna.post("/comments", task_id=task["id"], body=text)
                for task, text in zip(tasks, texts, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [201] * 4
        assert [answer.json()["body"] for answer in answers] == texts
        named = [[one["user"]["id"] for one in answer.json()["mentions"]] for answer in answers]
        assert named == [[anna.id], [], [], [anna.id]]


async def test_what_several_want_is_planned_once_for_any_values(api: Api) -> None:
    """Seen to fail when PostgreSQL expected as many of each list as of any: it planned anew."""
    anna = await api.user()
    _, tasks = await boards_of(anna, 4)
    for number in range(12):
        await asyncio.gather(*(anna.get(f"/tasks/{task['id']}") for task in tasks))
        await asyncio.gather(
            *(anna.patch(f"/tasks/{task['id']}", title=f"New {number}") for task in tasks)
        )
    async with every_connection() as connections:
        found = [row for connection in connections for row in await connection.fetch(PLANS)]
    assert {row["generic_plans"] > 0 for row in found if row["runs"] > CUSTOM_PLANS} == {True}
    assert max(row["custom_plans"] for row in found) <= CUSTOM_PLANS
