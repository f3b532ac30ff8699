"""The board for tasks that name no column: nobody else sees what is put there, whatever others do."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from api import Api, Json, Person
from apps import another_api
from checks import refused
from conftest import settings_for
from databases import a_database
from doska.postgres.migration import go_back, known_migrations, migrate
from log_rival import rival_on
from people import moved, promote
from tokens import script_of

DRY = {"prefer": "dry-run"}
BEFORE = 6  # the last migration that knows of no home board
OTHERS = "select count(*) from board_users where board_id = $1 and user_id <> $2"
WAYS = ["deleted", "archived", "published", "shared", "handed over", "lost"]


async def home_of(person: Person) -> Json:
    """Find the board that registering has made."""
    (home,) = await person.items("/boards", q="My tasks", archived="all")
    return home


async def put(person: Person, title: str = "Milk", **headers: str) -> httpx.Response:
    """Put a task on no board in particular."""
    return await person.send("POST", "/tasks", json={"title": title}, headers=headers)


async def board_of(person: Person) -> Json:
    """Tell on which board such a task comes to be."""
    answer = await put(person)
    assert answer.status_code == 201, answer.text
    return await person.read(f"/boards/{answer.json()['board_id']}")


async def spoil(anna: Person, board: Json, boris: Person, way: str) -> None:
    """Make a board one where others may see what is on it, or none at all."""
    path = f"/boards/{board['id']}"
    if way == "deleted":
        answer = await anna.delete(path)
    elif way in ("archived", "published"):
        name = "is_archived" if way == "archived" else "is_public"
        answer = await anna.patch(path, **{name: True})
    else:
        answer = await anna.post(f"{path}/users", user_id=boris.id, role="OBSERVER")
        if way in ("handed over", "lost"):
            answer = await anna.put(f"{path}/users/{boris.id}", role="CREATOR")
        if way == "lost":
            answer = await boris.delete(f"{path}/users/{anna.id}")
    assert answer.is_success, answer.text


async def is_private(db: asyncpg.Connection, board: Json, person: Person) -> bool:
    """Tell whether a board is somebody's alone."""
    others = await db.fetchval(OTHERS, board["id"], person.id)
    return (others, board["is_public"], board["role"]) == (0, False, "CREATOR")


async def test_it_is_the_one_that_registering_makes_whatever_older_one_is_handed_over(
    api: Api,
) -> None:
    """Seen to fail when it was the oldest of one's own."""
    mallory = await api.user()
    older = await mallory.board("Older", columns=["To do"])
    victim = await api.user()
    await mallory.invite(older, victim)
    await mallory.put(f"/boards/{older['id']}/users/{victim.id}", role="CREATOR")
    assert (await board_of(victim))["id"] == (await home_of(victim))["id"]
    await mallory.delete(f"/boards/{older['id']}/users/{mallory.id}")
    assert (await board_of(victim))["id"] == (await home_of(victim))["id"]


@pytest.mark.parametrize("way", WAYS)
async def test_where_others_could_see_it_a_new_private_one_is_made(
    api: Api, db: asyncpg.Connection, way: str
) -> None:
    """And not the next one taken. Seen to fail for each condition that was left out."""
    anna, boris = await api.user(), await api.user()
    home, public = await home_of(anna), await anna.board("Public", is_public=True, columns=["A"])
    private = await anna.board("Private", columns=["A"])
    await spoil(anna, home, boris, way)
    found = await board_of(anna)
    assert found["id"] not in (home["id"], public["id"], private["id"])
    assert (found["title"], await is_private(db, found, anna)) == ("My tasks", True)
    assert (await board_of(anna))["id"] == found["id"]


async def test_what_it_was_before_stays_as_it_is(api: Api) -> None:
    """Also when it is private again: the new one is the home board now."""
    anna = await api.user()
    home = await home_of(anna)
    task = (await put(anna)).json()
    await anna.patch(f"/boards/{home['id']}", is_archived=True)
    found = await board_of(anna)
    await anna.patch(f"/boards/{home['id']}", is_archived=False)
    assert (await board_of(anna))["id"] == found["id"] != home["id"]
    assert (await anna.read(f"/tasks/{task['id']}"))["board_id"] == home["id"]


SPOILING: dict[str, tuple[str, ...]] = {
    "published": ("update boards set is_public = true where id = $1",),
    "archived": ("update boards set archived_at = now() where id = $1",),
    "deleted": ("delete from boards where id = $1",),
    "shared": (
        """insert into board_users select gen_random_uuid(), $1, id, 'OBSERVER', now()
        from users where username = 'mallory'""",
    ),
}


@pytest.mark.parametrize("headers", [{}, DRY], ids=["done", "tried out"])
@pytest.mark.parametrize("way", SPOILING)
async def test_it_is_judged_under_the_lock(
    api: Api, db: asyncpg.Connection, database_url: str, way: str, headers: dict[str, str]
) -> None:
    """A rival spoils it while the task waits. Seen to fail when it was judged beforehand."""
    anna, _ = await api.user("anna"), await api.user("mallory")
    home = await home_of(anna)
    async with rival_on(home["id"], database_url, db) as rival:
        for sql in SPOILING[way]:
            await rival.do(sql, home["id"])
        answer = await rival.outrun(put(anna, **headers))
    if headers:
        assert [event["type"] for event in answer.json()["events"]] == ["task.created"]
        assert await db.fetchval("select count(*) from tasks") == 0
        return
    assert answer.status_code == 201, answer.text
    found = await anna.read(f"/boards/{answer.json()['board_id']}")
    assert found["id"] != home["id"]
    assert await is_private(db, found, anna)


SPOILER = """
    create function spoil() returns trigger language plpgsql as $$ begin
        if (select count(*) from boards) = 2 then
            update boards set is_public = true where id = new.home_board_id;
        end if;
        return null;
    end $$;
    create trigger spoil after update of home_board_id on users
        for each row execute function spoil()"""


@pytest.fixture
async def spoiling(db: asyncpg.Connection) -> AsyncIterator[None]:
    """Publish the second board as soon as it is a home board."""
    await db.execute(SPOILER)
    yield
    await db.execute("drop function spoil cascade")


@pytest.mark.usefixtures("spoiling")
async def test_where_it_is_spoilt_again_the_next_one_is_made(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when it was tried but once more."""
    anna = await api.user()
    await anna.patch(f"/boards/{(await home_of(anna))['id']}", is_archived=True)
    assert await is_private(db, await board_of(anna), anna)
    assert await db.fetchval("select count(*) from boards") == 3


async def test_at_the_limit_it_is_said_that_no_new_one_can_be_made(
    api: Api, database_url: str
) -> None:
    """Seen to fail when a new home board was not counted."""
    anna = await api.user()
    async with another_api(database_url, boards_per_user_max=1) as full:
        person = moved(anna, full)
        home = await home_of(person)
        await person.patch(f"/boards/{home['id']}", is_public=True)
        for headers in ({}, DRY):
            answer = await put(person, **headers)
            refused(answer, 409, "limit-reached", limit=1, of="boards of a person")
        await person.patch(f"/boards/{home['id']}", is_public=False)
        assert (await board_of(person))["id"] == home["id"]


async def test_an_administrator_sees_other_homes_and_has_one(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, root = await api.user(), await promote(db, await api.user())
    assert (await board_of(root))["role"] == "CREATOR"
    assert (await board_of(anna))["role"] == "CREATOR"


@pytest.mark.parametrize("scope", ["write", "admin"])
async def test_for_a_token_of_other_boards_there_is_no_home(
    api: Api, db: asyncpg.Connection, scope: str
) -> None:
    """Nor does it make one. Seen to fail when the next of its boards was taken."""
    anna = await promote(db, await api.user())
    home, other = await home_of(anna), await anna.board("Other", columns=["To do"])
    elsewhere = await script_of(anna, scope, board_ids=[other["id"]])
    for headers in ({}, DRY):
        refused(await put(elsewhere, **headers), 404, "not-found")
    at_home = await script_of(anna, scope, board_ids=[home["id"], other["id"]])
    assert (await board_of(at_home))["id"] == home["id"]
    await anna.patch(f"/boards/{home['id']}", is_public=True)
    refused(await put(at_home), 404, "not-found")
    assert len(await anna.items("/boards")) == 2


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


async def test_the_migration_takes_the_oldest_that_nobody_else_sees_or_none(empty: str) -> None:
    """Seen to fail for each condition that was left out."""
    settings = settings_for(empty)
    async with another_api(empty) as api:
        boris = await api.user()
        people = {way: await api.user() for way in ("kept", *WAYS)}
        homes = {way: await home_of(person) for way, person in people.items()}
        for way in WAYS:
            await spoil(people[way], homes[way], boris, way)
        second = await people["shared"].board("Second")
        await people["shared"].board("Third")
        await people["kept"].board("Second")
    await go_back(settings, BEFORE)
    assert await migrate(settings) == list(known_migrations()[BEFORE + 1 :])
    connection = await asyncpg.connect(empty)
    found = dict(await connection.fetch("select id::text, home_board_id::text from users"))
    await connection.close()
    told = {way: found[person.id] for way, person in people.items()}
    expected = dict.fromkeys(WAYS) | {"kept": homes["kept"]["id"], "shared": second["id"]}
    assert told == expected
